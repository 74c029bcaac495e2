import type { TenantActivities } from '../../activities/contract.ts';
import type { FailureType } from '../../src/domain/tenant/failure.ts';
import type { Step, StepKind } from '../../src/domain/tenant/step.ts';
import { FakeTenant } from './fake-tenant.ts';
import { PATH_WITH_IMPERSONATION } from './upgrade-input.ts';

const APPLY: Readonly<Record<StepKind, keyof TenantActivities>> = {
  'pause-rollouts': 'pauseRollouts',
  'create-route': 'createRoute',
  'tag-image-stream': 'tagImageStream',
  'follow-image-stream': 'followImageStream',
  'set-image': 'setImage',
  'set-env': 'setEnv',
  'create-secret': 'createSecret',
  'verify-staged': 'verifyStaged',
  'roll-out': 'rollOut',
  'delete-deployment-config': 'deleteDeploymentConfig',
  'delete-route': 'deleteRoute',
  'run-in-pod': 'runInPod',
  'verify-upgraded': 'verifyUpgraded',
};

/** How a fault script writes the call that applies a step. */
export function callOf(step: Step): string {
  return `${APPLY[step.kind]} ${step.id}`;
}

/** How a step of this kind fails for good, as a cluster would. */
export function lastingFailureOf({ kind }: Step): FailureType {
  if (kind === 'roll-out') return 'RolloutFailed';
  if (kind === 'tag-image-stream') return 'ImportFailed';
  return kind.startsWith('verify') ? 'NotVerified' : 'Forbidden';
}

const CROSSING = PATH_WITH_IMPERSONATION.steps.findIndex(
  (step) => step.kind === 'roll-out' && step.pointOfNoReturn,
);

/** Rows for `it.each`: the id and the step, of the path with everything in it. */
export const STEPS = PATH_WITH_IMPERSONATION.steps.map((step): [string, Step] => [step.id, step]);
/** Those before system-app is rolled out, and that roll-out with what follows. */
export const BEFORE_NO_RETURN = STEPS.slice(0, CROSSING);
export const FROM_NO_RETURN = STEPS.slice(CROSSING);

/** A tenant that has what the path with everything in it needs. */
export function tenantToImpersonate(): FakeTenant {
  const tenant = new FakeTenant();
  tenant.installation.secrets.set('ours', 'username and domain');
  return tenant;
}
