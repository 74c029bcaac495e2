import type { Client } from '@temporalio/client';
import type { TenantProgress } from '../../src/domain/tenant/progress.ts';
import type { Activity, Life } from '../oracles/evidence.ts';
import type { Tenant } from './tenant.ts';

type History = Awaited<ReturnType<ReturnType<Client['workflow']['getHandle']>['fetchHistory']>>;
type Event = NonNullable<History['events']>[number];

/** Every execution of a tenant's workflow that Temporal knows, oldest first. */
export async function livesOf(client: Client, { workflowId }: Tenant): Promise<Life[]> {
  const lives: Life[] = [];
  for await (const { runId, status, startTime } of client.workflow.list({
    query: `WorkflowId = '${workflowId}'`,
  })) {
    const handle = client.workflow.getHandle(workflowId, runId);
    const { events } = await handle.fetchHistory();
    const progress =
      status.name === 'COMPLETED'
        ? ((await handle.result()) as TenantProgress)
        : status.name === 'RUNNING'
          ? await handle.query<TenantProgress>('progress').catch(() => undefined)
          : undefined;
    const [last] = (events ?? []).slice(-1);
    lives.push({
      runId,
      status: status.name,
      startedAt: startTime.getTime(),
      closedAt: status.name === 'RUNNING' ? undefined : timeOf(last),
      activities: activitiesOf(events ?? []),
      progress,
    });
  }
  return lives.sort((a, b) => a.startedAt - b.startedAt);
}

function activitiesOf(events: readonly Event[]): Activity[] {
  const open = new Map<string, { -readonly [K in keyof Activity]: Activity[K] }>();
  for (const event of events) {
    const {
      activityTaskScheduledEventAttributes: scheduled,
      activityTaskStartedEventAttributes: started,
      activityTaskCompletedEventAttributes: completed,
      activityTaskFailedEventAttributes: failed,
      activityTaskTimedOutEventAttributes: timedOut,
      activityTaskCanceledEventAttributes: canceled,
    } = event;
    if (scheduled)
      open.set(String(event.eventId), {
        type: scheduled.activityType?.name ?? '',
        ...inputOf(scheduled.input?.payloads?.[0]?.data),
        scheduledAt: timeOf(event),
        startedAt: undefined,
        attempt: 0,
        identity: undefined,
        closedAt: undefined,
      });
    const activity = started && open.get(String(started.scheduledEventId));
    if (activity) {
      activity.startedAt = timeOf(event);
      activity.identity = started.identity ?? undefined;
      activity.attempt = started.attempt ?? 0;
    }
    const closed = completed ?? failed ?? timedOut ?? canceled;
    const ended = closed && open.get(String(closed.scheduledEventId));
    if (ended) ended.closedAt = timeOf(event);
  }
  return [...open.values()];
}

function inputOf(data: Uint8Array | null | undefined): Pick<Activity, 'stepId' | 'names'> {
  try {
    const input = JSON.parse(Buffer.from(data ?? []).toString('utf8')) as {
      step?: { id?: string };
      deploymentConfig?: string;
    };
    // Of one that is about one DeploymentConfig of many, only that one's name.
    const about = input.deploymentConfig ?? input.step;
    return { stepId: input.step?.id, names: textsIn(about) };
  } catch {
    return { stepId: undefined, names: [] };
  }
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

function timeOf(event: Event | undefined): number {
  const { seconds = 0, nanos = 0 } = event?.eventTime ?? {};
  return Number(seconds ?? 0) * 1_000 + Math.floor((nanos ?? 0) / 1e6);
}
