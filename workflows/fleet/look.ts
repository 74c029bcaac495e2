import { proxyActivities } from '@temporalio/workflow';
import type { FleetActivities } from '../../activities/fleet-contract.ts';
import { windowsToAsk } from '../../src/domain/fleet/rules/admission.ts';
import { isMeasured, neededToStartMs, NO_MEASURES } from '../../src/domain/fleet/rules/forecast.ts';
import { at } from '../../src/domain/fleet/spec/spec.ts';
import { isLive, MOVING } from '../../src/domain/fleet/tenant/states.ts';
import { happens } from '../../src/domain/fleet/tenant/happens.ts';
import type { UpgradeSeen } from '../../src/domain/fleet/tenant/seen.ts';
import { eventSeen } from '../../src/domain/fleet/tenant/seen.ts';
import { tenantKeyOf } from '../../src/domain/tenant/tenant.ts';
import { workflowIdOf } from '../../src/domain/tenant/workflow-id.ts';
import { titled } from '../activities.ts';
import type { Fleet } from './fleet.ts';

/** Computes, or asks Temporal itself: fails only with the worker or the server, and is tried until it is had. */
const looking = proxyActivities<FleetActivities>({
  startToCloseTimeout: '5m',
  heartbeatTimeout: '60s',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '60s' },
});

export const LOOKED_AT_ONCE = 200;
const MINUTE_MS = 60_000;
/** How soon a tenant is missed that has ended without a word after the fleet has continued as new. */
const LOOK_EVERY_MS = 5 * MINUTE_MS;
/** The same for those that wait for somebody, maybe for weeks. */
const LOOK_AT_WAITING_EVERY_MS = 60 * MINUTE_MS;

/**
 * Asks a clock about every window that somebody waits for and whose stand is not known. What was measured while a worker
 * or a cluster was away may fit no window ever: then the file's estimate, which fits, counts again.
 */
export async function askWindows(fleet: Fleet): Promise<void> {
  const { ledger } = fleet;
  const policies = windowsToAsk(ledger, Date.now());
  if (policies.length === 0) return;
  const neededMs = neededToStartMs(ledger.forecast);
  const answers = await looking.findWindows.executeWithOptions(titled('Look at the maintenance windows'), [
    { policies: policies.map((policy) => at(ledger.spec.windows, policy)), neededMs, atMs: Date.now() },
  ]);
  policies.forEach((policy, place) => {
    ledger.windows.note(policy, { neededMs, answer: at(answers, place) });
  });
  if (!answers.some(({ status }) => status === 'never') || !isMeasured(ledger.head.measures)) return;
  ledger.update({ measures: NO_MEASURES });
  ledger.journal(Date.now(), 'measures-dropped', undefined, 'what was measured fits no window');
  await askWindows(fleet);
}

export function lookAtUpgrades(workflowIds: readonly string[], ask: boolean): Promise<UpgradeSeen[]> {
  return looking.lookAtUpgrades.executeWithOptions(titled(`Look at ${workflowIds.length} upgrades`), [
    { workflowIds, ask },
  ]);
}

/** When the tenants that an earlier run of the fleet had started are looked at next; undefined where there are none. */
export function nextLookMs(fleet: Fleet, lastLookMs: number): number | undefined {
  const states = unwatched(fleet).map((index) => fleet.ledger.counts.state(index));
  if (states.some((state) => MOVING.includes(state))) return lastLookMs + LOOK_EVERY_MS;
  return states.length > 0 ? lastLookMs + LOOK_AT_WAITING_EVERY_MS : undefined;
}

/** Finds those that have ended without a word: Temporal tells only the run of the fleet that had started them. */
export async function lookAfterTenants(fleet: Fleet): Promise<void> {
  const refs = unwatched(fleet).map((index) => fleet.tenant(index));
  const byId = new Map(refs.map((ref) => [workflowIdOf(ref), tenantKeyOf(ref)]));
  const ids = [...byId.keys()];
  for (let next = 0; next < ids.length; next += LOOKED_AT_ONCE) {
    for (const seen of await lookAtUpgrades(ids.slice(next, next + LOOKED_AT_ONCE), false)) {
      const index = fleet.ledger.indexOf(byId.get(seen.workflowId) ?? '');
      if (index !== undefined) noteSeen(fleet, index, seen);
    }
  }
}

function noteSeen({ ledger }: Fleet, index: number, seen: UpgradeSeen): void {
  const event = eventSeen(seen, ledger.counts.entry(index)?.runId);
  if (event) happens(ledger, index, event, Date.now());
}

/** Indexes of those still under way; the others are forgotten. */
function unwatched({ ledger, unwatched: keys }: Fleet): number[] {
  return [...keys].flatMap((key) => {
    const index = ledger.indexOf(key);
    if (index !== undefined && isLive(ledger.counts.state(index))) return [index];
    keys.delete(key);
    return [];
  });
}
