/** A DeploymentConfig is deleted as it was backed up, or not at all; what somebody has changed is told while it is staged. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Operation } from 'fast-json-patch';
import type { SimulatedClusters } from '../support/simulated-clusters.ts';
import { openClusters } from '../support/simulated-clusters.ts';
import { openSteps } from '../support/steps.ts';

let lab: SimulatedClusters;
beforeAll(async () => {
  lab = await openClusters({ timing: { rolloutMs: 5, hookMs: 5, importMs: 5, terminationMs: 5 } });
});
afterAll(() => lab.close());

const DELETE = 'delete-resque';
const NAME = 'system-resque';
let count = 0;
const opened = async () => {
  const steps = await openSteps(lab, `resque-${(count += 1)}`);
  await steps.backUp();
  await steps.apply('pause-rollouts');
  return steps;
};

const EDITS: readonly (readonly [string, Operation])[] = [
  ['spec.replicas', { op: 'replace', path: '/spec/replicas', value: 3 }],
  ['metadata.labels.ours', { op: 'add', path: '/metadata/labels/ours', value: 'yes' }],
  ['metadata.annotations.ours', { op: 'add', path: '/metadata/annotations/ours', value: 'yes' }],
];

test.each(EDITS)('one whose %s somebody has changed is told, and not deleted', async (field, edit) => {
  const steps = await opened();
  await steps.api.patch('deploymentconfigs', NAME, [edit]);
  for (const moment of ['staged', 'switching'] as const)
    expect(await steps.verify(DELETE, moment)).toEqual([
      { message: `dc/${NAME}: ${field} is not as the backup has it, and would be lost`, edited: true },
    ]);
  await expect(steps.apply(DELETE)).rejects.toMatchObject({
    type: 'EditedByOthers',
    message: `dc/${NAME}: ${field} was changed by somebody else`,
  });
  expect(await steps.api.get('deploymentconfigs', NAME)).toBeDefined();
});

test('one that is as it was, but for our pause, is nothing to tell; nor is one that somebody has deleted', async () => {
  const steps = await opened();
  expect(await steps.verify(DELETE, 'staged')).toEqual([]);
  await steps.api.delete('deploymentconfigs', NAME, { propagationPolicy: 'Background' });
  await lab.simulator.cluster('sim1').settle();
  expect(await steps.verify(DELETE, 'staged')).toEqual([]);
  expect(await steps.apply(DELETE)).toMatchObject({ status: 'unchanged' });
});
