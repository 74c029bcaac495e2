import type { FakeTenant } from './fake-tenant.ts';

const MINUTE_MS = 60_000;
/** A step before the point of no return, the step that crosses it, and the one that failed tenants fail at. */
const STAGING = 'setImage set-memcache-image';
export const CROSSING = 'rollOut roll-out-system-app';
export const SWITCHING = 'rollOut roll-out-zync';

/** This step takes so long: it is asked to come again. */
export function slow(tenant: FakeTenant, minutes: number, call = STAGING): void {
  tenant.script.fail({ call, type: 'Throttled', times: 1, retryDelayMs: minutes * MINUTE_MS });
}

/** Fails before the point of no return, so that it is reverted. */
export function reverts(tenant: FakeTenant): void {
  tenant.script.fail({ call: SWITCHING, type: 'RolloutFailed', times: Infinity });
}

/** Fails after the point of no return, so that it is held. */
export function holds(tenant: FakeTenant): void {
  tenant.script.fail({ call: CROSSING, type: 'RolloutFailed', times: Infinity });
}

/** Its check finds something: nothing is touched. */
export function blocks(tenant: FakeTenant): void {
  tenant.findings.push({ check: 'version-is-2.3', severity: 'fatal', message: 'it is not', hint: 'look' });
}

/** Its cluster does not answer. */
export function unreachable(tenant: FakeTenant): void {
  tenant.script.fail({ call: 'checkTenant', type: 'Unreachable', times: Infinity });
}

/** The trouble is over. */
export function heals(tenant: FakeTenant): void {
  for (const call of [SWITCHING, CROSSING, 'checkTenant']) tenant.script.heal(call);
  tenant.findings.length = 0;
}
