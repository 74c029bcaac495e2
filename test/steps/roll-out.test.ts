/** What is resumed is what was looked at right before. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { SimulatedClusters } from '../support/simulated-clusters.ts';
import { openClusters } from '../support/simulated-clusters.ts';
import { openSteps } from '../support/steps.ts';

let lab: SimulatedClusters;
beforeAll(async () => {
  lab = await openClusters({ timing: { rolloutMs: 5, hookMs: 5, importMs: 5, terminationMs: 5 } });
});
afterAll(() => lab.close());

test('an edit right before the point of no return is looked at before anything rolls', async () => {
  let edits = 0;
  const steps = await openSteps(lab, 'edited', {
    mayRoll: false,
    stillStaged: async (api) => {
      if ((edits += 1) > 1) return;
      await api.patch('deploymentconfigs', 'system-app', [
        { op: 'replace', path: '/spec/template/spec/containers/0/image', value: 'registry.example.test/old' },
      ]);
    },
  });
  await steps.apply('pause-rollouts');
  await steps.backUp();
  await steps.apply('set-amp-release');
  const version = async () => (await steps.api.get('deploymentconfigs', 'system-app'))?.status?.latestVersion;
  const before = await version();
  await expect(steps.apply('roll-out-system-app')).rejects.toMatchObject({ type: 'Conflict' });
  await lab.simulator.cluster('sim1').settle();
  expect(await version()).toBe(before);
  expect((await steps.api.get('deploymentconfigs', 'system-app'))?.spec.paused).toBe(true);
  // Looked at once more, it is as it should be to whoever looks.
  expect(await steps.apply('roll-out-system-app')).toMatchObject({ status: 'done' });
  expect(edits).toBe(2);
});
