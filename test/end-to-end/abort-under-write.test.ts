import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { compareSnapshots, takeSnapshot } from '../../src/cli/demo/snapshot.ts';
import type { Lab } from '../support/lab.ts';
import { openLab, settled } from '../support/lab.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await openLab();
});
afterAll(() => lab.close());

test.each([
  ['the backup Secret', 'POST', 'secrets'],
  ['the new route', 'POST', 'routes'],
  ['a pause', 'PATCH', 'deploymentconfigs'],
])(
  'an abort while the API takes its time to write %s: nothing is left of it',
  async (name, method, plural) => {
    const namespace = name.replace(/[^a-z]+/gi, '-').toLowerCase();
    await lab.simulator.install('sim1', namespace);
    const before = takeSnapshot(lab.cluster, namespace);
    const slow = lab.cluster.faults.onRequest(
      { method, path: new RegExp(`/namespaces/${namespace}/${plural}`), user: 'sim1-admin', times: 1 },
      { kind: 'latency', ms: 2_500 },
    );
    const handle = await lab.start(namespace);
    while (slow.hits === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    await handle.signal('abort', { by: 'test', why: 'withdrawn' });
    const { state, leftovers } = await settled(handle);
    expect({ state, leftovers }).toEqual({ state: 'aborted', leftovers: [] });
    // Long enough for a write that nobody waited for.
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    expect(compareSnapshots(before, takeSnapshot(lab.cluster, namespace))).toEqual([]);
  },
);
