import type { TenantProgress } from '../../src/domain/tenant/progress.ts';
import { retryUpdate } from '../../workflows/tenant/messages.ts';
import {
  BEFORE_NO_RETURN,
  callOf,
  FROM_NO_RETURN,
  lastingFailureOf,
  STEPS,
  tenantToImpersonate,
} from '../support/fake-calls.ts';
import type { FakeTenant } from '../support/fake-tenant.ts';
import { UpgradeLab } from '../support/upgrade-lab.ts';
import { OPERATOR, PATH_WITH_IMPERSONATION as path } from '../support/upgrade-input.ts';

let lab: UpgradeLab;

beforeAll(async () => {
  lab = await UpgradeLab.open();
});

afterAll(() => lab.close());

const isHeld = ({ held }: TenantProgress) => held !== undefined;

function expectUpgradedOnce({ installation }: FakeTenant): void {
  expect(new Set(installation.writes).size).toBe(installation.writes.length);
  const configs = [...installation.deploymentConfigs.values()];
  expect(configs.every(({ rollouts, paused }) => rollouts === 1 && !paused)).toBe(true);
}

describe('a step that fails at first', () => {
  it.each(STEPS)(
    '%s is tried again, also where only the answer was lost: no write is made twice',
    async (id, step) => {
      const tenant = tenantToImpersonate();
      tenant.script
        .fail({ call: callOf(step), type: 'ServerError', times: 1 })
        .fail({ call: callOf(step), type: 'Conflict', times: 1, when: 'after' });
      const progress = await (await lab.start({ tenant, path })).result();
      expect(progress.state).toBe('upgraded');
      expect(progress.steps.find((candidate) => candidate.id === id)?.attempts).toBe(3);
      expectUpgradedOnce(tenant);
      expect(tenant.commandsRun).toBe(1);
    },
  );

  it('waits for a cluster that cannot be reached, for as long as it takes', async () => {
    const tenant = tenantToImpersonate();
    tenant.script.fail({ call: 'setEnv set-amp-release', type: 'Unreachable', times: 100 });
    const upgrade = await lab.start({ tenant, path });
    const progress = await upgrade.result();
    expect(progress.state).toBe('upgraded');
    const tookMs = Date.parse(progress.endedAt ?? '') - Date.parse(progress.startedAt);
    expect(tookMs).toBeGreaterThan(80 * 60_000);
    expectUpgradedOnce(tenant);
  });

  it('is tried again no sooner than the cluster asked for', async () => {
    const tenant = tenantToImpersonate();
    tenant.script.fail({
      call: 'tagImageStream tag-amp-zync',
      type: 'Throttled',
      times: 2,
      retryDelayMs: 45_000,
    });
    const progress = await (await lab.start({ tenant, path })).result();
    const step = progress.steps.find(({ id }) => id === 'tag-amp-zync');
    const tookMs = Date.parse(step?.endedAt ?? '') - Date.parse(step?.startedAt ?? '');
    expect(tookMs).toBeGreaterThanOrEqual(90_000);
  });
});

describe('a step that fails for ever before the point of no return', () => {
  it.each(BEFORE_NO_RETURN)('%s: everything is taken back, and every spec is as it was', async (id, step) => {
    const tenant = tenantToImpersonate();
    const before = tenant.installation.spec();
    tenant.script.fail({ call: callOf(step), type: lastingFailureOf(step), times: Infinity });
    const progress = await (await lab.start({ tenant, path })).result();
    expect(progress.state).toBe('reverted');
    expect(progress.pastPointOfNoReturn).toBe(false);
    expect(tenant.installation.spec()).toEqual(before);
    expect([...tenant.installation.secrets.keys()]).toEqual(['ours']);
    expect(progress).not.toHaveProperty('backupSecret');
    expect(progress.leftovers).toEqual([]);
    const failed = progress.steps.find((candidate) => candidate.id === id);
    expect(failed?.failure?.type).toBe(lastingFailureOf(step));
    expect(progress.journal.find(({ event }) => event === 'reverting')?.detail).toContain(`${id} failed`);
  });

  it.each(BEFORE_NO_RETURN)(
    '%s: is held where the policy says so, and goes on after a retry',
    async (id, step) => {
      const tenant = tenantToImpersonate();
      tenant.script.fail({ call: callOf(step), type: lastingFailureOf(step), times: Infinity });
      const upgrade = await lab.start({ tenant, path, onFailure: 'hold' });
      const { held, state } = await upgrade.until(isHeld);
      expect(state).toBe('held');
      expect(held).toMatchObject({
        stepId: id,
        during: 'upgrade',
        failure: { type: lastingFailureOf(step) },
      });
      expect(held?.pausedDeploymentConfigs).toEqual(pausedIn(tenant));
      tenant.script.heal(callOf(step));
      await upgrade.handle.executeUpdate(retryUpdate, { args: [OPERATOR] });
      expect((await upgrade.result()).state).toBe('upgraded');
      expectUpgradedOnce(tenant);
    },
  );
});

