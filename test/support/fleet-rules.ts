import { nextMove } from '../../src/domain/fleet/rules/admission.ts';
import { Book } from '../../src/domain/fleet/ledger.ts';
import { NO_MEASURES } from '../../src/domain/fleet/rules/forecast.ts';
import { advance, isOver } from '../../src/domain/fleet/rules/progression.ts';
import type { FleetCluster, FleetSpec, TenantProfile, Wave } from '../../src/domain/fleet/spec/spec.ts';
import { DEFAULT_FLEET_ESTIMATE } from '../../src/domain/fleet/spec/spec.ts';
import type { FleetState, TenantEntry, TenantReport } from '../../src/domain/fleet/tenant/entry.ts';
import { admitted, reported, runStarted, started } from './fleet-happens.ts';
import type { FleetProgress } from '../../src/domain/fleet/show/progress.ts';
import { fleetProgress } from '../../src/domain/fleet/show/progress.ts';
import type { FinalState, StepFailure } from '../../src/domain/tenant/progress.ts';
import type { Actor } from '../../src/domain/tenant/tenant.ts';
import { DEFAULT_RETRY_LIMITS } from '../../src/domain/tenant/tenant-upgrade.ts';
import type { WindowPolicy } from '../../src/domain/windows/policy.ts';
import { neededMs } from './fleet-oracle.ts';

export const MINUTE_MS = 60_000;
export const START_MS = Date.parse('2018-12-01T00:00:00Z');
/** What a tenant needs of a window until something is measured: 10 + 30 + 30 minutes. */
export const NEEDED_MS = 70 * MINUTE_MS;
export const OPERATOR: Actor = { by: 'kim', why: 'a test' };

export const ALWAYS: WindowPolicy = { windows: [], freezes: [] };
export const SATURDAYS: WindowPolicy = {
  windows: [{ opens: '0 22 * * 6', durationMinutes: 240, zone: 'Europe/Berlin' }],
  freezes: [],
};

/** What a test says of a fleet; tenants go round the clusters and the window policies unless it says how. */
export interface FleetShape extends Partial<Omit<FleetSpec, 'waves' | 'clusters' | 'tenants' | 'profiles'>> {
  readonly waves: readonly (Partial<Wave> & Pick<Wave, 'tenants'>)[];
  readonly clusters?: readonly Partial<FleetCluster>[];
  readonly clusterOf?: (index: number) => number;
  readonly windowsOf?: (index: number) => number;
}

export function fleetOf(shape: FleetShape): FleetSpec {
  const { waves, clusters = [{}], windows = [ALWAYS], ...rest } = shape;
  const { clusterOf = (i) => i % clusters.length, windowsOf = (i) => i % windows.length, ...settings } = rest;
  const size = waves.reduce((sum, { tenants }) => sum + tenants, 0);
  return {
    name: 'prod',
    hash: '0123456789ab',
    paths: [{ from: '2.3', to: '2.4', steps: [], hash: 'ba9876543210' }],
    maxConcurrent: 10,
    maxConcurrentPerCluster: 10,
    failureBudget: { strict: false },
    estimate: DEFAULT_FLEET_ESTIMATE,
    retries: DEFAULT_RETRY_LIMITS,
    autoRetries: 0,
    retryAfterMinutes: 60,
    ...settings,
    windows,
    clusters: clusters.map((cluster, i) => ({ cluster: `api.c${i}:6443`, context: `c${i}`, ...cluster })),
    profiles: windows.map((_, policy): TenantProfile => ({
      path: 0,
      windows: policy,
      onFailure: 'revert',
      onClose: 'finish-step',
    })),
    tenants: Array.from({ length: size }, (_, i) => ({
      cluster: clusterOf(i),
      namespace: `t${i}`,
      profile: windowsOf(i),
    })),
    waves: waves.map((wave, i) => ({ name: `w${i}`, soakMinutes: 0, approval: 'none', ...wave })),
  };
}

