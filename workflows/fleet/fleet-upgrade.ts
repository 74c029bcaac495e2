import {
  allHandlersFinished,
  CancellationScope,
  condition,
  continueAsNew,
  patched,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { nextMove } from '../../src/domain/fleet/rules/admission.ts';
import { Ledger } from '../../src/domain/fleet/ledger.ts';
import { describeFleet } from '../../src/domain/fleet/show/describe.ts';
import type { FleetResult, FleetUpgradeInput } from '../../src/domain/fleet/fleet-upgrade.ts';
import { advance, isOver, nextWakeMs } from '../../src/domain/fleet/rules/progression.ts';
import { happens } from '../../src/domain/fleet/tenant/happens.ts';
import type { ReportKept } from '../../src/domain/tenant/report-kept.ts';
import type { FleetPhase } from '../../src/domain/fleet/show/progress.ts';
import { fleetProgress, phaseOf } from '../../src/domain/fleet/show/progress.ts';
import { tenantLines } from '../../src/domain/fleet/show/tenant-lines.ts';
import { Fleet } from './fleet.ts';
import { startTenant } from './children.ts';
import { listen } from './control.ts';
import { fleetResultQuery } from './messages.ts';
import { askWindows, lookAfterTenants, nextLookMs } from './look.ts';
import { admitTenant } from './tell.ts';
import { nextTellMs, tellEnd, tellNews } from './notify.ts';
import { keeping, keptBy } from '../keep-report.ts';
import { KEEPS_REPORTS } from '../patches.ts';
import { showAttributes } from '../search-attributes.ts';

/** Events of history after which the fleet continues as new: Temporal allows 51,200, and each is replayed. */
const CONTINUE_AFTER_EVENTS = 4_000;
/** Tenants begun in one go: their inputs travel in one message of Temporal's, which may have 4 MB. */
const STARTED_IN_ONE_GO = 50;

/**
 * Upgrades a fleet: as many tenants at once as its limits, windows and budgets let it, wave by wave, until none is left
 * or somebody ends it. The rules are in src/domain/fleet; here they are carried out. Cancelling it from outside lets
 * what is under way finish and starts nothing more.
 */
export async function fleetUpgrade(input: FleetUpgradeInput): Promise<FleetResult> {
  const fleet = new Fleet(input);
  listen(fleet);
  setHandler(fleetResultQuery, () => endOf(fleet));
  return CancellationScope.nonCancellable(() => run(fleet, input));
}

async function run(fleet: Fleet, input: FleetUpgradeInput): Promise<FleetResult> {
  const show = shower(fleet);
  let lookedMs = input.lookedMs ?? Date.now();
  for (;;) {
    if (Date.now() >= (nextLookMs(fleet, lookedMs) ?? Infinity)) {
      await lookAfterTenants(fleet);
      lookedMs = Date.now();
    }
    advance(fleet.ledger, Date.now());
    await askWindows(fleet);
    const isMore = await makeMoves(fleet);
    advance(fleet.ledger, Date.now());
    tellNews(fleet);
    show();
    if (fleet.isSettled && !fleet.isClosing && isOver(fleet.ledger, Date.now())) {
      await condition(allHandlersFinished);
      // One of them may have been told to try somebody again.
      const isEnd = (): boolean => isOver(fleet.ledger, Date.now());
      if (isEnd()) await tellEnd(fleet, isEnd);
      const kept = isEnd() && patched(KEEPS_REPORTS) ? await keepReport() : undefined;
      if (isEnd()) return endOf(fleet, kept);
    }
    if (isLong(input)) return continueElsewhere(fleet, { ...input, lookedMs });
    if (!isMore) await fleet.untilTouched(untilMs(fleet, lookedMs));
  }
}

/** Does what may be done now; true where there is more than one go of it. */
async function makeMoves(fleet: Fleet): Promise<boolean> {
  for (let moves = 0; moves < STARTED_IN_ONE_GO; moves += 1) {
    const move = nextMove(fleet.ledger, Date.now());
    if (!move) return false;
    if (move.kind === 'start') startTenant(fleet, move.index);
    else {
      happens(fleet.ledger, move.index, { kind: 'admitted' }, Date.now());
      admitTenant(fleet, move.index);
    }
  }
  await condition(() => fleet.isSettled);
  return true;
}

function untilMs(fleet: Fleet, lookedMs: number): number | undefined {
  const nowMs = Date.now();
  const moments = [nextWakeMs(fleet.ledger, nowMs), nextLookMs(fleet, lookedMs), nextTellMs(fleet)].filter(
    (moment) => moment !== undefined,
  );
  return moments.length > 0 ? Math.min(...moments) : undefined;
}

function isLong({ continueAfter = CONTINUE_AFTER_EVENTS }: FleetUpgradeInput): boolean {
  const { historyLength, continueAsNewSuggested } = workflowInfo();
  return continueAsNewSuggested || historyLength > continueAfter;
}

/** Nothing may be lost on the way: what was asked for is awaited, and no handler is in the middle of anything. */
async function continueElsewhere(fleet: Fleet, input: FleetUpgradeInput): Promise<never> {
  await condition(() => fleet.isSettled && allHandlersFinished());
  const { spec, state } = fleet.ledger;
  return continueAsNew<typeof fleetUpgrade>({ ...input, spec, state: { ...state, runs: state.runs + 1 } });
}

/** As it would end now: while it is being kept, somebody may let the fleet go on. */
async function keepReport(): Promise<ReportKept> {
  const kept = await keptBy(() => keeping.keepFleetReport());
  await condition(allHandlersFinished);
  return kept;
}

/** The fleet itself goes on as it is. */
function endOf({ ledger: { spec, state } }: Fleet, reportKept?: ReportKept): FleetResult {
  const nowMs = Date.now();
  const ended = new Ledger(spec, state);
  ended.journal(nowMs, 'ended');
  return {
    progress: { ...fleetProgress(ended, nowMs), ...(reportKept ? { reportKept } : {}) },
    tenants: tenantLines(spec, ended.state.entries),
    spec,
    state: ended.state,
  };
}

/** Shows in Temporal's own UI where the fleet stands. */
function shower(fleet: Fleet): () => void {
  let shown: FleetPhase | undefined;
  return () => {
    setCurrentDetails(describeFleet(fleet.ledger, Date.now()));
    const phase = phaseOf(fleet.ledger, Date.now());
    if (fleet.visible && phase !== shown) showAttributes({ ThreescaleState: phase });
    shown = phase;
  };
}
