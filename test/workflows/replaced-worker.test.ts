import { pauseSignal, resumeSignal } from '../../workflows/messages.ts';
import { callOf, STEPS, tenantToImpersonate } from '../support/fake-calls.ts';
import { startAndSay } from '../support/start-and-say.ts';
import { OPERATOR, PATH_WITH_IMPERSONATION as path, UpgradeLab } from '../support/upgrade-lab.ts';

let lab: UpgradeLab;

beforeAll(async () => {
  lab = await UpgradeLab.open();
  // The time-skipping server never hands a task on that waits for the workflow's last worker: let none wait there.
  await lab.stopWorker();
  await lab.startWorker({ maxCachedWorkflows: 0 });
});

afterAll(() => lab.close());

/** A pause stops it: after that, the time-skipping server misses the workers that keep workflows in memory, and are gone. */
const CROSSING = 'roll-out-system-app';

test('a worker replaced between any two steps: a new one goes on from the history alone', async () => {
  const upgrades = await Promise.all(
    STEPS.filter(([id, { kind }]) => kind !== 'verify-upgraded' && id !== CROSSING).map(([, step]) =>
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
}, 120_000);

test('the same at the crossing, which the pause stops', async () => {
  await lab.stopWorker();
  await lab.startWorker({ maxCachedWorkflows: 0 });
  const upgrade = await startAndSay(lab, tenantToImpersonate(), `rollOut ${CROSSING}`, ({ handle }) =>
    handle.signal(pauseSignal, OPERATOR),
  );
  await upgrade.until(
    ({ paused, steps }) => paused !== undefined && !steps.some(({ status }) => status === 'running'),
  );
  await lab.stopWorker();
  await lab.startWorker({ maxCachedWorkflows: 0 });
  await upgrade.handle.signal(resumeSignal, OPERATOR);
  expect((await upgrade.result()).state).toBe('upgraded');
  const { installation } = upgrade.tenant;
  expect([...installation.deploymentConfigs.values()].every(({ rollouts }) => rollouts === 1)).toBe(true);
}, 120_000);

test('a worker that keeps no workflow in memory replays each from its history at every step', async () => {
  await lab.stopWorker();
  await lab.startWorker({ maxCachedWorkflows: 0 });
  const upgrade = await lab.start({ tenant: tenantToImpersonate(), path });
  expect((await upgrade.result()).state).toBe('upgraded');
}, 120_000);
