import type { Move } from '../../src/domain/fleet/rules/admission.ts';
import type { Ledger } from '../../src/domain/fleet/ledger.ts';
import type { Allowance, FailureBudget, FleetSpec } from '../../src/domain/fleet/spec/spec.ts';
import type { FleetState, TenantEntry } from '../../src/domain/fleet/tenant/entry.ts';
import type { FleetTenantState } from '../../src/domain/fleet/tenant/states.ts';

const MINUTE_MS = 60_000;
const UNDER_WAY: readonly FleetTenantState[] = ['running', 'parked', 'asking', 'unreachable'];
const FAILED: readonly FleetTenantState[] = ['reverted', 'held', 'lost'];

/** One tenant, with what the rules need of it looked up from scratch. */
export interface Seen {
  readonly index: number;
  readonly wave: number;
  readonly cluster: number;
  readonly entry: TenantEntry | null;
  readonly state: FleetTenantState;
}

/** The rules of admission once more: slowly, from the carried-over state alone, sharing no code with the product's. */
export class Oracle {
  readonly tenants: readonly Seen[];
  readonly #ledger: Ledger;

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
    const waveOf = ledger.spec.waves.flatMap(({ tenants }, wave) => Array<number>(tenants).fill(wave));
    const { entries } = ledger.state;
    this.tenants = ledger.spec.tenants.map(({ cluster }, index) => {
      const entry = entries[index] ?? null;
      return { index, wave: waveOf[index] ?? -1, cluster, entry, state: entry?.state ?? 'pending' };
    });
  }

  count(states: readonly FleetTenantState[], of: (seen: Seen) => boolean = () => true): number {
    return this.tenants.filter((seen) => states.includes(seen.state) && of(seen)).length;
  }

  /** The move that the rules want; they leave no choice. */
  move(nowMs: number): Move | undefined {
    const { paused, halted, ending } = this.#ledger.head;
    const withRoom = this.tenants.filter((seen) => this.#hasSlot(seen));
    const goesOn = withRoom.find(
      ({ state, entry }) =>
        state === 'asking' && (!paused || paused.newOnly === true || entry?.reverting === true),
    );
    if (goesOn) return { kind: 'admit', index: goesOn.index };
    if (paused) return undefined;
    const again = withRoom.filter(
      ({ state, entry }) =>
        ![...UNDER_WAY, 'held'].includes(state) && (entry?.notBeforeMs ?? Infinity) <= nowMs,
    );
    const back = again.findLast(({ entry }) => entry?.takingBack);
    if (back) return { kind: 'start', index: back.index };
    if (ending) return undefined;
    const next =
      again.find(
        (seen) =>
          (!halted || seen.entry?.urgent === true) &&
          this.#hasBegun(seen.wave) &&
          this.#mayStart(seen, nowMs),
      ) ??
      (halted
        ? undefined
        : withRoom.find((seen) => !seen.entry && this.#hasBegun(seen.wave) && this.#mayStart(seen, nowMs)));
    return next && { kind: 'start', index: next.index };
  }

  /** Which limit is exceeded. */
  overLimit(): string | undefined {
    const { spec } = this.#ledger;
    if (this.count(['running']) > spec.maxConcurrent) return 'the fleet';
    const wave = spec.waves.findIndex(
      ({ maxConcurrent = Infinity }, w) => this.count(['running'], (t) => t.wave === w) > maxConcurrent,
    );
    if (wave >= 0) return `wave ${wave}`;
    const cluster = spec.clusters.findIndex(
      ({ maxConcurrent = spec.maxConcurrentPerCluster }, c) =>
        this.count(['running'], (t) => t.cluster === c) > maxConcurrent,
    );
    return cluster < 0 ? undefined : `cluster ${cluster}`;
  }

  /**
   * By how many the failures, with those that may still fail, are over a strict budget; not above 0: within it. With
   * `index`, the budgets that this tenant counts in: the fleet's and its wave's.
   */
  strictExcess({ withUnderWay = true, index }: { withUnderWay?: boolean; index?: number } = {}): number {
    const { spec } = this.#ledger;
    const counted = withUnderWay ? [...FAILED, ...UNDER_WAY] : FAILED;
    const its = index === undefined ? undefined : this.tenants[index]?.wave;
    const ofWaves = spec.waves.map(({ failureBudget, tenants }, w) =>
      failureBudget?.strict && (its ?? w) === w
        ? this.count(counted, ({ wave }) => wave === w) - most(failureBudget, tenants)
        : -Infinity,
    );
    const { failureBudget } = spec;
    return Math.max(
      failureBudget.strict ? this.count(counted) - most(failureBudget, this.tenants.length) : -Infinity,
      ...ofWaves,
    );
  }

  /** A wave is done without those that failed, and without those that wait for a person or for a cluster. */
  isDone(wave: number): boolean {
    return !this.tenants.some(
      ({ wave: its, state, entry }) =>
        its === wave &&
        (['running', 'parked', 'asking'].includes(state) ||
          (['pending', 'queued'].includes(state) && !entry?.failure)),
    );
  }

  /** Why this wave must not have begun yet; undefined where it may. */
  whyNotBegun(wave: number): string | undefined {
    const { spec, waves } = this.#ledger;
    const begun = waves[wave]?.startedMs;
    if (begun === undefined) return 'it has not begun';
    if (spec.waves[wave]?.approval === 'required') {
      const approved = waves[wave]?.approved?.atMs;
      if (approved === undefined || approved > begun) return 'nobody had approved it';
    }
    for (const [before, { tenants, soakMinutes }] of spec.waves.slice(0, wave).entries()) {
      const done = waves[before]?.doneMs;
      if (done === undefined) return `wave ${before} is not done`;
      if (tenants > 0 && done + soakMinutes * 60_000 > begun) return `wave ${before} soaks`;
    }
    return undefined;
  }

  #hasBegun(wave: number): boolean {
    return this.whyNotBegun(wave) === undefined;
  }

  #hasSlot({ wave, cluster }: Seen): boolean {
    const { spec } = this.#ledger;
    const ofWave = spec.waves[wave]?.maxConcurrent ?? Infinity;
    const ofCluster = spec.clusters[cluster]?.maxConcurrent ?? spec.maxConcurrentPerCluster;
    return (
      this.count(['running']) < spec.maxConcurrent &&
      this.count(['running'], (t) => t.wave === wave) < ofWave &&
      this.count(['running'], (t) => t.cluster === cluster) < ofCluster
    );
  }

  /** The windows that a tenant keeps to, by their place in the spec. */
  policyOf(index: number): number {
    const { tenants, profiles } = this.#ledger.spec;
    return profiles[tenants[index]?.profile ?? -1]?.windows ?? -1;
  }

  /** By what a clock has said last; a minute late is in time. */
  #isOpen(policy: number, nowMs: number): boolean {
    const { spec, windows, head } = this.#ledger;
    const { windows: some = [], freezes = [] } = spec.windows[policy] ?? {};
    if (some.length + freezes.length === 0) return true;
    const said = windows.answer(policy);
    if (said?.status !== 'open' && said?.status !== 'does-not-fit') return false;
    const { closesAtMs = Infinity } = said;
    return nowMs + neededMs(spec, head.measures) - closesAtMs <= MINUTE_MS;
  }

  #mayStart({ index, wave, state }: Seen, nowMs: number): boolean {
    const { spec } = this.#ledger;
    if (!this.#isOpen(this.policyOf(index), nowMs)) return false;
    const counted = [...FAILED, ...UNDER_WAY];
    const adds = counted.includes(state) ? 0 : 1;
    const { failureBudget, tenants = 0 } = spec.waves[wave] ?? {};
    const ofFleet = this.count(counted) + adds;
    const ofWave = this.count(counted, (t) => t.wave === wave) + adds;
    return (
      (!spec.failureBudget.strict || ofFleet <= most(spec.failureBudget, this.tenants.length)) &&
      (!failureBudget?.strict || ofWave <= most(failureBudget, tenants))
    );
  }
}

