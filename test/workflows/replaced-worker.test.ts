import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { pauseSignal, resumeSignal } from '../../workflows/tenant/messages.ts';
import { callOf, STEPS, tenantToImpersonate } from '../support/fake-calls.ts';
import { startAndSay } from '../support/start-and-say.ts';
import { UpgradeLab } from '../support/upgrade-lab.ts';
import { OPERATOR, PATH_WITH_IMPERSONATION as path } from '../support/upgrade-input.ts';

let lab: UpgradeLab;

beforeAll(async () => {
  // The time-skipping server now and then hands a task to a worker that is gone, and then stands still.
  lab = await UpgradeLab.open(undefined, 'dev');
});

afterAll(() => lab.close());

test('a worker replaced between any two steps: a new one goes on from the history alone', async () => {
  const upgrades = await Promise.all(
    STEPS.filter(([, { kind }]) => kind !== 'verify-upgraded').map(([, step]) =>
      startAndSay(lab, tenantToImpersonate(), callOf(step), ({ handle }) =>
        handle.signal(pauseSignal, OPERATOR),
      ),
    ),
  );
  for (const upgrade of upgrades) {
    await upgrade.until(
      ({ paused, steps }) => paused !== undefined && !steps.some(({ status }) => status === 'running'),
    );
  }
  await lab.stopWorker();
  await lab.startWorker();
  for (const { handle } of upgrades) await handle.signal(resumeSignal, OPERATOR);
  for (const upgrade of upgrades) {
    expect((await upgrade.result()).state).toBe('upgraded');
    const { installation } = upgrade.tenant;
    expect(new Set(installation.writes).size).toBe(installation.writes.length);
    expect([...installation.deploymentConfigs.values()].every(({ rollouts }) => rollouts === 1)).toBe(true);
  }
});

test('a worker that keeps no workflow in memory replays each from its history at every step', async () => {
  await lab.stopWorker();
  await lab.startWorker({ maxCachedWorkflows: 0 });
  const upgrade = await lab.start({ tenant: tenantToImpersonate(), path });
  expect((await upgrade.result()).state).toBe('upgraded');
});
