/** Issue 12, fault 1: what stands in the way of an abort holds the tenant; nobody has decided to abandon it. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Snapshot } from '../../src/cli/demo/snapshot.ts';
import { compareSnapshots, takeSnapshot } from '../../src/cli/demo/snapshot.ts';
import { patchObject } from '../support/edit-object.ts';
import type { Handle, Lab } from '../support/lab.ts';
import { openLab, settled } from '../support/lab.ts';
import { aborted, decided, pausedAfter } from '../support/mid-upgrade.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await openLab();
});
afterAll(() => lab.close());

interface Obstacle {
  readonly name: string;
  readonly make: (namespace: string) => Promise<() => Promise<void> | void>;
  readonly type: string;
  readonly says: string;
}

const setHost = (namespace: string, host: string) =>
  patchObject(lab, namespace, 'routes', 'system-master', [
    { op: 'replace', path: '/spec/host', value: host },
  ]);
const scale = (namespace: string, replicas: number) =>
  patchObject(lab, namespace, 'deploymentconfigs', 'system-sidekiq', [
    { op: 'replace', path: '/spec/replicas', value: replicas },
  ]);

const OBSTACLES: readonly Obstacle[] = [
  {
    name: 'an edited route',
    make: async (namespace) => {
      const { clusters } = lab;
      const route = await clusters.open(clusters.tenant('sim1', namespace)).get('routes', 'system-master');
      await setHost(namespace, 'elsewhere.example.test');
      return () => setHost(namespace, route?.spec.host ?? '');
    },
    type: 'EditedByOthers',
    says: 'route/system-master',
  },
  {
    name: 'a right that is taken away',
    make: (namespace) => {
      const fault = lab.cluster.faults.onRequest(
        { method: 'DELETE', path: new RegExp(`/namespaces/${namespace}/routes/`) },
        { kind: 'status', code: 403, reason: 'Forbidden' },
      );
      return Promise.resolve(() => {
        fault.remove();
      });
    },
    type: 'Forbidden',
    says: 'routes/system-master',
  },
  {
    name: 'a DeploymentConfig that was scaled',
    make: async (namespace) => {
      await scale(namespace, 2);
      return () => scale(namespace, 1);
    },
    type: 'NotVerified',
    says: 'dc/system-sidekiq spec.replicas',
  },
];

async function stagedTenant(name: string): Promise<{ namespace: string; before: Snapshot; handle: Handle }> {
  const namespace = name.replaceAll(' ', '-').toLowerCase();
  await lab.simulator.install('sim1', namespace);
  const before = takeSnapshot(lab.cluster, namespace);
  return { namespace, before, handle: await pausedAfter(lab, namespace, 'tag-amp-zync') };
}

test.each(OBSTACLES)(
  '$name in the way of an abort: held with the failure, and aborted once it is gone',
  async (obstacle) => {
    const { namespace, before, handle } = await stagedTenant(obstacle.name);
    const undo = await obstacle.make(namespace);
    const held = await aborted(handle);
    expect(held).toMatchObject({ state: 'held', held: { failure: { type: obstacle.type } } });
    expect(held.held?.failure.message).toContain(obstacle.says);
    expect(held.journal.filter(({ event }) => event === 'decided')).toEqual([]);
    expect(held.steps.filter(({ status }) => status === 'not-reverted')).toEqual([]);
    await undo();
    const end = await decided(handle, 'retry');
    expect(end).toMatchObject({ state: 'aborted', leftovers: [] });
    await lab.cluster.settle();
    const changed = compareSnapshots(before, takeSnapshot(lab.cluster, namespace));
    expect(changed.filter((object) => !object.startsWith('ReplicationController/'))).toEqual([]);
  },
);

test('the same where the workflow is cancelled from outside', async () => {
  const { namespace, handle } = await stagedTenant('cancelled');
  await setHost(namespace, 'elsewhere.example.test');
  await handle.cancel();
  const held = await settled(handle);
  expect(held).toMatchObject({ state: 'held', held: { failure: { type: 'EditedByOthers' } } });
  const end = await decided(handle, 'abandon');
  expect(end.state).toBe('abandoned');
  expect(end.journal.find(({ event }) => event === 'decided')?.actor?.by).toBe('test');
  expect(end.leftovers.length).toBeGreaterThan(11);
});
