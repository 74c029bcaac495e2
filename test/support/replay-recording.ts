import { createApiHandler } from '../../simulator/api/handler.ts';
import type { ApiHandler } from '../../simulator/api/handler.ts';
import type { ApiAnswer } from '../../simulator/api/types.ts';
import { createCluster } from '../../simulator/create-cluster.ts';
import type { Cluster } from '../../simulator/cluster.ts';
import { MASTERS } from '../../simulator/identities.ts';
import { createNamespace } from '../../simulator/index.ts';
import { RECORDED_GRANTS } from '../../simulator/recorded-identities.ts';
import type { RecordedRequest, Recording } from './recordings.ts';
import type { Bindings } from './same-as-recorded.ts';
import { differences } from './same-as-recorded.ts';

/** A cluster as it was when the answers were recorded. */
export interface RecordedWorld {
  readonly cluster: Cluster;
  readonly handler: ApiHandler;
}

export interface RecordedWorldOptions {
  readonly importer?: 'imports' | 'mappings';
  /** Rollouts that nobody waits for are still under way however long a machine at work takes over the next request. */
  readonly rolloutsLast?: boolean;
}

export function recordedWorld({
  importer = 'mappings',
  rolloutsLast = false,
}: RecordedWorldOptions = {}): RecordedWorld {
  const cluster = createCluster({
    name: 'sim1',
    router: false,
    importer,
    appsDomain: 'apps.example.test',
    timing: { rolloutMs: rolloutsLast ? 600_000 : 40, hookMs: 20, importMs: 5, terminationMs: 4 },
  });
  createNamespace(cluster, 'tenant');
  createNamespace(cluster, 'default');
  cluster.identities.addToken('admin', { user: 'admin', groups: [MASTERS] });
  for (const grant of RECORDED_GRANTS) {
    cluster.identities.addToken(grant.user, { user: grant.user, groups: [] });
    cluster.identities.grant(grant);
  }
  return { cluster, handler: createApiHandler(cluster) };
}

function tokenOf(as: string): string {
  const account = /^serviceaccount (\w+)/.exec(as)?.[1];
  if (account) return `system:serviceaccount:tenant:${account}`;
  return as === 'system:masters' ? 'admin' : 'wrong';
}

export function send(
  world: RecordedWorld,
  request: RecordedRequest,
  as: string,
  bindings: Bindings,
): ApiAnswer {
  const current = String(world.cluster.store.resourceVersion);
  const url = new URL(bindings.substitute(request.path, current), 'https://localhost');
  const { body } = request;
  const text =
    body === null || body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
  return world.handler.handle({
    method: request.method,
    path: url.pathname,
    query: url.searchParams,
    headers: { authorization: `Bearer ${tokenOf(as)}`, ...request.headers },
    body: bindings.substitute(text, current),
  });
}

const PLURALS: Readonly<Record<string, string>> = {
  Route: 'apis/route.openshift.io/v1/namespaces/tenant/routes',
  ImageStream: 'apis/image.openshift.io/v1/namespaces/tenant/imagestreams',
  DeploymentConfig: 'apis/apps.openshift.io/v1/namespaces/tenant/deploymentconfigs',
  Secret: 'api/v1/namespaces/tenant/secrets',
  ConfigMap: 'api/v1/namespaces/tenant/configmaps',
  Service: 'api/v1/namespaces/tenant/services',
  Pod: 'api/v1/namespaces/tenant/pods',
};

/** Between two requests the real controllers had time to act, but no rollout to end. */
export async function turn(): Promise<void> {
  for (let i = 0; i < 5; i += 1) await new Promise(setImmediate);
}

/** Puts a recording's world up: its objects, then its steps. */
export async function prepare(
  world: RecordedWorld,
  recording: Recording,
  bindings: Bindings,
): Promise<string[]> {
  const problems: string[] = [];
  for (const given of recording.given) {
    const kind = (given as { kind: string }).kind;
    const answer = send(
      world,
      { method: 'POST', path: `/${PLURALS[kind] ?? kind}`, body: given },
      'system:masters',
      bindings,
    );
    if (answer.status !== 201)
      problems.push(`given ${kind}: ${answer.status} ${JSON.stringify(answer.body)}`);
    await (recording.given_settled ? world.cluster.settle() : turn());
  }
  for (const step of recording.steps) {
    const answer = send(world, step, step.as ?? 'system:masters', bindings);
    if (step.status !== undefined && answer.status !== step.status) {
      problems.push(
        `step ${step.method} ${step.path}: expected ${step.status}, got ${answer.status} ${JSON.stringify(answer.body).slice(0, 300)}`,
      );
    }
    if (recording.given_settled) await world.cluster.settle();
  }
  return problems;
}

/** Sends the recorded request and compares the answer. */
export function compareAnswer(world: RecordedWorld, recording: Recording, bindings: Bindings): string[] {
  const answer = send(world, recording.request, recording.as, bindings);
  return compare(recording, answer, bindings);
}

export function compare(
  { response }: Pick<Recording, 'response'>,
  answer: ApiAnswer,
  bindings: Bindings,
): string[] {
  if (answer.status !== response.status) {
    return [
      `status: expected ${response.status}, got ${answer.status} ${JSON.stringify(answer.body).slice(0, 400)}`,
    ];
  }
  // Of several Warning headers the recorder kept the last one it met.
  const warning =
    response.headers.warning === answer.headers?.warning ||
    (response.headers.warning !== undefined && answer.headers?.warning?.includes(response.headers.warning))
      ? []
      : [`warning: expected ${String(response.headers.warning)}, got ${String(answer.headers?.warning)}`];
  const body = JSON.parse(JSON.stringify(answer.body ?? '')) as unknown;
  return [...warning, ...mediaType(response, answer), ...differences(response.body, body, bindings)];
}

/** The server says JSON where the answer does not say what it is; a client that asked for protobuf gets JSON here. */
function mediaType({ headers, body }: Recording['response'], answer: ApiAnswer): string[] {
  const recorded = headers['content-type'];
  if (recorded === undefined || body === '' || recorded.includes('protobuf')) return [];
  const actual = answer.headers?.['content-type'] ?? 'application/json';
  return actual === recorded ? [] : [`content-type: expected ${recorded}, got ${actual}`];
}
