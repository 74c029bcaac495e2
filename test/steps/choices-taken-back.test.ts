/** What was chosen is taken back once more, as after an answer that was lost. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openSteps } from '../support/steps.ts';
import type { SimulatedClusters } from '../support/simulated-clusters.ts';
import { openClusters } from '../support/simulated-clusters.ts';

let lab: SimulatedClusters;
beforeAll(async () => {
  lab = await openClusters({ timing: { rolloutMs: 5, hookMs: 5, importMs: 5, terminationMs: 5 } });
});
afterAll(() => lab.close());

test('a pushed latest is pinned once, however often it is taken back, and that is said each time', async () => {
  const steps = await openSteps(lab, 'pinned', { path: { replaceLatest: ['amp-apicast'] } });
  await steps.push('amp-apicast', 'latest', 'own-build');
  await steps.backUp();
  await steps.apply('tag-amp-apicast');
  const note = expect.stringContaining('latest is pinned') as unknown;
  expect(await steps.revert('tag-amp-apicast')).toEqual({ status: 'done', note });
  expect(await steps.revert('tag-amp-apicast')).toEqual({ status: 'unchanged', note });
});

test('a trigger is led elsewhere, and back, once, however often that is asked', async () => {
  const steps = await openSteps(lab, 'led', { path: { components: { 'system-sidekiq': 'follow' } } });
  const { spec } = (await steps.api.get('deploymentconfigs', 'system-sidekiq')) ?? {};
  const place = spec?.triggers?.findIndex(({ type }) => type === 'ImageChange') ?? -1;
  await steps.api.patch('deploymentconfigs', 'system-sidekiq', [
    { op: 'remove', path: `/spec/triggers/${place}` },
  ]);
  await lab.simulator.cluster('sim1').settle();
  await steps.backUp();
  const before = (await steps.api.get('deploymentconfigs', 'system-sidekiq'))?.spec;
  for (const status of ['done', 'unchanged'])
    expect(await steps.apply('follow-system-sidekiq')).toMatchObject({ status });
  for (const status of ['done', 'unchanged'])
    expect(await steps.revert('follow-system-sidekiq')).toMatchObject({ status });
  expect((await steps.api.get('deploymentconfigs', 'system-sidekiq'))?.spec).toEqual(before);
});
