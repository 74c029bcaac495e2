import { WorkflowUpdateFailedError } from '@temporalio/client';
import type { TenantProgress } from '../../src/domain/tenant/progress.ts';
import {
  abandonUpdate,
  abortSignal,
  pauseSignal,
  retryUpdate,
  progressQuery,
  revertUpdate,
  skipStepUpdate,
} from '../../workflows/tenant/messages.ts';
import { tenantToImpersonate } from '../support/fake-calls.ts';
import type { FakeTenant } from '../support/fake-tenant.ts';
import { startAndSay } from '../support/start-and-say.ts';
import type { StartedUpgrade } from '../support/upgrade-lab.ts';
import { UpgradeLab } from '../support/upgrade-lab.ts';
import { OPERATOR, PATH_WITH_IMPERSONATION as path } from '../support/upgrade-input.ts';

let lab: UpgradeLab;

beforeAll(async () => {
  lab = await UpgradeLab.open();
});

afterAll(() => lab.close());

const isHeld = ({ held }: TenantProgress) => held !== undefined;
const EARLY = 'setImage set-memcache-image';
const LATE = 'rollOut roll-out-system-sphinx';

async function heldAt(
  call: string,
): Promise<{ upgrade: StartedUpgrade; tenant: FakeTenant; progress: TenantProgress }> {
  const tenant = tenantToImpersonate();
  tenant.script.fail({ call, type: 'Forbidden', times: Infinity });
  const upgrade = await lab.start({ tenant, path, onFailure: 'hold' });
  return { upgrade, tenant, progress: await upgrade.until(isHeld) };
}

async function refusal(send: () => Promise<unknown>): Promise<string> {
  try {
    await send();
  } catch (error) {
    if (error instanceof WorkflowUpdateFailedError && error.cause instanceof Error)
      return error.cause.message;
    throw error;
  }
  throw new Error('it was not refused');
}

test('retry that fails again is held again', async () => {
  const { upgrade, tenant } = await heldAt(EARLY);
  await upgrade.handle.executeUpdate(retryUpdate, { args: [OPERATOR] });
  const { held, journal } = await upgrade.until(isHeld);
  expect(held?.stepId).toBe('set-memcache-image');
  expect(journal.filter(({ event }) => event === 'decided')).toHaveLength(1);
  tenant.script.heal(EARLY);
  await upgrade.handle.executeUpdate(retryUpdate, { args: [{ ...OPERATOR, step: 'set-memcache-image' }] });
  expect((await upgrade.result()).state).toBe('upgraded');
});

test('skip-step goes on without it, and the report says so', async () => {
  const { upgrade } = await heldAt(EARLY);
  await upgrade.handle.executeUpdate(skipStepUpdate, { args: [{ ...OPERATOR, step: 'set-memcache-image' }] });
  const progress = await upgrade.result().catch(() => undefined);
  expect(progress?.state).toBe('upgraded');
  expect(progress?.steps.find(({ id }) => id === 'set-memcache-image')?.status).toBe('skipped');
  expect(progress?.leftovers[0]).toMatch(/^step set-memcache-image was skipped: .+; that had failed: .+/);
});

test('revert before the point of no return needs no confirmation', async () => {
  const { upgrade, tenant } = await heldAt(EARLY);
  await upgrade.handle.executeUpdate(revertUpdate, { args: [OPERATOR] });
  expect((await upgrade.result()).state).toBe('reverted');
  expect([...tenant.installation.secrets.keys()]).toEqual(['ours']);
});

test('revert after it is refused without the namespace, and taken with it', async () => {
  const { upgrade, progress } = await heldAt(LATE);
  const { handle } = upgrade;
  expect(await refusal(() => handle.executeUpdate(revertUpdate, { args: [OPERATOR] }))).toContain(
    `--confirm ${progress.tenant.namespace}`,
  );
  await handle.executeUpdate(revertUpdate, { args: [{ ...OPERATOR, confirm: progress.tenant.namespace }] });
  expect((await upgrade.result()).state).toBe('reverted');
});

test('abandon ends it as it stands, and names what it leaves', async () => {
  const { upgrade, progress } = await heldAt(EARLY);
  await upgrade.handle.executeUpdate(abandonUpdate, { args: [OPERATOR] });
  const end = await upgrade.result();
  expect(end.state).toBe('abandoned');
  const left = end.leftovers.join('\n');
  for (const name of progress.held?.pausedDeploymentConfigs ?? []) expect(left).toContain(`dc/${name}`);
  expect(left).toContain('backup');
});

test('an abort while an abandoned tenant is looked at: nothing is undone, and that is said', async () => {
  const { upgrade, tenant } = await heldAt(EARLY);
  tenant.script.during('lookForCrossing', () => upgrade.handle.signal(abortSignal, OPERATOR));
  await upgrade.handle.executeUpdate(abandonUpdate, { args: [OPERATOR] });
  const { state, journal } = await upgrade.result();
  expect(state).toBe('abandoned');
  const aborted = journal.find(({ event }) => event === 'abort-requested');
  expect(aborted?.detail).toContain('nothing more is done');
});