/** How long a tenant is taken to need: nine of ten took no longer for each part of it; the file's estimate for what none has done. */
export function neededMs(
  { estimate }: FleetSpec,
  { stageMs, switchMs, rollbackMs }: FleetState['measures'],
): number {
  const { stageMinutes, switchMinutes, rollbackMinutes } = estimate;
  return (
    (nineOfTen(stageMs) ?? stageMinutes * MINUTE_MS) +
    (nineOfTen(switchMs) ?? switchMinutes * MINUTE_MS) +
    (nineOfTen(rollbackMs) ?? rollbackMinutes * MINUTE_MS)
  );
}

/** The least of these that nine of ten do not exceed. */
function nineOfTen(values: readonly number[]): number | undefined {
  const enough = values.filter(
    (most) => values.filter((one) => one <= most).length * 10 >= values.length * 9,
  );
  return values.length === 0 ? undefined : Math.min(...enough);
}

function most({ failed }: Partial<FailureBudget>, size: number): number {
  return failed === undefined ? Infinity : allowedBySearch(failed, size);
}

/** The largest number that is no more than the allowance, found by trying: no rounding that could be wrong. */
function allowedBySearch(allowance: Allowance, size: number): number {
  if ('count' in allowance) return allowance.count;
  const hundredths = BigInt(allowance.percent.toFixed(2).replace('.', ''));
  let found = 0;
  while (BigInt(found + 1) * 10_000n <= hundredths * BigInt(size)) found += 1;
  return found;
}
