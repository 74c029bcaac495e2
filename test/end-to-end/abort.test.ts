import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { compareSnapshots, takeSnapshot } from '../../src/cli/demo/snapshot.ts';
import { isFinal } from '../../src/domain/tenant/progress.ts';
import type { Lab } from '../support/lab.ts';
import { openLab, until } from '../support/lab.ts';

const MOMENTS = 30;
let lab: Lab;
beforeAll(async () => {
  lab = await openLab({
    clusters: MOMENTS,
    timing: { rolloutMs: 200, hookMs: 100, importMs: 100, terminationMs: 20 },
  });
});
afterAll(() => lab.close());

test('an abort at any moment before the point of no return: everything is as it was', async () => {
  const ends = await Promise.all(
    Array.from({ length: MOMENTS }, async (_, moment) => {
      const context = `sim${moment + 1}`;
      const cluster = lab.simulator.cluster(context);
      await lab.simulator.install(context, 'tenant');
      const before = takeSnapshot(cluster, 'tenant');
      const handle = await lab.start('tenant', { context });
      await new Promise((resolve) => setTimeout(resolve, moment * 150));
      await handle.signal('abort', { by: 'test', why: 'withdrawn' });
      const progress = await until(handle, ({ state }) => isFinal(state));
      await cluster.settle();
      const changed = compareSnapshots(before, takeSnapshot(cluster, 'tenant'));
      return { progress, changed: changed.filter((name) => !name.startsWith('ReplicationController/')) };
    }),
  );
  const early = ends.filter(({ progress }) => !progress.pastPointOfNoReturn);
  expect(early.length).toBeGreaterThan(5);
  for (const { progress, changed } of early) expect([progress.state, ...changed]).toEqual(['aborted']);
  // Those that came too late are held, and say so, or had ended.
  for (const { progress } of ends.filter(({ progress: end }) => end.pastPointOfNoReturn))
    expect(['held', 'upgraded']).toContain(progress.state);
}, 120_000);
