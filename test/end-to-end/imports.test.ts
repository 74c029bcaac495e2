import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { compareSnapshots, takeSnapshot } from '../../src/cli/demo/snapshot.ts';
import type { Lab } from '../support/lab.ts';
import { openLab } from '../support/lab.ts';

const ZYNC = 'registry.access.redhat.com/3scale-amp24/zync';

let lab: Lab;
beforeAll(async () => {
  lab = await openLab();
});
afterAll(() => lab.close());

test('an image that is not there: reverted with the words of the registry, and everything is as it was', async () => {
  await lab.simulator.install('sim1', 'gone');
  const before = takeSnapshot(lab.cluster, 'gone');
  const gone = lab.cluster.registry.fail({ images: ZYNC, answer: 'not-found' });
  const { state, steps } = await lab.upgrade('gone');
  gone.remove();
  expect(state).toBe('reverted');
  expect(steps.flatMap(({ failure }) => failure?.message ?? []).join()).toContain(
    `dockerimage.image.openshift.io "${ZYNC}:latest" not found`,
  );
  expect(compareSnapshots(before, takeSnapshot(lab.cluster, 'gone'))).toEqual([]);
});

test('a registry that is away for 13 s, and then well again: upgraded', async () => {
  await lab.simulator.install('sim1', 'away');
  const away = lab.cluster.registry.fail({
    images: /3scale-amp24/,
    answer: { httpStatus: 503 },
    forMs: 13_000,
  });
  const { state } = await lab.upgrade('away');
  expect(away.hits).toBeGreaterThan(0);
  away.remove();
  expect(state).toBe('upgraded');
});
