import { isRunning } from '../../cli/found.ts';
import type { FoundFleet } from '../../cli/fleet/fleets.ts';
import { findFleet, fleetResult, noFleet, readFleet, readSpec, readTenants } from '../../cli/fleet/fleets.ts';
import { unservedSites } from '../../cli/fleet/sites.ts';
import { keptFleet } from '../../cli/kept.ts';
import type { Session } from '../../cli/session.ts';
import type { FleetResult } from '../../domain/fleet/fleet-upgrade.ts';
import type { FleetShape } from '../../domain/fleet/show/estimate.ts';
import { fleetShape } from '../../domain/fleet/show/estimate.ts';
import type { FleetProgress } from '../../domain/fleet/show/progress.ts';
import { tenantLines } from '../../domain/fleet/show/tenant-lines.ts';
import type { FleetSpec } from '../../domain/fleet/spec/spec.ts';
import { plainDeep, plainText } from '../../domain/text/plain-text.ts';
import type { Lines } from './lines.ts';
import { linesAfter } from './lines.ts';
import { Shared } from './shared.ts';

/** What moves is looked at so often. */
const MOVES_MS = 1_900;
/** Temporal forgets a worker that is gone after minutes only. */
const SITES_MS = 15_000;
/** Of thousands of tenants: so much longer than the reading of them took. */
const AT_LEAST_TIMES = 20;
const LINES_AT_LEAST_MS = 15_000;
/** Whoever looks at rows asks for some in that time. */
const WANTED_MS = 30_000;

/** A fleet as one look has found it. */
export interface FleetSeen {
  /** Absent: it is known from a kept report only. */
  readonly found?: FoundFleet;
  readonly progress: FleetProgress;
  /** That nobody carries it on, as lines. */
  readonly standsStill?: string;
  /** Of one that has ended. */
  readonly result?: FleetResult;
}

/** A fleet's spec, and how its tenants lie over clusters and windows. */
export interface SpecSeen {
  readonly spec: FleetSpec;
  readonly shape: FleetShape;
}

/** One fleet, asked by the same functions as the commands use, once for all who look. */
export class FleetSource {
  readonly #name: string;
  readonly #session: () => Session;
  readonly #seen = new Shared(() => this.#look(), MOVES_MS);
  readonly #sites = new Shared(
    async () => unservedSites(this.#session(), (await this.spec()).spec),
    SITES_MS,
  );
  readonly #lines = new Shared(
    () => this.#readLines(),
    () => this.#linesFreshMs,
  );
  #linesFreshMs = MOVES_MS;
  #wantedUntilMs = -Infinity;
  #known: Lines | undefined;
  #linesKey: { readonly key: string; readonly readMs: number } | undefined;
  #spec: SpecSeen | undefined;
  #ended: { readonly runId: string; readonly result: FleetResult } | undefined;

  constructor(name: string, session: () => Session) {
    this.#name = name;
    this.#session = session;
  }

  /** Where it stands. Throws as `fleet status` does. */
  seen(): Promise<FleetSeen> {
    return this.#seen.get();
  }

  async spec(): Promise<SpecSeen> {
    const { found, progress, result } = await this.seen();
    if (this.#spec?.spec.hash === progress.specHash) return this.#spec;
    const spec = result?.spec ?? (found && (await readSpec(this.#session(), found)));
    if (!spec) throw await noFleet(this.#name);
    this.#spec = { spec, shape: fleetShape(spec) };
    return this.#spec;
  }

  /** Sites that no worker serves. */
  sites(): Promise<readonly string[]> {
    return this.#sites.get();
  }

  /** All of its tenants, in the plan's order. */
  lines(): Promise<Lines> {
    this.#wantedUntilMs = performance.now() + WANTED_MS;
    return this.#lines.get();
  }

  /** The same while somebody looks at rows of it, else what is known: thousands of tenants are not asked for in vain. */
  async linesIfWanted(): Promise<Lines | undefined> {
    return performance.now() < this.#wantedUntilMs ? this.#lines.get() : this.#known;
  }

  /** As they were read last. */
  get knownLines(): Lines | undefined {
    return this.#known;
  }

  /** Something was said to it: what was seen before is of the past. */
  expire(): void {
    this.#seen.expire();
    this.#lines.expire();
    this.#linesKey = undefined;
  }

  async #look(): Promise<FleetSeen> {
    const session = this.#session();
    const found = await findFleet(session, this.#name);
    if (!found) {
      const kept = await keptFleet(session.io, this.#name);
      if (!kept) throw await noFleet(this.#name, ` on ${session.target.address}`);
      return { progress: plainDeep(kept.progress), result: kept };
    }
    if (!isRunning(found)) return this.#end(session, found);
    const progress = plainDeep(await readFleet(session, found));
    const still = session.looks?.told(found.description.workflowId);
    return { found, progress, ...(still === undefined ? {} : { standsStill: plainText(still) }) };
  }

  /** What has ended stays as it is: it is read once. */
  async #end(session: Session, found: FoundFleet): Promise<FleetSeen> {
    const { runId } = found.description;
    if (this.#ended?.runId !== runId) {
      await readFleet(session, found);
      this.#ended = { runId, result: await fleetResult(session, found) };
    }
    const { result } = this.#ended;
    return { found, progress: plainDeep(result.progress), result };
  }

  async #readLines(): Promise<Lines> {
    const { found, progress, result } = await this.seen();
    const { counts, specHash, attention, running } = progress;
    const key = JSON.stringify([found?.description.runId, counts, specHash, attention, running]);
    const nowMs = performance.now();
    const isSame = this.#linesKey?.key === key && nowMs - this.#linesKey.readMs < LINES_AT_LEAST_MS;
    if (this.#known && isSame) return this.#known;
    const lines = result
      ? tenantLines(result.spec, result.state.entries)
      : found
        ? await readTenants(this.#session(), found, {})
        : [];
    this.#known = linesAfter(this.#known, plainDeep(lines));
    this.#linesKey = { key, readMs: nowMs };
    this.#linesFreshMs = Math.max(MOVES_MS, (performance.now() - nowMs) * AT_LEAST_TIMES);
    return this.#known;
  }
}
