import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { waitForRollout } from '../../src/procedure/rollout.ts';
import { OpenShiftError } from '../../src/openshift/api-error.ts';
import { RolloutWatch, RolloutWatches } from '../../src/openshift/rollout-watch.ts';
import type { TenantApi } from '../../src/openshift/tenant-api.ts';
import type { DeploymentConfig } from '../../src/openshift/types.ts';
import type { SimulatedClusters } from '../support/simulated-clusters.ts';
import { openClusters } from '../support/simulated-clusters.ts';

const NAMES = ['backend-listener', 'backend-worker', 'zync'];

let lab: SimulatedClusters;
beforeAll(async () => {
  lab = await openClusters({ timing: { rolloutMs: 300, hookMs: 5, importMs: 5, terminationMs: 5 } });
});
afterAll(() => lab.close());

let count = 0;
async function installed() {
  const namespace = `tenant-${(count += 1)}`;
  await lab.simulator.install('sim1', namespace);
  const cluster = lab.simulator.cluster('sim1');
  await cluster.settle();
  const tenant = lab.clusters.tenant('sim1', namespace);
  const watches = new RolloutWatches((one, signal) => lab.clusters.open(one, signal));
  return { namespace, cluster, tenant, watches, api: lab.clusters.open(tenant) };
}

/** A change of the template, which rolls by itself; as the cluster answers it. */
const change = (api: TenantApi, name: string): Promise<DeploymentConfig> =>
  api.patch('deploymentconfigs', name, [
    { op: 'add', path: '/spec/template/metadata/labels/changed', value: 'yes' },
  ]);

test('one list and one watch of either kind serve all rollouts of a tenant', async () => {
  const { namespace, cluster, tenant, watches, api } = await installed();
  cluster.audit.clear();
  const versions = await Promise.all(
    NAMES.map(async (name) =>
      waitForRollout(api, await change(api, name), { rollouts: () => watches.of(tenant) }),
    ),
  );
  expect(versions).toEqual([2, 2, 2]);
  expect(cluster.audit.requests(namespace)).toEqual({ reads: 4, writes: NAMES.length });
});

test('where no watch of replication controllers is to be had, they are listed now and then', async () => {
  const { namespace, cluster, tenant, watches, api } = await installed();
  const path = /\/replicationcontrollers$/;
  const refused = cluster.faults.onRequest({ path, namespace }, { kind: 'gone' });
  const changed = await change(api, 'zync');
  expect(await waitForRollout(api, changed, { rollouts: () => watches.of(tenant) })).toBe(2);
  expect(refused.hits).toBeGreaterThan(0);
});

test('what fails to be read fails for all who wait, and is watched anew for who comes next', async () => {
  const { namespace, cluster, tenant, watches, api } = await installed();
  const changed = await Promise.all(NAMES.map((name) => change(api, name)));
  const gone = cluster.faults.onRequest(
    { path: /\/deploymentconfigs$/, namespace },
    { kind: 'status', code: 403, reason: 'Forbidden' },
  );
  const waiting = changed.map((config) =>
    waitForRollout(api, config, { rollouts: () => watches.of(tenant) }),
  );
  for (const one of await Promise.allSettled(waiting))
    expect(one).toMatchObject({ status: 'rejected', reason: { kind: 'Forbidden' } });
  gone.remove();
  const [first] = changed;
  if (!first) throw new Error('nothing was changed');
  expect(await waitForRollout(api, first, { rollouts: () => watches.of(tenant) })).toBe(2);
});

test('whoever is told to stop waits no longer, and the others go on', async () => {
  const { tenant, watches, api } = await installed();
  const [one, other] = await Promise.all([change(api, 'zync'), change(api, 'backend-worker')]);
  const stop = new AbortController();
  const stopped = waitForRollout(api.endedBy(stop.signal), one, { rollouts: () => watches.of(tenant) });
  const goesOn = waitForRollout(api, other, { rollouts: () => watches.of(tenant) });
  stop.abort(new Error('stopped'));
  await expect(stopped).rejects.toThrow('stopped');
  expect(await goesOn).toBe(2);
});

interface Scripted {
  readonly watch: RolloutWatch;
  /** Shows these, as a watch does. */
  show(...configs: readonly DeploymentConfig[]): void;
}

/** A watch of DeploymentConfigs as scripted; nothing is told of replication controllers. */
function scripted(): Scripted {
  let told: (configs: ReadonlyMap<string, DeploymentConfig>) => void = () => undefined;
  const followAll = async function* (resource: string) {
    while (resource === 'deploymentconfigs')
      yield await new Promise<ReadonlyMap<string, DeploymentConfig>>((resolve) => (told = resolve));
    await new Promise(() => undefined);
  };
  const open = () => ({ followAll }) as unknown as Pick<TenantApi, 'followAll'>;
  return {
    watch: new RolloutWatch(open, () => undefined),
    show: (...configs) => {
      told(new Map(configs.map((config) => [config.metadata.name, config])));
    },
  };
}

const config = (resourceVersion: string, uid = 'one'): DeploymentConfig => ({
  metadata: { name: 'zync', uid, resourceVersion },
  spec: { replicas: 1, template: { spec: { containers: [] } } },
});
const versionOf = ({ value }: IteratorResult<DeploymentConfig | undefined>): string | undefined =>
  value?.metadata.resourceVersion;
const nothingIsRead = {
  signal: undefined,
  get: () => Promise.reject(new OpenShiftError('Unreachable', 0, 'nothing is to be read')),
};

test('what was seen before the caller wrote it is not shown', async () => {
  const { watch, show } = scripted();
  const following = watch.follow(config('9'), nothingIsRead);
  expect(versionOf(await following.next())).toBe('9');
  const next = following.next();
  show(config('8'));
  // 10 is later than 9, though not as a text.
  await new Promise(setImmediate);
  show(config('10'));
  expect(versionOf(await next)).toBe('10');
  await following.return(undefined);
});

test('what is not there, or is another one of its name, is for the cluster to tell', async () => {
  const { watch, show } = scripted();
  const answers = [config('12', 'another'), undefined];
  const api = { signal: undefined, get: () => Promise.resolve(answers.shift() as never) };
  const following = watch.follow(config('9'), api);
  await following.next();
  const next = following.next();
  show();
  expect(versionOf(await next)).toBe('12');
  const last = following.next();
  show(config('13', 'a third'));
  expect(await last).toEqual({ done: false, value: undefined });
  await following.return(undefined);
});

test('those who look at the pods at the same time look once, and whoever looks later looks anew', async () => {
  const { watch } = scripted();
  let looks = 0;
  const api = { list: () => Promise.resolve([(looks += 1)] as never) };
  const [one, other] = await Promise.all([watch.pods(api), watch.pods(api)]);
  expect([looks, other]).toEqual([1, one]);
  jest.spyOn(performance, 'now').mockReturnValue(performance.now() + 60_000);
  await watch.pods(api);
  jest.restoreAllMocks();
  expect(looks).toBe(2);
});