describe('a step that fails for ever after the point of no return', () => {
  it.each(FROM_NO_RETURN)(
    '%s: is held whatever the policy says, and goes on after a retry',
    async (id, step) => {
      const tenant = tenantToImpersonate();
      tenant.script.fail({ call: callOf(step), type: lastingFailureOf(step), times: Infinity });
      const upgrade = await lab.start({ tenant, path, onFailure: 'revert' });
      const progress = await upgrade.until(isHeld);
      expect(progress.pastPointOfNoReturn).toBe(true);
      expect(progress.held).toMatchObject({ stepId: id, failure: { type: lastingFailureOf(step) } });
      expect(progress.held?.decisions).toEqual(expect.arrayContaining(['retry', 'revert', 'abandon']));
      expect(progress.held?.pausedDeploymentConfigs).toEqual(pausedIn(tenant));
      tenant.script.heal(callOf(step));
      await upgrade.handle.executeUpdate(retryUpdate, { args: [OPERATOR] });
      expect((await upgrade.result()).state).toBe('upgraded');
      expectUpgradedOnce(tenant);
    },
  );
});

describe('what comes before the first step', () => {
  it('a check that fails for ever blocks the tenant with a finding: nothing was touched', async () => {
    const tenant = tenantToImpersonate();
    tenant.script.fail({ call: 'checkTenant', type: 'Unauthorized', times: Infinity });
    const progress = await (await lab.start({ tenant, path })).result();
    expect(progress.state).toBe('blocked');
    expect(progress.findings).toMatchObject([{ check: 'can-be-checked', severity: 'fatal' }]);
    expect(progress.leftovers).toEqual([
      'not looked whether an earlier execution has left anything: checkTenant: scripted Unauthorized',
    ]);
    expect(tenant.installation.writes).toEqual([]);
  });

  it('a check that fails for ever is held where the policy says so, and a retry goes on', async () => {
    const tenant = tenantToImpersonate();
    tenant.script.fail({ call: 'checkTenant', type: 'Unauthorized', times: Infinity });
    const upgrade = await lab.start({ tenant, path, onFailure: 'hold' });
    const { held } = await upgrade.until(isHeld);
    expect(held).toMatchObject({ stepId: 'check', during: 'checking', decisions: ['retry', 'abandon'] });
    tenant.script.heal('checkTenant');
    await upgrade.handle.executeUpdate(retryUpdate, { args: [OPERATOR] });
    expect((await upgrade.result()).state).toBe('upgraded');
  });

  it('a backup that cannot be made ends it: nothing was touched', async () => {
    const tenant = tenantToImpersonate();
    tenant.script.fail({ call: 'backUpTenant', type: 'Forbidden', times: Infinity });
    const progress = await (await lab.start({ tenant, path })).result();
    expect(progress.state).toBe('reverted');
    expect(tenant.installation.writes).toEqual([]);
  });

  it('a backup whose answer was lost is found and kept, and removed again on the way back', async () => {
    const tenant = tenantToImpersonate();
    tenant.script.fail({ call: 'backUpTenant', type: 'ServerError', times: Infinity, when: 'after' });
    const progress = await (await lab.start({ tenant, path })).result();
    expect(progress.state).toBe('reverted');
    expect([...tenant.installation.secrets.keys()]).toEqual(['ours']);
  });
});

function pausedIn({ installation }: FakeTenant): string[] {
  const paused = path.steps.flatMap((step) => (step.kind === 'pause-rollouts' ? step.deploymentConfigs : []));
  return paused.map(({ name }) => name).filter((name) => installation.deploymentConfigs.get(name)?.paused);
}

test('a crossing that failed before anything was resumed is no crossing: the cluster says so, and the policy reverts', async () => {
  const tenant = tenantToImpersonate();
  tenant.neverCrosses = true;
  tenant.script.fail({ call: 'rollOut roll-out-system-app', type: 'Forbidden', times: 1 });
  const progress = await (await lab.start({ tenant, path })).result();
  expect(progress).toMatchObject({ state: 'reverted', pastPointOfNoReturn: false });
  expect(progress.journal.map(({ event }) => event)).toContain('not-crossed');
});

test('a crossing whose answer was lost is looked for only when it cannot take effect any more', async () => {
  const tenant = tenantToImpersonate();
  tenant.neverCrosses = true;
  tenant.script.fail({ call: 'rollOut roll-out-system-app', type: 'Forbidden', times: 1, unsure: true });
  const upgrade = await lab.start({ tenant, path });
  expect((await upgrade.result()).state).toBe('reverted');
  const { events } = await upgrade.handle.fetchHistory();
  const at = (found: (event: NonNullable<typeof events>[number]) => boolean): number =>
    Number((events ?? []).find(found)?.eventTime?.seconds ?? 0);
  const failed = at((event) => Boolean(event.activityTaskFailedEventAttributes));
  const looked = at(
    ({ activityTaskScheduledEventAttributes: scheduled }) =>
      scheduled?.activityType?.name === 'lookForCrossing',
  );
  expect(looked - failed).toBeGreaterThanOrEqual(65);
});
