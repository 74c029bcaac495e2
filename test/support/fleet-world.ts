import type { Move } from '../../src/domain/fleet/rules/admission.ts';
import { nextMove, windowsToAsk } from '../../src/domain/fleet/rules/admission.ts';
import { Ledger } from '../../src/domain/fleet/ledger.ts';
import { advance, isOver, nextWakeMs } from '../../src/domain/fleet/rules/progression.ts';
import { at } from '../../src/domain/fleet/spec/spec.ts';
import type { TenantReport } from '../../src/domain/fleet/tenant/entry.ts';
import { admitted, lost, refused, reported, runStarted, started } from './fleet-happens.ts';
import { isAlwaysOpen } from '../../src/domain/windows/policy.ts';
import { FakeChild } from './fleet-children.ts';
import { neededMs } from './fleet-oracle.ts';
import { answerStandstill, describeHang, obey } from './fleet-operator.ts';
import { freshState, MINUTE_MS, START_MS } from './fleet-rules.ts';
import type { WorldPlan } from './fleet-world-plan.ts';
import { askFakeWindow } from './fleet-world-plan.ts';

/** Told of everything that happens in a world, at the moment it does. */
export interface Witness {
  /** Before the move is made. */
  readonly moves?: (world: FleetWorld, move: Move | undefined) => void;
  /** After every change. */
  readonly changed?: (world: FleetWorld) => void;
}

/** So often the fleet wakes, windows opening and closing, with nothing moving: then somebody looks. */
const LOOKED_AT_AFTER = 20;
const MOST_WAKES_IN_VAIN = 400;
/** A fleet is over long before: what goes on for so many events never ends. */
const MOST_EVENTS = 20_000;

/** A fleet with all its tenants, clocks and operators over skipped time, driven as its workflow drives it. */
export class FleetWorld {
  readonly plans: WorldPlan;
  nowMs = START_MS;
  ledger: Ledger;
  /** Continued as new at some moment, and told the same ever since. */
  shadow: Ledger | undefined;
  /** Starts whose run has no id yet: a workflow does not continue as new before it has. */
  starting = 0;
  readonly children = new Map<number, FakeChild>();
  readonly #witness: Witness;
  #wakes = 0;
  readonly #queue: { readonly atMs: number; readonly what: () => void }[] = [];
  readonly #asked = new Set<number>();
  readonly #runs = new Map<number, number>();
  readonly #refusals = new Map<number, number>();

  constructor(plans: WorldPlan, witness: Witness = {}) {
    this.plans = plans;
    this.#witness = witness;
    this.ledger = new Ledger(plans.spec, freshState());
    for (const { atMinutes, order } of plans.orders) this.plan(atMinutes, () => obey(this, order));
  }

  /** Until the fleet is over. */
  run(): void {
    for (let events = 0; !this.#isOverAfterAllMoves(); events += 1) {
      if (events > MOST_EVENTS) throw new Error('the fleet never ends');
      const next = this.#queue.shift();
      const wakesMs = nextWakeMs(this.ledger, this.nowMs);
      if (next && next.atMs <= (wakesMs ?? Infinity)) {
        this.nowMs = Math.max(this.nowMs, next.atMs);
        next.what();
      } else {
        if (next) this.#queue.unshift(next);
        this.#wakes += 1;
        const isAnswered =
          (wakesMs === undefined || this.#wakes % LOOKED_AT_AFTER === 0) && answerStandstill(this);
        if (isAnswered) continue;
        if (wakesMs === undefined || this.#wakes > MOST_WAKES_IN_VAIN) throw new Error(describeHang(this));
        this.nowMs = wakesMs;
      }
    }
  }

  /** Says the same to the ledger and to its shadow. */
  tell(what: (ledger: Ledger) => void): void {
    what(this.ledger);
    if (this.shadow) what(this.shadow);
    this.#witness.changed?.(this);
  }

  plan(minutes: number, what: () => void): void {
    const atMs = this.nowMs + minutes * MINUTE_MS;
    const place = this.#queue.findIndex((other) => other.atMs > atMs);
    this.#queue.splice(place < 0 ? this.#queue.length : place, 0, { atMs, what });
  }

  report(index: number, runId: string, report: TenantReport): void {
    this.#wakes = 0;
    this.tell((ledger) => reported(ledger, index, runId, report, this.nowMs));
  }

  isGone(index: number, runId: string): void {
    this.tell((ledger) => lost(ledger, index, runId, 'its workflow was terminated', this.nowMs));
  }

  /** A ledger as it would be after continue-as-new; windows are asked anew. */
  reborn(): Ledger {
    return new Ledger(this.ledger.spec, JSON.parse(JSON.stringify(this.ledger.state)));
  }

  /** Asks the clocks now that had been asked before. */
  askAll(before: Ledger = this.ledger): void {
    for (const [policy, windows] of this.ledger.spec.windows.entries()) {
      if (!isAlwaysOpen(windows) && before.windows.answer(policy)) this.#ask(policy, 0);
    }
  }

  #isOverAfterAllMoves(): boolean {
    this.tell((ledger) => advance(ledger, this.nowMs));
    for (const policy of windowsToAsk(this.ledger, this.nowMs)) {
      if (!this.#asked.has(policy)) this.#ask(policy, this.plans.delaySeconds);
    }
    for (let move = this.#nextMove(); move; move = this.#nextMove()) {
      const { kind, index } = move;
      this.#wakes = 0;
      if (kind === 'admit') {
        this.tell((ledger) => admitted(ledger, index, this.nowMs));
        this.children.get(index)?.go();
      } else this.#start(index);
      this.tell((ledger) => advance(ledger, this.nowMs));
    }
    return isOver(this.ledger, this.nowMs);
  }

  #nextMove(): Move | undefined {
    const move = nextMove(this.ledger, this.nowMs);
    this.#witness.moves?.(this, move);
    return move;
  }

  #ask(policy: number, delaySeconds: number): void {
    const needed = neededMs(this.ledger.spec, this.ledger.head.measures);
    const answer = askFakeWindow(at(this.plans.windows, policy), needed, this.nowMs);
    const told = (): void => this.tell(({ windows }) => windows.note(policy, { neededMs: needed, answer }));
    if (delaySeconds === 0) return told();
    this.#asked.add(policy);
    this.plan(delaySeconds / 60, () => {
      this.#asked.delete(policy);
      told();
    });
  }

  #start(index: number): void {
    this.tell((ledger) => started(ledger, index, this.nowMs));
    this.starting += 1;
    this.plan(this.plans.delaySeconds / 60, () => {
      this.starting -= 1;
      this.#begin(index);
    });
  }

  #begin(index: number): void {
    const { refusals, runs, back } = at(this.plans.tenants, index);
    const met = this.#refusals.get(index) ?? 0;
    if (met < refusals) {
      this.#refusals.set(index, met + 1);
      return this.tell((ledger) => refused(ledger, index, this.nowMs));
    }
    const count = this.#runs.get(index) ?? 0;
    this.#runs.set(index, count + 1);
    const isTakenBack = this.ledger.counts.entry(index)?.takingBack !== undefined;
    const run = isTakenBack ? back : at(runs, Math.min(count, runs.length - 1));
    const runId = `run-${index}-${count}`;
    const child = new FakeChild(this, index, run, { runId, isTakenBack });
    this.children.set(index, child);
    // Of an end without a word the fleet hears from Temporal, which has told it of the start before.
    const isFast = run.isFast && run.final !== 'gone';
    if (isFast) child.rush();
    this.tell((ledger) => runStarted(ledger, index, runId));
    if (!isFast) child.go();
  }
}
