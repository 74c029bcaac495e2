import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { Context } from '@temporalio/activity';
import type { WorkflowHandle } from '@temporalio/client';
import proto from '@temporalio/proto';

/** How much of each kind, the most of it first. */
export type Counts = readonly (readonly [string, number])[];

/** Requests as an HTTP client announces them. */
interface Announced {
  readonly request: { readonly method: string; readonly path: string };
}

const CHANNEL = 'undici:request:create';

/**
 * What the activities of a worker in this process ask clusters for meanwhile: by activity, and by verb and resource. (Their
 * requests are announced where they are made, so that it is known which activity makes them.)
 */
export async function requestsOf(
  work: () => Promise<void>,
): Promise<{ readonly byActivity: Counts; readonly byKind: Counts }> {
  const activities: string[] = [];
  const kinds: string[] = [];
  const note = (message: unknown): void => {
    const { method, path } = (message as Announced).request;
    activities.push(activityNow() ?? 'others');
    kinds.push(`${verbOf(method, path)} ${resourceOf(path)}`);
  };
  subscribe(CHANNEL, note);
  try {
    await work();
  } finally {
    unsubscribe(CHANNEL, note);
  }
  return { byActivity: counted(activities), byKind: counted(kinds) };
}

function activityNow(): string | undefined {
  try {
    return Context.current().info.activityType;
  } catch {
    return undefined;
  }
}

const READS = { one: 'get', all: 'list', watch: 'watch' } as const;
const WRITES: Readonly<Record<string, string>> = { POST: 'create', PATCH: 'patch', DELETE: 'delete' };

function verbOf(method: string, path: string): string {
  if (method !== 'GET') return WRITES[method] ?? method;
  if (path.includes('watch=true')) return READS.watch;
  const isNamed = /\/namespaces\/[^/?]+(\/[^/?]+\/[^/?]+)?$/.test(path);
  return isNamed ? READS.one : READS.all;
}

/** `deploymentconfigs` of `/apis/…/namespaces/shop/deploymentconfigs/zync`. */
function resourceOf(path: string): string {
  const [, resource] = /\/namespaces\/[^/?]+\/([^/?]+)|\/([^/]+)\/[^/?]+$/.exec(path) ?? [];
  const [last = path] = path.split('/').slice(-1);
  return resource ?? (path.includes('/namespaces/') ? 'namespaces' : last);
}

/** The events of a workflow's history, by type. */
export async function eventsOf(handle: WorkflowHandle): Promise<Counts> {
  const { events } = await handle.fetchHistory();
  const names = proto.temporal.api.enums.v1.EventType;
  return counted(
    (events ?? []).map(({ eventType }) =>
      (names[eventType ?? 0] ?? 'unknown').replace('EVENT_TYPE_', '').toLowerCase().replaceAll('_', ' '),
    ),
  );
}

export const sumOf = (counts: Counts): number => counts.reduce((sum, [, count]) => sum + count, 0);

function counted(all: readonly string[]): Counts {
  const of = new Map<string, number>();
  for (const one of all) of.set(one, (of.get(one) ?? 0) + 1);
  return [...of].sort(([, one], [, other]) => other - one);
}
