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
  const { book } = fleet;
  const policies = windowsToAsk(book, Date.now());
  if (policies.length === 0) return;
  const neededMs = neededToStartMs(book.forecast);
  const answers = await looking.findWindows.executeWithOptions(titled('Look at the maintenance windows'), [
    { policies: policies.map((policy) => at(book.spec.windows, policy)), neededMs, atMs: Date.now() },
  ]);
  policies.forEach((policy, place) => {
    book.windows.told(policy, { neededMs, answer: at(answers, place) });
  });
  if (!answers.some(({ status }) => status === 'never') || !isMeasured(book.head.measures)) return;
  book.update({ measures: NO_MEASURES });
  book.journal(Date.now(), 'measures-dropped', undefined, 'what was measured fits no window');
  await askWindows(fleet);
}

export function lookAtUpgrades(workflowIds: readonly string[], ask: boolean): Promise<UpgradeSeen[]> {
  return looking.lookAtUpgrades.executeWithOptions(titled(`Look at ${workflowIds.length} upgrades`), [
    { workflowIds, ask },
  ]);
}

/** When the tenants that an earlier run of the fleet had started are looked at next; undefined where there are none. */
export function nextLookMs(fleet: Fleet, lastLookMs: number): number | undefined {
  const states = unwatched(fleet).map((index) => fleet.book.tally.state(index));
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
      const index = fleet.book.indexOf(byId.get(seen.workflowId) ?? '');
      if (index !== undefined) noteSeen(fleet, index, seen);
    }
  }
}

function noteSeen({ book }: Fleet, index: number, seen: UpgradeSeen): void {
  const event = eventSeen(seen, book.tally.entry(index)?.runId);
  if (event) happens(book, index, event, Date.now());
}

/** Indexes of those still under way; the others are forgotten. */
function unwatched({ book, unwatched: keys }: Fleet): number[] {
  return [...keys].flatMap((key) => {
    const index = book.indexOf(key);
    if (index !== undefined && isLive(book.tally.state(index))) return [index];
    keys.delete(key);
    return [];
  });
}
