import type { ReportKept } from '../../tenant/report-kept.ts';
import type { Actor } from '../../tenant/tenant.ts';
import { actorOf } from '../../tenant/tenant.ts';
import type { WindowAnswer } from '../../windows/policy.ts';
import type { Ledger } from '../ledger.ts';
import type { Overrun } from '../rules/budget.ts';
import { describeAllowance } from '../rules/budget.ts';
import type { Forecast } from '../rules/forecast.ts';
import { awaitsApproval, awaitsAnswer, isOver, overrun, soakEndsMs } from '../rules/progression.ts';
import type { FailureBudget } from '../spec/spec.ts';
import { at } from '../spec/spec.ts';
import type { FleetJournalEntry, FleetState, Halt } from '../tenant/entry.ts';
import type { FleetTenantState, StateCounts } from '../tenant/states.ts';
import { countOf, MOVING, NEEDS_SOMEBODY, STUCK, UNDER_WAY, WAITING } from '../tenant/states.ts';
import type { TenantLine } from './tenant-lines.ts';
import { lineOf } from './tenant-lines.ts';
import type { TellingView } from '../tell/told.ts';
import { tellingView } from '../tell/told.ts';
import type { Versions } from '../spec/versions.ts';
import { describeVersions, versionsOf } from '../spec/versions.ts';

/** Where a fleet as a whole stands. */
export type FleetPhase =
  | 'running'
  /** Nothing can start before a window opens, somebody's upgrade ends, or a retry is due. */
  | 'waiting'
  | 'soaking'
  | 'awaiting-approval'
  /** Told to pause; something under way has not stopped yet. */
  | 'pausing'
  | 'paused'
  /** A budget is used up, or an operator has said so: somebody must look. */
  | 'halted'
  /** Only held, unreachable or unreachably parked tenants are left: they need somebody. */
  | 'needs-decisions'
  | 'aborting'
  | 'ended';

export interface WaveProgress {
  readonly name: string;
  readonly state: 'waiting' | 'soaking-before' | 'awaiting-approval' | 'running' | 'done';
  readonly total: number;
  readonly counts: StateCounts;
  readonly startedAt?: string;
  readonly doneAt?: string;
  /** How long it is left alone, once done. */
  readonly soakMinutes: number;
  /** While the soak before it lasts. */
  readonly soakEndsAt?: string;
  readonly approval: 'required' | 'none';
  readonly approvedBy?: Actor;
  readonly maxConcurrent?: number;
  /** As in `3 (10% of 30)`; absent: no budget of its own. */
  readonly failureBudget?: BudgetView;
}

export interface BudgetView {
  readonly failed: string;
  readonly blocked: string;
  readonly unreachable: string;
  readonly strict: boolean;
}

/** Tenants that wait to be started and keep to the same windows. */
export interface WaitingFor {
  /** Index into the spec's windows. */
  readonly windows: number;
  readonly tenants: number;
  readonly answer: WindowAnswer | undefined;
}

/** The answer of the fleet's progress query, and part of its result: everything a screen shows. */
export interface FleetProgress {
  readonly name: string;
  readonly specHash: string;
  /** Of its first path; `paths` has all where tenants take several. */
  readonly from: string;
  readonly to: string;
  readonly paths?: readonly Versions[];
  readonly phase: FleetPhase;
  readonly startedAt: string;
  readonly startedBy: Actor;
  readonly endedAt?: string;
  readonly total: number;
  readonly counts: StateCounts;
  /** Held or unreachable ones that were told what to do a moment ago. */
  readonly told: number;
  readonly waves: readonly WaveProgress[];
  readonly limits: {
    readonly maxConcurrent: number;
    readonly maxConcurrentPerCluster: number;
    readonly failureBudget: BudgetView;
  };
  readonly paused?: FleetState['paused'];
  readonly stoppedAt?: string;
  /** `overrun`: the budget that it would halt by again at once. */
  readonly halted?: { readonly since: string; readonly why: string; readonly overrun?: Overrun };
  readonly ending?: FleetState['ending'];
  /** At most `SHOWN` of each, in the fleet's order; `counts` has how many there are. */
  readonly running: readonly TenantLine[];
  readonly attention: readonly TenantLine[];
  readonly waitingFor: readonly WaitingFor[];
  /** When the next of the windows opens that somebody waits for. */
  readonly nextWindowAt?: string;
  readonly forecast: Forecast;
  readonly journal: readonly FleetJournalEntry[];
  /** How often the workflow has continued as new. */
  readonly runs: number;
  /** Where its report was kept as it ended; absent while it runs, and in fleets of earlier releases. */
  readonly reportKept?: ReportKept;
  /** Who is told, and how that went; absent where nobody is. */
  readonly telling?: TellingView;
}

