import type { TenantReport } from '../../src/domain/fleet/tenant/entry.ts';
import type { FinalState } from '../../src/domain/tenant/progress.ts';
import type { Ledger } from '../../src/domain/fleet/ledger.ts';
import type { Act, Run } from './fleet-world-plan.ts';
import {
  ASKING,
  ASKING_TO_REVERT,
  FAILURE,
  HELD,
  MINUTE_MS,
  parkedUntil,
  UNREACHABLE,
} from './fleet-rules.ts';

/** What a tenant needs of the world that it lives in. */
interface World {
  readonly ledger: Ledger;
  readonly nowMs: number;
  plan(minutes: number, what: () => void): void;
  report(index: number, runId: string, report: TenantReport): void;
  isGone(index: number, runId: string): void;
}

/** A tenant's own workflow, as a fleet sees it: it reports, keeps to a pause, and does what its plan says. */
export class FakeChild {
  readonly #world: World;
  readonly #index: number;
  readonly #runId: string;
  readonly #run: Run;
  readonly #acts: Act[];
  #final: Run['final'];
  /** What was planned under an older number happens no more. */
  #turn = 0;
  #isStopped = false;
  #isUndoing: boolean;
  isGone = false;

  constructor(world: World, index: number, run: Run, how: { runId: string; isTakenBack: boolean }) {
    this.#world = world;
    this.#index = index;
    this.#run = run;
    this.#acts = [...run.acts];
    this.#final = run.final;
    this.#runId = how.runId;
    this.#isUndoing = how.isTakenBack;
  }

  /** Has a slot and works. */
  go(): void {
    this.#soon(this.#run.minutes, () => this.#next());
  }

  resume(): void {
    if (!this.#isStopped) return;
    this.#isStopped = false;
    this.#report({ kind: 'going' });
    this.go();
  }

  /** Told to undo what it did: who has no slot asks for one first. */
  undo(): void {
    if (this.isGone || this.#isUndoing) return;
    this.#isUndoing = true;
    this.#isStopped = false;
    this.#acts.length = 0;
    this.#final = 'aborted';
    if (this.#world.ledger.counts.state(this.#index) === 'running') this.go();
    else this.#soon(0.5, () => this.#report(ASKING_TO_REVERT));
  }

  /** Whatever it does first, before anybody knows its id. */
  rush(): void {
    this.#next();
  }

  #next(): void {
    const { paused } = this.#world.ledger.head;
    if (paused && !paused.newOnly && !this.#isUndoing) {
      this.#isStopped = true;
      this.#report({ kind: 'stopped' });
      return;
    }
    const act = this.#acts.shift();
    if (act === undefined) this.#end(this.#final);
    else this.#do(act);
  }

  #do(act: Act): void {
    const { minutes } = this.#run;
    switch (act) {
      case 'ask':
        this.#report(ASKING);
        return;
      case 'park':
        this.#report(parkedUntil(this.#world.nowMs + minutes * MINUTE_MS));
        this.#soon(minutes, () => this.#report(ASKING));
        return;
      case 'unreachable':
        this.#report(UNREACHABLE);
        this.#soon(minutes, () => this.#report(ASKING));
        return;
      case 'hold':
        this.#report(HELD);
        this.#soon(minutes, () => this.#decided());
    }
  }

  #decided(): void {
    if (this.#run.decision === 'abandon') return this.#end('abandoned');
    if (this.#run.decision === 'retry') return this.#report(ASKING);
    this.#isUndoing = true;
    this.#acts.length = 0;
    this.#final = 'reverted';
    this.#report(ASKING_TO_REVERT);
  }

  #end(final: Run['final']): void {
    this.isGone = true;
    if (final === 'gone') return this.#world.isGone(this.#index, this.#runId);
    const state: FinalState = final === 'window' ? 'reverted' : final;
    const report: TenantReport = {
      kind: 'ended',
      state,
      backedUp: state !== 'blocked',
      ...(final === 'window' ? { windowClosed: true } : {}),
      ...(final === 'upgraded' || final === 'window' ? {} : { failure: FAILURE }),
      ...(this.#run.measured ? { measured: this.#run.measured } : {}),
    };
    this.#report(report);
    // Temporal tells the fleet as well, a little later.
    this.#world.plan(0.1, () => this.#report(report));
  }

  #report(report: TenantReport): void {
    this.#world.report(this.#index, this.#runId, report);
  }

  #soon(minutes: number, what: () => void): void {
    this.#turn += 1;
    const turn = this.#turn;
    this.#world.plan(minutes, () => {
      if (turn === this.#turn && !this.isGone) what();
    });
  }
}
