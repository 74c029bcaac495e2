import type { FinalState } from '../../tenant/progress.ts';

/**
 * Every state of a tenant in a fleet, and all that the rules, the commands and the screens ask about one: nowhere else is
 * said which states are what. In the order in which they are counted. Those that a run of a tenant ends in are its own; what
 * one that is held says of itself, report-of.ts.
 */
const TABLE = {
  /** Not started, or to be started again. */
  pending: { stage: 'waiting', share: 'waiting', skippable: true, quiet: true },
  /** Somebody else's upgrade of it runs: it is started when that has ended. */
  queued: { stage: 'waiting', share: 'waiting', skippable: true },
  /** In flight. */
  running: { stage: 'under-way', share: 'under-way', slot: 'has', good: true },
  /** Under way, waits for its window. */
  parked: { stage: 'under-way', share: 'under-way' },
  /** Under way, may go on as soon as there is a slot. */
  asking: { stage: 'under-way', share: 'under-way', slot: 'asks', quiet: true },
  /** Needs a decision. */
  held: {
    stage: 'stuck',
    share: 'failed',
    budget: 'failed',
    attention: { rank: 1, offers: ['retry', 'status'] },
  },
  /** Under way, but its cluster does not answer; tries again by itself. */
  unreachable: {
    stage: 'stuck',
    share: 'failed',
    budget: 'unreachable',
    attention: { rank: 3, offers: [] },
  },
  /** Its run has ended on the new version. */
  upgraded: { stage: 'settled', share: 'upgraded', good: true },
  /** It failed, and is what it was before. */
  reverted: {
    stage: 'settled',
    share: 'failed',
    budget: 'failed',
    skippable: true,
    attention: { rank: 4, offers: ['retry'] },
  },
  /** Something stood against its upgrade: nothing was touched. */
  blocked: {
    stage: 'settled',
    share: 'failed',
    budget: 'blocked',
    skippable: true,
    attention: { rank: 5, offers: ['retry', 'skip'] },
  },
  /** Left out, by an operator's word or by an abort. */
  skipped: { stage: 'settled', share: 'left-out' },
  /** An operator has stopped it, and it is what it was before. */
  aborted: { stage: 'settled', share: 'failed' },
  /** An operator has left it half way. */
  abandoned: { stage: 'settled', share: 'failed' },
  /** Was upgraded, and taken back by an operator's word. */
  'rolled-back': { stage: 'settled', share: 'left-out' },
  /** Its workflow was ended from outside: nobody knows how far it is. */
  lost: {
    stage: 'settled',
    share: 'failed',
    budget: 'failed',
    skippable: true,
    attention: { rank: 2, offers: ['retry'] },
  },
} as const satisfies Readonly<Record<string, Traits>> & Readonly<Record<FinalState, Traits>>;

/** Where a fleet's tenant stands, as the fleet knows it; the tenant's own workflow knows more. */
export type FleetTenantState = keyof typeof TABLE;

/**
 * `waiting`: nothing of it runs, and it is to be started. `under-way`: its workflow goes on by itself. `stuck`: its workflow
 * runs, and waits for somebody or for its cluster. `settled`: nothing more happens with it by itself.
 */
export type Stage = 'waiting' | 'under-way' | 'stuck' | 'settled';

/** What of a failure budget a tenant counts against. */
export const BUDGET_KINDS = ['failed', 'blocked', 'unreachable'] as const;
export type BudgetKind = (typeof BUDGET_KINDS)[number];

/** What became of a tenant, or may, as a bar and a colour show it; `left-out`: somebody wanted it so. */
export type Share = 'upgraded' | 'failed' | 'under-way' | 'left-out' | 'waiting';

/** A command that is offered to whoever looks at one that needs somebody. */
export type Offer = 'retry' | 'skip' | 'status';

/** What is left out is not so. */
export interface Traits {
  readonly stage: Stage;
  readonly share: Share;
  /** One of the slots that limits are about. */
  readonly slot?: 'has' | 'asks';
  readonly budget?: BudgetKind;
  /** `fleet skip` leaves it out: nothing of it runs, and it is not decided otherwise already. */
  readonly skippable?: true;
  /** A person has to look: rank 1 first. */
  readonly attention?: { readonly rank: number; readonly offers: readonly Offer[] };
  /** A failure that it remembers is of the past. */
  readonly good?: true;
  /** Comes and goes all the time: no news. */
  readonly quiet?: true;
}

export type StateCounts = Readonly<Record<FleetTenantState, number>>;

/** All of them, in the order in which they are counted. */
export const FLEET_TENANT_STATES = Object.keys(TABLE) as readonly FleetTenantState[];

/** Of which nothing is remembered: it was never started. */
export const NOT_STARTED: FleetTenantState = 'pending';

/** What is known of a state. */
export function traitsOf(state: FleetTenantState): Traits {
  return TABLE[state];
}

/** Those of which this is so, in the order in which they are counted. */
export function statesThat(are: (traits: Traits) => boolean): readonly FleetTenantState[] {
  return FLEET_TENANT_STATES.filter((state) => are(TABLE[state]));
}

/** How many are in one of these states. */
export function countOf(counts: StateCounts, states: readonly FleetTenantState[]): number {
  return states.reduce((sum, state) => sum + counts[state], 0);
}

/** Nothing of it runs, and it is to be started. */
export const WAITING = statesThat(({ stage }) => stage === 'waiting');
/** Its workflow goes on by itself. */
export const UNDER_WAY = statesThat(({ stage }) => stage === 'under-way');
/** Its workflow runs, and waits for somebody or for its cluster. */
export const STUCK = statesThat(({ stage }) => stage === 'stuck');
/** A workflow of it runs. */
export const LIVE = [...UNDER_WAY, ...STUCK];
/** It is on the new version. */
export const UPGRADED = statesThat(({ share }) => share === 'upgraded');
/** It has a slot. */
export const IN_FLIGHT = statesThat(({ slot }) => slot === 'has');
/** It works, or is about to as soon as there is a slot. */
export const MOVING = statesThat(({ slot }) => slot !== undefined);
/** It is under way, and may fail still: it does not count as failed yet. */
export const MAY_FAIL = LIVE.filter((state) => traitsOf(state).budget !== 'failed');
/** Under way, and waits for a person's decision. */
export const UNDECIDED = STUCK.filter((state) => traitsOf(state).budget === 'failed');
/** In the order in which a person looks at them. */
export const NEEDS_SOMEBODY = statesThat(({ attention }) => attention !== undefined).toSorted(
  (one, other) => (traitsOf(one).attention?.rank ?? 0) - (traitsOf(other).attention?.rank ?? 0),
);

export const isLive = (state: FleetTenantState): boolean => LIVE.includes(state);
export const isStuck = (state: FleetTenantState): boolean => traitsOf(state).stage === 'stuck';
export const hasSlot = (state: FleetTenantState): boolean => traitsOf(state).slot === 'has';

/** How many count against each kind of a budget. */
export function countsByBudget(counts: StateCounts): Readonly<Record<BudgetKind, number>> {
  const count = (kind: BudgetKind): number =>
    countOf(
      counts,
      statesThat(({ budget }) => budget === kind),
    );
  return { failed: count('failed'), blocked: count('blocked'), unreachable: count('unreachable') };
}