/** Which versions its tenants go from and to, as a head says it. */
export const pathsShown = ({ paths, from, to }: Pick<FleetProgress, 'paths' | 'from' | 'to'>): string =>
  describeVersions(paths ?? [{ from, to }]);

/** How many tenants of a kind a screen is told of. */
const SHOWN = 100;

/** Under way: first those that work or may soon. */
const SHOWN_UNDER_WAY = [...new Set([...MOVING, ...UNDER_WAY])];

export function fleetProgress(ledger: Ledger, nowMs: number): FleetProgress {
  const { spec, counts, head } = ledger;
  const { paused, stoppedAt, halted, ending, startedAt, startedBy, journal, runs } = head;
  const paths = versionsOf(spec.paths);
  const [path] = paths;
  const waitingFor = waitingForWindows(ledger);
  const opens = waitingFor.flatMap(({ answer }) =>
    answer?.status === 'closed' || answer?.status === 'does-not-fit' ? answer.opensAtMs : [],
  );
  const phase = phaseOf(ledger, nowMs);
  const lines = (states: readonly FleetTenantState[]): TenantLine[] =>
    states.flatMap((state) =>
      counts.ofFleet[state] === 0
        ? []
        : counts
            .in([state])
            .slice(0, SHOWN)
            .map((index) => lineOf(spec, counts.entries, index, at(spec.waves, counts.waveOf(index)).name)),
    );
  return {
    name: spec.name,
    specHash: spec.hash,
    from: path?.from ?? '',
    to: path?.to ?? '',
    ...(paths.length > 1 ? { paths } : {}),
    phase,
    startedAt,
    startedBy,
    ...(phase === 'ended' ? { endedAt: new Date(nowMs).toISOString() } : {}),
    total: counts.size,
    counts: { ...counts.ofFleet },
    told: awaitsAnswer(ledger, nowMs) ? ledger.awaited.size : 0,
    waves: spec.waves.map((_, wave) => waveProgress(ledger, wave, nowMs)),
    limits: {
      maxConcurrent: spec.maxConcurrent,
      maxConcurrentPerCluster: spec.maxConcurrentPerCluster,
      failureBudget: budgetView(spec.failureBudget, counts.size),
    },
    ...(paused ? { paused } : {}),
    ...(stoppedAt === undefined ? {} : { stoppedAt }),
    ...(halted ? { halted: haltView(ledger, halted) } : {}),
    ...(ending ? { ending } : {}),
    running: lines(SHOWN_UNDER_WAY),
    attention: lines(NEEDS_SOMEBODY),
    waitingFor,
    ...(opens.length > 0 ? { nextWindowAt: new Date(Math.min(...opens)).toISOString() } : {}),
    forecast: ledger.forecast,
    journal,
    runs,
    ...telling(ledger),
  };
}

function telling({ spec, head }: Ledger): Pick<FleetProgress, 'telling'> {
  const view = tellingView(spec.notify ?? [], head.told);
  return view ? { telling: view } : {};
}

