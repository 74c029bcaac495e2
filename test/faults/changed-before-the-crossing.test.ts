/** Issue 12, faults 9 and 10: whatever came between what was verified and the crossing is seen before the crossing. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { patchObject } from '../support/edit-object.ts';
import type { Lab } from '../support/lab.ts';
import { openLab, settled } from '../support/lab.ts';
import { decided, pausedAfter, resumed } from '../support/mid-upgrade.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await openLab();
});
afterAll(() => lab.close());

const apiOf = (namespace: string) => lab.clusters.open(lab.clusters.tenant('sim1', namespace));

interface Change {
  readonly name: string;
  readonly make: (namespace: string) => Promise<unknown>;
  /** What is told names it. */
  readonly names?: string;
}

const CHANGES: readonly Change[] = [
  {
    name: 'dc/system-sidekiq is resumed and runs the new version before the database is migrated',
    make: (namespace) =>
      patchObject(lab, namespace, 'deploymentconfigs', 'system-sidekiq', [
        { op: 'remove', path: '/spec/paused' },
      ]),
  },
  {
    name: 'dc/system-sphinx is deleted',
    make: (namespace) =>
      apiOf(namespace).delete('deploymentconfigs', 'system-sphinx', { propagationPolicy: 'Background' }),
  },
  {
    name: 'the tag 2.4.0 is pointed at another image',
    make: async (namespace) => {
      const stream = await apiOf(namespace).get('imagestreams', 'amp-system');
      const index = (stream?.spec.tags ?? []).findIndex(({ name }) => name === '2.4.0');
      await patchObject(lab, namespace, 'imagestreams', 'amp-system', [
        {
          op: 'replace',
          path: `/spec/tags/${index}/from/name`,
          value: 'registry.access.redhat.com/3scale-amp24/zync',
        },
      ]);
    },
  },
  {
    name: 'the old route, which will be deleted, is edited',
    make: (namespace) =>
      patchObject(lab, namespace, 'routes', 'system-master-admin', [
        { op: 'add', path: '/spec/path', value: '/admin' },
      ]),
    names: 'route/system-master-admin: spec.path is not as the backup has it',
  },
  {
    name: 'dc system-resque, which will be deleted, is scaled',
    make: (namespace) =>
      patchObject(lab, namespace, 'deploymentconfigs', 'system-resque', [
        { op: 'replace', path: '/spec/replicas', value: 3 },
      ]),
    names: 'dc/system-resque: spec.replicas is not as the backup has it',
  },
];

test.each(CHANGES)(
  'while it stands staged and verified, $name: the point of no return is not crossed',
  async ({ name, make, names = '' }) => {
    const namespace = name
      .replaceAll(/[\W_]+/g, '-')
      .toLowerCase()
      .slice(0, 40);
    await lab.simulator.install('sim1', namespace);
    const handle = await pausedAfter(lab, namespace, 'verify-staged', { onFailure: 'hold' });
    await make(namespace);
    await lab.cluster.settle();
    const progress = await resumed(handle);
    expect(progress).toMatchObject({ state: 'held', pastPointOfNoReturn: false });
    expect(progress.held?.failure.message).toContain(names);
  },
);

test('a crossing patch whose answer was lost takes effect while a revert begins: it is seen, and nothing is taken back', async () => {
  await lab.simulator.install('sim1', 'late-patch');
  const handle = await pausedAfter(lab, 'late-patch', 'verify-staged');
  const slow = lab.cluster.faults.onRequest(
    { method: 'GET', path: /\/namespaces\/late-patch\/pods/, times: 1 },
    { kind: 'latency', ms: 3_000 },
  );
  await handle.signal('abort', { by: 'test', why: 'withdrawn' });
  while (slow.hits === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  // What an attempt had sent for this upgrade: it un-pauses system-app, and says so.
  const app = await apiOf('late-patch').get('deploymentconfigs', 'system-app');
  const claim = JSON.parse(app?.metadata.annotations?.['threescale-upgrade/claim'] ?? '{}') as object;
  await patchObject(lab, 'late-patch', 'deploymentconfigs', 'system-app', [
    { op: 'remove', path: '/spec/paused' },
    { op: 'remove', path: '/metadata/annotations/threescale-upgrade~1paused-by' },
    {
      op: 'add',
      path: '/metadata/annotations/threescale-upgrade~1claim',
      value: JSON.stringify({ ...claim, phase: 'crossed' }),
    },
  ]);
  const progress = await settled(handle);
  expect(progress).toMatchObject({ state: 'held', held: { failure: { type: 'AlreadyCrossed' } } });
});

test('the claim is taken off by somebody past the point of no return: it goes on, or says that it was taken off', async () => {
  await lab.simulator.install('sim1', 'unclaimed');
  const fails = lab.cluster.faults.onWork('rollout', {
    namespace: 'unclaimed',
    name: 'system-sidekiq',
    message: 'no',
  });
  const handle = await lab.start('unclaimed');
  expect((await settled(handle)).state).toBe('held');
  fails();
  await patchObject(lab, 'unclaimed', 'deploymentconfigs', 'system-app', [
    { op: 'remove', path: '/metadata/annotations/threescale-upgrade~1claim' },
  ]);
  await new Promise((resolve) => setTimeout(resolve, 4_500));
  const progress = await decided(handle, 'retry');
  expect(progress.held?.failure.message ?? '').not.toContain('has ended there, or was begun anew');
});
