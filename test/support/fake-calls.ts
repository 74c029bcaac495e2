import type { FailureType } from '../../src/domain/tenant/failure.ts';
import { kindOf } from '../../src/domain/tenant/step.ts';
import type { Step } from '../../src/domain/tenant/step-kinds.ts';
import { FakeTenant } from './fake-tenant.ts';
import { PATH_WITH_IMPERSONATION } from './upgrade-input.ts';

/** How a fault script writes the call that applies a step. */
export function callOf(step: Step): string {
  return `${kindOf(step).apply.activity} ${step.id}`;
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