export function freshState(): FleetState {
  return {
    startedAt: new Date(START_MS).toISOString(),
    startedBy: OPERATOR,
    entries: [],
    waves: [],
    measures: NO_MEASURES,
    journal: [],
    runs: 1,
  };
}

/** A fleet as its workflow would drive it, one event of a test after the other. */
export class FleetPlay {
  readonly book: Book;
  nowMs = START_MS;

  constructor(shape: FleetShape, state: FleetState = freshState()) {
    this.book = new Book(fleetOf(shape), state);
  }

  /** Starts and admits all that may be now; answers with their indexes, in order. */
  settle(): number[] {
    const moved: number[] = [];
    advance(this.book, this.nowMs);
    for (let move = nextMove(this.book, this.nowMs); move; move = nextMove(this.book, this.nowMs)) {
      moved.push(move.index);
      if (move.kind === 'admit') admitted(this.book, move.index, this.nowMs);
      else {
        started(this.book, move.index, this.nowMs);
        runStarted(this.book, move.index, this.runOf(move.index));
      }
      advance(this.book, this.nowMs);
    }
    return moved;
  }

  later(minutes: number): number[] {
    this.nowMs += minutes * MINUTE_MS;
    return this.settle();
  }

  /** Does something, and then all that follows from it; answers with whom it moves. */
  after(change: (book: Book, nowMs: number) => void): number[] {
    change(this.book, this.nowMs);
    return this.settle();
  }

  report(
    index: number,
    report: TenantReport,
    runId = this.entry(index).runId ?? this.runOf(index),
  ): number[] {
    return this.after((book, nowMs) => {
      reported(book, index, runId, report, nowMs);
    });
  }

  ends(index: number, state: FinalState, more: { readonly windowClosed?: boolean } = {}): number[] {
    const failure = state === 'upgraded' ? {} : { failure: FAILURE };
    return this.report(index, { kind: 'ended', state, backedUp: state !== 'blocked', ...failure, ...more });
  }

  /** The clock has said that this policy is open, and until when. */
  opens(policy: number, closesInMinutes?: number): number[] {
    const closes = closesInMinutes === undefined ? {} : { closesAtMs: this.inMinutes(closesInMinutes) };
    this.book.windows.told(policy, { neededMs: this.neededMs, answer: { status: 'open', ...closes } });
    return this.settle();
  }

  /** The clock has said that this policy is closed, and until when. */
  closes(policy: number, opensInMinutes: number): number[] {
    const answer = {
      status: 'closed',
      opensAtMs: this.inMinutes(opensInMinutes),
      because: 'window',
    } as const;
    this.book.windows.told(policy, { neededMs: this.neededMs, answer });
    return this.settle();
  }

  entry(index: number): TenantEntry {
    const entry = this.book.tally.entry(index);
    if (!entry) throw new Error(`tenant ${index} was never started`);
    return entry;
  }

  inMinutes(minutes: number): number {
    return this.nowMs + minutes * MINUTE_MS;
  }

  get neededMs(): number {
    return neededMs(this.book.spec, this.book.head.measures);
  }

  get isOver(): boolean {
    return isOver(this.book, this.nowMs);
  }

  get progress(): FleetProgress {
    return fleetProgress(this.book, this.nowMs);
  }

  get journal(): string[] {
    return this.book.head.journal.map(({ event }) => event);
  }

  runOf(index: number): string {
    return `run-${index}-${this.entry(index).attempts}`;
  }
}

export const FAILURE: StepFailure = { type: 'ServerError', message: 'something went wrong' };
export const HELD: TenantReport = { kind: 'held', failure: FAILURE };
export const UNREACHABLE: TenantReport = { kind: 'unreachable', failure: FAILURE };
export const ASKING: TenantReport = { kind: 'asking', reverting: false };
export const ASKING_TO_REVERT: TenantReport = { kind: 'asking', reverting: true };
export const parkedUntil = (opensAtMs: number): TenantReport => ({ kind: 'parked', opensAtMs });
