import { allowanceShown, countsAgainst } from '../domain/fleet/rules/budget.ts';
import type { FleetShape } from '../domain/fleet/show/estimate.ts';
import { estimateEnd } from '../domain/fleet/show/estimate.ts';
import type { BudgetView, FleetProgress } from '../domain/fleet/show/progress.ts';
import type { Waiting } from '../domain/fleet/show/waits-for-somebody.ts';
import { waitsForSomebody } from '../domain/fleet/show/waits-for-somebody.ts';
import { windowCloses } from '../domain/fleet/show/window-closes.ts';
import type { TenantLine } from '../domain/fleet/show/tenant-lines.ts';
import type { StateCounts } from '../domain/fleet/tenant/states.ts';
import { countOf, FLEET_TENANT_STATES, IN_FLIGHT } from '../domain/fleet/tenant/states.ts';

/** One fleet as it is now. */
export interface FleetSeen {
  readonly name: string;
  /** Its workflow was ended from outside, and has left no result. */
  readonly isTerminated?: true;
  /** Absent: nobody answers for it, so that nothing is known of where it stands. */
  readonly known?: {
    readonly progress: FleetProgress;
    readonly shape: FleetShape;
    /** All that need somebody. */
    readonly attention: readonly TenantLine[];
  };
}

type Known = NonNullable<FleetSeen['known']>;
type Value = readonly [value: number, labels: Readonly<Record<string, string>>];

interface FleetValue {
  readonly name: string;
  readonly help: string;
  readonly labels: readonly string[];
  readonly values: (fleet: FleetSeen, nowMs: number) => readonly Value[];
}

const ofKnown =
  (values: (known: Known, nowMs: number) => readonly Value[]): FleetValue['values'] =>
  ({ known }, nowMs) =>
    known ? values(known, nowMs) : [];

/** Only what there is of it has a series: a hundred waves have some hundreds, and not a hundred for each state. */
export const FLEET_VALUES: readonly FleetValue[] = [
  {
    name: 'answers',
    help: '1: a worker answers for the fleet; 0: none does, and the fleet stands still.',
    labels: [],
    values: ({ known, isTerminated }) => (isTerminated ? [] : [[known ? 1 : 0, {}]]),
  },
  {
    name: 'terminated',
    help: '1: the fleet was ended from outside of this tool; its tenants under way go on by themselves. Others have no series.',
    labels: [],
    values: ({ isTerminated }) => (isTerminated ? [[1, {}]] : []),
  },
  {
    name: 'tenants',
    help: 'Tenants of the fleet, by wave and state; a state that none is in has no series.',
    labels: ['wave', 'state'],
    values: ofKnown(({ progress }) =>
      progress.waves.flatMap(({ name: wave, counts }) =>
        FLEET_TENANT_STATES.filter((state) => counts[state] > 0).map((state): Value => [
          counts[state],
          { wave, state },
        ]),
      ),
    ),
  },
  {
    name: 'phase',
    help: 'Where the fleet stands as a whole: 1 for its phase; the others have no series.',
    labels: ['phase'],
    values: ofKnown(({ progress: { phase } }) => [[1, { phase }]]),
  },
  {
    name: 'wave_state',
    help: 'Where each wave stands: 1 for its state; the others have no series.',
    labels: ['wave', 'state'],
    values: ofKnown(({ progress }) => progress.waves.map(({ name: wave, state }) => [1, { wave, state }])),
  },
  {
    name: 'slots',
    help: 'How many tenants of the fleet may be at work at once.',
    labels: [],
    values: ofKnown(({ progress: { limits } }) => [[limits.maxConcurrent, {}]]),
  },
  {
    name: 'slots_used',
    help: 'How many tenants of the fleet are at work.',
    labels: [],
    values: ofKnown(({ progress: { counts } }) => [[countOf(counts, IN_FLIGHT), {}]]),
  },
  {
    name: 'budget_left',
    help: 'How many more tenants may go wrong before the fleet halts, by kind; below 0: exceeded. The fleet’s own budget has no wave.',
    labels: ['wave', 'kind'],
    values: ofKnown(({ progress }) => [
      ...budgetLeft(progress.limits.failureBudget, progress.counts, ''),
      ...progress.waves.flatMap(({ name, counts, failureBudget }) =>
        failureBudget ? budgetLeft(failureBudget, counts, name) : [],
      ),
    ]),
  },
  {
    name: 'waits_for_somebody_seconds',
    help: 'How long the oldest thing has waited that needs somebody, by what it is.',
    labels: ['reason'],
    values: ofKnown(({ progress, attention }, nowMs) => oldest(waitsForSomebody(progress, attention), nowMs)),
  },
  {
    name: 'window_closes_seconds',
    help: 'Until the next of the open windows closes in which a tenant of a running wave is left.',
    labels: [],
    values: ofKnown(({ progress, shape }, nowMs) => {
      const closesAtMs = windowCloses(progress, shape, nowMs);
      return closesAtMs === undefined ? [] : [[(closesAtMs - nowMs) / 1_000, {}]];
    }),
  },
  {
    name: 'window_opens_seconds',
    help: 'Until the next window opens that a tenant waits for.',
    labels: [],
    values: ofKnown(({ progress: { nextWindowAt } }, nowMs) =>
      nextWindowAt === undefined ? [] : [[Math.max(0, (Date.parse(nextWindowAt) - nowMs) / 1_000), {}]],
    ),
  },
  {
    name: 'estimated_end_timestamp_seconds',
    help: 'When the fleet is predicted to have ended, as Unix time; no series where that cannot be said.',
    labels: [],
    values: ofKnown(({ progress, shape }, nowMs) => {
      const end = estimateEnd(progress, shape, nowMs);
      return end.kind === 'at' ? [[end.ms / 1_000, {}]] : [];
    }),
  },
  {
    name: 'forecast_seconds',
    help: 'How long one tenant is predicted to take, as measured in this fleet: staging, the switch, a rollback.',
    labels: ['part'],
    values: ofKnown(({ progress: { forecast } }) => [
      [forecast.stageMs / 1_000, { part: 'stage' }],
      [forecast.switchMs / 1_000, { part: 'switch' }],
      [forecast.rollbackMs / 1_000, { part: 'rollback' }],
    ]),
  },
];

function budgetLeft(budget: BudgetView, counts: StateCounts, wave: string): Value[] {
  return countsAgainst(counts).flatMap(([kind, used]): Value[] => {
    const allowed = allowanceShown(budget[kind]);
    return allowed === Infinity ? [] : [[allowed - used, { wave, kind }]];
  });
}

function oldest(waiting: readonly Waiting[], nowMs: number): Value[] {
  return waiting.map(({ reason, sinceMs }) => [Math.max(0, (nowMs - sinceMs) / 1_000), { reason }]);
}