function haltView(ledger: Ledger, { sinceMs, why }: Halt): NonNullable<FleetProgress['halted']> {
  const over = overrun(ledger);
  return { since: new Date(sinceMs).toISOString(), why, ...(over ? { overrun: over } : {}) };
}

/** Where it stands as a whole. */
export function phaseOf(ledger: Ledger, nowMs: number): FleetPhase {
  const { head, counts, again } = ledger;
  const { ofFleet } = counts;
  if (isOver(ledger, nowMs)) return 'ended';
  if (head.paused) return head.stoppedAt === undefined && !head.paused.newOnly ? 'pausing' : 'paused';
  if (head.ending) return 'aborting';
  if (head.halted) return 'halted';
  if (countOf(ofFleet, MOVING) > 0 || awaitsAnswer(ledger, nowMs)) return 'running';
  if (awaitsApproval(ledger, nowMs) !== undefined) return 'awaiting-approval';
  if ((soakEndsMs(ledger) ?? 0) > nowMs) return 'soaking';
  const comes = countOf(ofFleet, [...WAITING, ...UNDER_WAY]) + again.size;
  if (countOf(ofFleet, STUCK) > 0 && comes === 0) return 'needs-decisions';
  return comes > 0 ? 'waiting' : 'running';
}

function waveProgress(ledger: Ledger, wave: number, nowMs: number): WaveProgress {
  const { spec, waves, counts } = ledger;
  const { name, tenants, soakMinutes, approval, maxConcurrent, failureBudget } = at(spec.waves, wave);
  const { startedMs, doneMs, approved } = at(waves, wave);
  const soakEnds = wave === ledger.currentWave ? (soakEndsMs(ledger) ?? 0) : 0;
  const state = (): WaveProgress['state'] => {
    if (doneMs !== undefined) return 'done';
    if (startedMs !== undefined) return 'running';
    if (soakEnds > nowMs) return 'soaking-before';
    const isAwaited = awaitsApproval(ledger, nowMs) === wave && !isOver(ledger, nowMs);
    return isAwaited ? 'awaiting-approval' : 'waiting';
  };
  return {
    name,
    state: state(),
    total: tenants,
    counts: { ...counts.ofWave(wave) },
    ...(startedMs === undefined ? {} : { startedAt: new Date(startedMs).toISOString() }),
    ...(doneMs === undefined ? {} : { doneAt: new Date(doneMs).toISOString() }),
    soakMinutes,
    ...(soakEnds > nowMs ? { soakEndsAt: new Date(soakEnds).toISOString() } : {}),
    approval,
    ...(approved ? { approvedBy: actorOf(approved) } : {}),
    ...(maxConcurrent === undefined ? {} : { maxConcurrent }),
    ...(failureBudget ? { failureBudget: budgetView(failureBudget, tenants) } : {}),
  };
}

function budgetView(budget: Partial<FailureBudget>, size: number): BudgetView {
  return {
    failed: describeAllowance(budget.failed, size),
    blocked: describeAllowance(budget.blocked, size),
    unreachable: describeAllowance(budget.unreachable, size),
    strict: budget.strict ?? false,
  };
}

/** Of waves that have begun, and those that come again: the others wait for more than a window. */
function waitingForWindows(ledger: Ledger): WaitingFor[] {
  const tenants = new Map<number, number>();
  ledger.waves.forEach(({ startedMs }, wave) => {
    if (startedMs === undefined) return;
    for (const { policyIndex: windows, waiting } of ledger.waiting.of(wave)) {
      tenants.set(windows, (tenants.get(windows) ?? 0) + waiting.length);
    }
  });
  for (const index of ledger.again) {
    const windows = ledger.policyOf(index);
    if (!ledger.counts.entry(index)?.takingBack) tenants.set(windows, (tenants.get(windows) ?? 0) + 1);
  }
  const byPolicy = [...tenants].sort(([a], [b]) => a - b);
  return byPolicy.map(([windows, count]) => ({
    windows,
    tenants: count,
    answer: ledger.windows.answer(windows),
  }));
}
