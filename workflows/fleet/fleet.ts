import { condition, sleep } from '@temporalio/workflow';
import { Ledger } from '../../src/domain/fleet/ledger.ts';
import type { FleetUpgradeInput } from '../../src/domain/fleet/fleet-upgrade.ts';
import { NO_MEASURES } from '../../src/domain/fleet/rules/forecast.ts';
import { fleetWorkflowId, tenantRef } from '../../src/domain/fleet/spec/spec.ts';
import type { FleetState } from '../../src/domain/fleet/tenant/entry.ts';
import { isLive, LIVE } from '../../src/domain/fleet/tenant/states.ts';
import type { TenantRef } from '../../src/domain/tenant/tenant.ts';
import { tenantKeyOf } from '../../src/domain/tenant/tenant.ts';
import { known } from '../known-actor.ts';

/** Moments are met to the second: what is due within one is done in one go. */
const COARSE_MS = 1_000;

/** One fleet while it runs: what its parts share. */
export class Fleet {
  /** A new one takes its place where another file is applied. */
  ledger: Ledger;
  readonly visible: boolean;
  readonly namesClusters: boolean;
  /** Keys of tenants whose workflow this run of the fleet has started and which has not closed: Temporal tells it when. */
  readonly open = new Set<string>();
  /** Keys of tenants under way of whose end Temporal tells nobody: an earlier run of the fleet has started them. */
  readonly unwatched = new Set<string>();
  /** Ids of workflows that were reset, as it seems: what was said to them last is on its way, by a look at where they are. */
  readonly sought = new Map<string, Promise<void>>();
  #isTouched = false;
  /** When the earliest timer fires that runs. */
  #wakesAtMs = Infinity;
  #inTheAir = 0;
  #telling: Promise<void> = Promise.resolve();

  constructor({ spec, state, visible, namesClusters = false, ...input }: FleetUpgradeInput) {
    const startedBy = known(input.startedBy);
    this.visible = visible;
    this.namesClusters = namesClusters;
    this.ledger = new Ledger(spec, state ?? firstState({ startedBy }));
    if (!state) this.ledger.journal(Date.now(), 'started', startedBy);
    for (const index of this.ledger.counts.in(LIVE)) this.unwatched.add(tenantKeyOf(this.tenant(index)));
  }

  get workflowId(): string {
    return fleetWorkflowId(this.ledger.spec.name);
  }

  tenant(index: number): TenantRef {
    return tenantRef(this.ledger.spec, index);
  }

  /** True where nothing was asked of Temporal whose answer is still out: only then may the run end. */
  get isSettled(): boolean {
    return this.#inTheAir === 0;
  }

  /** True where the workflow of a tenant that has ended has not closed yet: it does in a moment. */
  get isClosing(): boolean {
    return [...this.open].some((key) => {
      const index = this.ledger.indexOf(key);
      return index !== undefined && !isLive(this.ledger.counts.state(index));
    });
  }

  /** Something has changed: the fleet looks again. */
  touch(): void {
    this.#isTouched = true;
  }

  /** Sleeps until something changes, at the latest until then. */
  async untilTouched(untilMs: number | undefined): Promise<void> {
    if (untilMs !== undefined) this.#wakeAt(untilMs);
    await condition(() => this.#isTouched);
    this.#isTouched = false;
  }

  /** A timer is never cancelled: one that fires early costs a look, and each cancellation would cost an event a report. */
  #wakeAt(atMs: number): void {
    const wakesAtMs = Math.ceil(atMs / COARSE_MS) * COARSE_MS;
    if (this.#wakesAtMs <= wakesAtMs) return;
    this.#wakesAtMs = wakesAtMs;
    void sleep(Math.max(COARSE_MS, wakesAtMs - Date.now())).then(() => {
      if (this.#wakesAtMs === wakesAtMs) this.#wakesAtMs = Infinity;
      this.touch();
    });
  }

  /** Does something beside the main loop, which it never fails. */
  inBackground(work: () => Promise<void>): Promise<void> {
    this.#inTheAir += 1;
    return work()
      .catch(() => undefined)
      .finally(() => {
        this.#inTheAir -= 1;
        this.touch();
      });
  }

  /** Says things to tenants, one after the other: a pause and a resume reach each in the order in which they came. */
  tell(work: () => Promise<void>): void {
    this.#telling = this.inBackground(async () => {
      await this.#telling;
      await work();
    });
  }
}

function firstState({ startedBy }: Pick<FleetUpgradeInput, 'startedBy'>): FleetState {
  return {
    startedAt: new Date(Date.now()).toISOString(),
    startedBy,
    entries: [],
    waves: [],
    measures: NO_MEASURES,
    journal: [],
    runs: 1,
  };
}