test.each([
  [
    'retry without who and why',
    (h: StartedUpgrade) => h.handle.executeUpdate(retryUpdate, { args: [{ by: '', why: '' }] }),
    'needs to say who',
  ],
  [
    'a decision about another step',
    (h: StartedUpgrade) =>
      h.handle.executeUpdate(retryUpdate, { args: [{ ...OPERATOR, step: 'tag-amp-zync' }] }),
    'is held at step set-memcache-image',
  ],
  [
    'skip-step of nothing',
    (h: StartedUpgrade) => h.handle.executeUpdate(skipStepUpdate, { args: [{ ...OPERATOR, step: '' }] }),
    'is held at step set-memcache-image, and skip-step must name it',
  ],
])('%s is refused, with what to type', async (_, send, reason) => {
  const { upgrade } = await heldAt(EARLY);
  const message = await refusal(() => send(upgrade));
  expect(message).toContain(reason);
  expect(message).toContain('threescale-upgrade');
  await upgrade.handle.executeUpdate(abandonUpdate, { args: [OPERATOR] });
  await upgrade.result();
});

test('a step that the upgrade makes no sense without cannot be skipped', async () => {
  const { upgrade } = await heldAt('rollOut roll-out-system-app');
  const message = await refusal(() =>
    upgrade.handle.executeUpdate(skipStepUpdate, { args: [{ ...OPERATOR, step: 'roll-out-system-app' }] }),
  );
  expect(message).toContain('makes no sense without');
  await upgrade.handle.executeUpdate(abandonUpdate, { args: [OPERATOR] });
  await upgrade.result();
});

test('a decision while nothing is held is refused, and says what to do instead', async () => {
  const tenant = tenantToImpersonate();
  const upgrade = await startAndSay(lab, tenant, EARLY, ({ handle }) => handle.signal(pauseSignal, OPERATOR));
  await upgrade.until(({ paused }) => paused !== undefined);
  const message = await refusal(() => upgrade.handle.executeUpdate(retryUpdate, { args: [OPERATOR] }));
  expect(message).toContain('paused, not held');
  expect(message).toMatch(/threescale-upgrade resume .*--why/);
  await upgrade.handle.terminate();
});

test('one retry tries again all that could not be resumed: the cause was the same, and is over', async () => {
  const tenant = tenantToImpersonate();
  const resumed = ['backend-worker', 'backend-cron', 'zync'].map((name) => `resumeRollouts ${name}`);
  for (const call of resumed) tenant.script.fail({ call, type: 'UnknownContext', times: 1 });
  tenant.script.fail({ call: 'verifyStaged again', type: 'EditedByOthers', times: 1 });
  const upgrade = await lab.start({ tenant, path });
  await upgrade.until(isHeld);
  await upgrade.handle.executeUpdate(retryUpdate, { args: [OPERATOR] });
  const { state, journal } = await upgrade.result();
  expect(state).toBe('reverted');
  expect(journal.filter(({ event }) => event === 'decided')).toHaveLength(1);
});

test('what was run in a pod cannot be undone: the backup that is kept for it is named', async () => {
  const call = 'verifyUpgraded verify-upgraded';
  const { upgrade, tenant, progress } = await heldAt(call);
  tenant.script.heal(call);
  const { namespace } = progress.tenant;
  await upgrade.handle.executeUpdate(revertUpdate, { args: [{ ...OPERATOR, confirm: namespace }] });
  const { state, leftovers, backupSecret } = await upgrade.result();
  expect(state).toBe('reverted');
  expect(leftovers).toEqual(expect.arrayContaining([`secret/${backupSecret} keeps the backup`]));
});

test('the way back has its own times and attempts, and what never ran is not shown as taken back', async () => {
  const { upgrade, tenant } = await heldAt(EARLY);
  tenant.script.fail({ call: 'revertImageStreamTag tag-amp-system', type: 'Forbidden', times: 1 });
  await upgrade.handle.executeUpdate(revertUpdate, { args: [OPERATOR] });
  const { steps: asHeld } = await upgrade.until(isHeld);
  expect(asHeld.filter(({ status }) => status === 'pending').length).toBeGreaterThan(5);
  await upgrade.handle.executeUpdate(retryUpdate, { args: [OPERATOR] });
  const { steps, states } = await upgrade.result();
  const tag = steps.find(({ id }) => id === 'tag-amp-system');
  expect(tag).toMatchObject({ status: 'reverted', attempts: 1, undo: { attempts: 1 } });
  expect(Date.parse(tag?.undo?.startedAt ?? '')).toBeGreaterThan(Date.parse(tag?.endedAt ?? ''));
  const neverRan = steps.filter(({ id }) => id.startsWith('roll-out'));
  expect(new Set(neverRan.map(({ status }) => status))).toEqual(new Set(['pending']));
  expect(neverRan.filter(({ undo }) => undo !== undefined)).toEqual([]);
  expect(states?.map(({ state }) => state)).toEqual(
    expect.arrayContaining(['staging', 'held', 'reverting', 'reverted']),
  );
});

test('a revert that is held says which DeploymentConfigs run the new version still', async () => {
  const { upgrade, tenant } = await heldAt(LATE);
  tenant.script.fail({ call: 'resumeRollouts zync', type: 'Forbidden', times: 1 });
  await upgrade.handle.executeUpdate(revertUpdate, {
    args: [{ ...OPERATOR, confirm: (await upgrade.handle.query(progressQuery)).tenant.namespace }],
  });
  const { held } = await upgrade.until(({ held: now }) => now?.during === 'revert');
  expect(held?.rolledDeploymentConfigs).toContain('zync');
  expect(held?.rolledDeploymentConfigs).not.toContain('system-sphinx');
  await upgrade.handle.executeUpdate(retryUpdate, { args: [OPERATOR] });
  expect((await upgrade.result()).state).toBe('reverted');
});
