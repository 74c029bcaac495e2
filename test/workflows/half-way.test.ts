import { backupSecretName } from '../../src/domain/tenant/backup-name.ts';
import type { TenantProgress } from '../../src/domain/tenant/progress.ts';
import { retryUpdate, revertUpdate } from '../../workflows/tenant/messages.ts';
import { callOf, STEPS, tenantToImpersonate } from '../support/fake-calls.ts';
import { FakeTenant } from '../support/fake-tenant.ts';
import { UpgradeLab } from '../support/upgrade-lab.ts';
import { OPERATOR, PATH, PATH_WITH_IMPERSONATION } from '../support/upgrade-input.ts';

let lab: UpgradeLab;

beforeAll(async () => {
  lab = await UpgradeLab.open();
});

afterAll(() => lab.close());

const FAILS = 'tagImageStream tag-amp-zync';
const isHeld = ({ held }: TenantProgress) => held !== undefined;

/** As an upgrade leaves a tenant that was terminated while it was staged: paused, and some of it is of the new version. */
function halfWay(backup?: string): { readonly tenant: FakeTenant; readonly before: string } {
  const tenant = new FakeTenant();
  const before = JSON.stringify(tenant.installation.spec());
  if (backup !== undefined) tenant.backUp(backup, PATH);
  for (const [, step] of STEPS) {
    if (callOf(step) === FAILS) break;
    tenant.apply(step);
  }
  tenant.script.fail({ call: FAILS, type: 'ImportFailed', times: 2 });
  return { tenant, before };
}

test('is held where it fails, whatever the policy: its backup is of half an upgrade, which a revert would roll out', async () => {
  const { tenant } = halfWay();
  const upgrade = await lab.start({ tenant, onFailure: 'revert' });
  const progress = await upgrade.until(isHeld);
  expect(progress.held?.stepId).toBe('tag-amp-zync');
  expect([...tenant.installation.deploymentConfigs.values()].every(({ rollouts }) => rollouts === 0)).toBe(
    true,
  );
  await upgrade.handle.executeUpdate(retryUpdate, { args: [OPERATOR] });
  expect((await upgrade.result()).state).toBe('upgraded');
});

test('with the backup of the try that had begun it, is taken back to what was there before that', async () => {
  const backupOf = 'run-that-was-terminated';
  const { tenant, before } = halfWay(backupSecretName(backupOf));
  const { state } = await (await lab.start({ tenant, onFailure: 'revert', backupOf })).result();
  expect(state).toBe('reverted');
  expect(JSON.stringify(tenant.installation.spec())).toBe(before);
  expect([...tenant.installation.deploymentConfigs.values()].every(({ rollouts }) => rollouts === 0)).toBe(
    true,
  );
});

test('of a try that was lost before its backup, is held where it fails: the backup that is made now is of half an upgrade', async () => {
  const { tenant } = halfWay();
  const upgrade = await lab.start({ tenant, onFailure: 'revert', backupOf: 'run-that-made-none' });
  const progress = await upgrade.until(isHeld);
  expect(progress.held?.stepId).toBe('tag-amp-zync');
  await upgrade.handle.executeUpdate(retryUpdate, { args: [OPERATOR] });
  expect((await upgrade.result()).state).toBe('upgraded');
});

test('a command that an earlier execution ran, and history has forgotten, is told as what cannot be undone', async () => {
  const tenant = tenantToImpersonate();
  tenant.hasCrossed = true;
  tenant.script
    .during('setEnv set-amp-release', () => void (tenant.commandsRun = 1))
    .fail({ call: 'setEnv set-amp-release', type: 'EditedByOthers', times: 1 });
  const upgrade = await lab.start({ tenant, path: PATH_WITH_IMPERSONATION });
  const { tenant: ref } = await upgrade.until(isHeld);
  await upgrade.handle.executeUpdate(revertUpdate, { args: [{ ...OPERATOR, confirm: ref.namespace }] });
  const end = await upgrade.result();
  expect(end.state).toBe('reverted');
  expect(end.leftovers.join()).toContain('cannot be undone: Rename the impersonation administrator');
});
