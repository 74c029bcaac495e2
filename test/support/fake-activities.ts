import { activityInfo } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { StepInput, TenantActivities } from '../../activities/contract.ts';
import { onSteps } from '../../activities/on-steps.ts';
import type { StepOutcome } from '../../src/domain/tenant/outcome.ts';
import { backupSecretName } from '../../src/domain/tenant/backup-name.ts';
import type { StepKind } from '../../src/domain/tenant/step-kinds.ts';
import type { RetryLimits } from '../../src/domain/tenant/tenant-upgrade.ts';
import type { TenantRef } from '../../src/domain/tenant/tenant.ts';
import type { FakeTenant } from './fake-tenant.ts';

type FindWindow = TenantActivities['findWindow'];

/** The contract's activities over fake tenants, which are found by their namespace. */
export function fakeActivities(
  tenants: ReadonlyMap<string, FakeTenant>,
  findWindow: FindWindow,
): TenantActivities {
  const at = ({ namespace }: TenantRef): FakeTenant => {
    const tenant = tenants.get(namespace);
    if (!tenant) throw ApplicationFailure.nonRetryable(`no fake tenant ${namespace}`, 'Bug');
    return tenant;
  };
  const call = <T>(
    { tenant, limits }: { readonly tenant: TenantRef; readonly limits: RetryLimits },
    about: string | undefined,
    work: (tenant: FakeTenant) => T,
  ) => {
    const fake = at(tenant);
    const name = [activityInfo().activityType, about].filter(Boolean).join(' ');
    return fake.script.run(name, limits, () => work(fake));
  };
  const counted = (outcome: Pick<StepOutcome, 'status'>): StepOutcome => ({
    ...outcome,
    attempts: activityInfo().attempt,
  });
  const apply = <K extends StepKind>(input: StepInput<K>) =>
    call(input, input.step.id, (tenant) => counted(tenant.apply(input.step)));
  const revert = <K extends StepKind>(input: StepInput<K>) =>
    call(input, input.step.id, (tenant) => counted(tenant.revert(input.step, input.backup)));

  return {
    ...onSteps(apply, revert),
    pauseRollouts: apply,
    checkTenant: (input) => call(input, undefined, (tenant) => tenant.check(input.path)),
    backUpTenant: (input) =>
      call(input, undefined, (tenant) => {
        const secret = backupSecretName(input.runId);
        const halfWay = tenant.backUp(secret, input.path);
        return { secret, halfWay, attempts: activityInfo().attempt };
      }),
    findBackup: (input) =>
      call(input, undefined, (tenant) => {
        const found = tenant.installation.secrets.has(input.backup) ? { secret: input.backup } : {};
        if (input.andLeft) return { ...found, left: tenant.leftByAnother };
        if ('secret' in found) return found;
        throw ApplicationFailure.nonRetryable(`secret/${input.backup} is not there`, 'NotFound');
      }),
    verifyReverted: (input) =>
      call(input, undefined, (tenant) => {
        const differences = tenant.differencesFrom(input.backup);
        if (differences.length === 0 && !input.keep) tenant.installation.secrets.delete(input.backup);
        return { ...counted({ status: 'done' }), differences };
      }),
    beginRevert: (input) =>
      call(input, undefined, (tenant) => tenant.beginRevert(input.backup, input.crossed, input.path)),
    lookForCrossing: (input) =>
      call(input, undefined, (tenant) => (tenant.crossed === undefined ? {} : { why: tenant.crossed })),
    endUpgrade: (input) =>
      call(input, undefined, (tenant) => {
        if (input.reverted) tenant.installation.secrets.delete(input.backup);
        return counted({ status: 'done' });
      }),
    findWindow,
    listPausedDeploymentConfigs: (input) =>
      call(input, undefined, (tenant) =>
        input.names.filter((name) => tenant.installation.deploymentConfigs.get(name)?.paused),
      ),
    verifyStaged: (input) =>
      call(input, input.again ? 'again' : 'verify-staged', () => counted({ status: 'unchanged' })),
    // Un-paused, and crossed, before anything of the rollout can fail.
    rollOut: (input) => {
      if (input.step.pointOfNoReturn && !at(input.tenant).neverCrosses) at(input.tenant).hasCrossed = true;
      return call(input, input.step.id, (tenant) => {
        refuseIfTooLate(input.crossBefore);
        return counted(tenant.apply(input.step));
      });
    },
    verifyUpgraded: (input) =>
      call(input, input.step.id, (tenant) => {
        const missing = tenant.notUpgraded(input.steps);
        const unclaimed = input.claim !== undefined &&
          !tenant.isOfEarlierRelease && { unclaimed: true as const };
        if (missing.length === 0) return { ...counted({ status: 'unchanged' }), ...unclaimed };
        throw ApplicationFailure.nonRetryable(`not as it should be: ${missing.join(', ')}`, 'NotVerified');
      }),
    resumeRollouts: (input) =>
      call(input, input.deploymentConfig, (tenant) => counted(tenant.resume(input.deploymentConfig))),
  };
}

/** By Temporal’s clock: it is the one that tests skip. */
function refuseIfTooLate(crossBefore = Infinity): void {
  if (activityInfo().currentAttemptScheduledTimestampMs < crossBefore) return;
  throw ApplicationFailure.nonRetryable('the leave to cross has ended', 'TooLate');
}
