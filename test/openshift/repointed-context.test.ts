import { readFileSync, renameSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { describeFailure } from '../../activities/boundary.ts';
import type { TenantRef } from '../../src/domain/tenant/tenant.ts';
import type { TenantApi } from '../../src/openshift/tenant-api.ts';
import { repointed } from '../support/repointed.ts';
import type { SimulatedClusters } from '../support/simulated-clusters.ts';
import { openClusters } from '../support/simulated-clusters.ts';

let lab: SimulatedClusters;
let whole: string;
let onA: TenantRef;
beforeAll(async () => {
  lab = await openClusters({ clusters: 2 });
  for (const name of ['sim1', 'sim2']) await lab.simulator.install(name, 'tenant');
  whole = readFileSync(lab.kubeconfig, 'utf8');
  onA = lab.clusters.tenant('sim1', 'tenant');
});
afterAll(() => lab.close());
afterEach(() => {
  write(whole);
  for (const { faults } of lab.simulator.clusters) faults.clear();
});

const write = (text: string): void => {
  writeFileSync(lab.kubeconfig, text);
};
const repoint = (): void => {
  write(repointed(whole, 'sim1', 'sim2'));
};
const leadsElsewhere = (): string =>
  `context sim1 leads to ${lab.clusters.tenant('sim1', 'tenant').cluster} now, not to ${onA.cluster}`;

let count = 0;
/** Leaves a trace, and says on which of the clusters. */
async function writeBy(api: TenantApi): Promise<string[]> {
  const name = `trace-${(count += 1)}`;
  await api.create('configmaps', { metadata: { name } });
  return clustersWith(name);
}

function clustersWith(name: string): string[] {
  return lab.simulator.clusters
    .filter(({ audit }) => audit.writes().some((entry) => entry.name === name))
    .map((cluster) => cluster.name);
}

const failureOf = (work: () => unknown): unknown => {
  try {
    return { was: work() };
  } catch (error) {
    return error;
  }
};

test('a tenant whose context leads elsewhere now is not opened, though another one opened that context before', () => {
  lab.clusters.open(onA);
  repoint();
  const onB = lab.clusters.tenant('sim1', 'tenant');
  expect(onB.cluster).not.toBe(onA.cluster);
  lab.clusters.open(onB);
  const error = failureOf(() => lab.clusters.open(onA));
  expect(error).toMatchObject({ name: 'KubeconfigError', message: leadsElsewhere(), isPassing: false });
  expect(describeFailure(error)).toMatchObject({ type: 'UnknownContext' });
});

test('a context that the worker’s kubeconfig does not have is said of the worker’s, not of one that was typed', () => {
  const fresh = lab.clusters.copy();
  const error = failureOf(() => fresh.open({ ...onA, context: 'prod' }));
  expect(error).toHaveProperty('message', expect.stringMatching(/^the kubeconfig has no context prod; /));
  const { type, message, hint } = describeFailure(error);
  expect(type).toBe('UnknownContext');
  expect(message).toMatch(/^the kubeconfig of the worker that runs it has no context prod; it has: sim1,/);
  expect(hint).toMatch(/^Give that worker a kubeconfig that has prod/);
});

test('what was opened before goes on with its own cluster, and nothing else', async () => {
  const before = lab.clusters.open(onA);
  expect(await writeBy(before)).toEqual(['sim1']);
  repoint();
  const after = lab.clusters.open(lab.clusters.tenant('sim1', 'tenant'));
  expect(await writeBy(before)).toEqual(['sim1']);
  expect(await writeBy(after)).toEqual(['sim2']);
  write(whole);
  expect(await writeBy(lab.clusters.open(onA))).toEqual(['sim1']);
  expect(await writeBy(after)).toEqual(['sim2']);
});

test('requests that are under way while the file changes end well, where they were sent', async () => {
  lab.simulator.cluster('sim1').faults.onRequest({ user: 'sim1-admin' }, { kind: 'latency', ms: 300 });
  const before = lab.clusters.open(onA);
  const underWay = Array.from({ length: 8 }, () => writeBy(before));
  repoint();
  lab.clusters.open(lab.clusters.tenant('sim1', 'tenant'));
  const late = writeBy(before);
  expect(await Promise.all([...underWay, late])).toEqual(Array.from({ length: 9 }, () => ['sim1']));
});

test('a file that is replaced within one tick of the clock counts as another one', () => {
  lab.clusters.open(onA);
  const { atime, mtime } = statSync(lab.kubeconfig);
  const next = `${lab.kubeconfig}.next`;
  writeFileSync(next, repointed(whole, 'sim1', 'sim2'));
  utimesSync(next, atime, mtime);
  renameSync(next, lab.kubeconfig);
  expect(statSync(lab.kubeconfig).mtime).toEqual(mtime);
  expect(() => lab.clusters.open(onA)).toThrow(leadsElsewhere());
});

test.each([
  ['empty', () => ''],
  ['cut within a cluster', () => whole.slice(0, 200)],
  ['cut before the contexts', () => whole.slice(0, whole.indexOf('contexts:'))],
  ['cut before the users', () => withUsersLast().slice(0, withUsersLast().indexOf('users:'))],
  ['cut within a token', () => withUsersLast().trimEnd().slice(0, -3)],
])('a kubeconfig that is half written (%s) is read again, and nobody is asked to decide', (_, half) => {
  lab.clusters.open(onA);
  write(half());
  const error = failureOf(() => lab.clusters.open(onA));
  expect(error).toMatchObject({ name: 'KubeconfigError', isPassing: true });
  expect(describeFailure(error)).toMatchObject({ type: 'Unreachable' });
  write(whole);
  expect(lab.clusters.open(onA).namespace).toBe('tenant');
});

/** As `oc` orders it. */
function withUsersLast(): string {
  const [from, to] = [whole.indexOf('users:'), whole.indexOf('contexts:')];
  return whole.slice(0, from) + whole.slice(to) + whole.slice(from, to);
}

test('a kubeconfig that is not there for a moment is looked for again', () => {
  lab.clusters.open(onA);
  renameSync(lab.kubeconfig, `${lab.kubeconfig}.away`);
  expect(failureOf(() => lab.clusters.open(onA))).toMatchObject({ isPassing: true });
  renameSync(`${lab.kubeconfig}.away`, lab.kubeconfig);
  expect(lab.clusters.open(onA).namespace).toBe('tenant');
});

test('one that was never right is wrong, and said so at once', () => {
  write('clusters: [\n');
  const fresh = lab.clusters.copy();
  expect(failureOf(() => fresh.contexts())).toMatchObject({ name: 'KubeconfigError', isPassing: false });
});
