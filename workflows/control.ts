import { ApplicationFailure, CancellationScope, setHandler } from '@temporalio/workflow';
import type { DecisionMessage } from '../src/domain/decisions.ts';
import { refusal } from '../src/domain/decisions.ts';
import type { Decision } from '../src/domain/progress.ts';
import { isFinal } from '../src/domain/progress.ts';
import type { Actor } from '../src/domain/tenant.ts';
import {
  abandonUpdate,
  abortSignal,
  pauseSignal,
  progressQuery,
  resumeSignal,
  retryUpdate,
  revertUpdate,
  skipStepUpdate,
} from './messages.ts';
import type { ProgressKeeper } from './progress.ts';

export interface TakenDecision {
  readonly decision: Decision;
  readonly actor: Actor;
}

/** What people want of a running upgrade. Handlers only note it; the workflow acts on it where it is safe to. */
export class Control {
  readonly #progress: ProgressKeeper;
  readonly #interruptible = new Set<CancellationScope>();
  #abort: Actor | undefined;
  #decision: TakenDecision | undefined;
  #reverting = false;

  constructor(progress: ProgressKeeper) {
    this.#progress = progress;
  }

  get isPaused(): boolean {
    return this.#progress.current.paused !== undefined;
  }

  /** Who asked for the end, until it is acted on. */
  get abort(): Actor | undefined {
    return this.#abort;
  }

  /** What was decided about the held tenant and is not acted on yet. */
  get decision(): TakenDecision | undefined {
    return this.#decision;
  }

  takeDecision(): TakenDecision | undefined {
    const decision = this.#decision;
    this.#decision = undefined;
    return decision;
  }

  takeAbort(): Actor | undefined {
    const abort = this.#abort;
    this.#abort = undefined;
    return abort;
  }

  /** From here on an abort has nothing to add. */
  revertBegins(): void {
    this.#reverting = true;
  }

  /** Runs what an abort before the point of no return may stop in the middle. */
  async interruptibly<T>(work: () => Promise<T>): Promise<T> {
    const scope = new CancellationScope({ cancellable: true });
    this.#interruptible.add(scope);
    try {
      return await scope.run(work);
    } finally {
      this.#interruptible.delete(scope);
    }
  }

  /** Registers every handler; before the first await, so that messages sent before the start are heard. */
  listen(): void {
    setHandler(progressQuery, () => this.#progress.current);
    setHandler(pauseSignal, (actor) => this.#onPause(known(actor)));
    setHandler(resumeSignal, (actor) => this.#onResume(known(actor)));
    setHandler(abortSignal, (actor) => this.#onAbort(known(actor)));
    setHandler(retryUpdate, (message) => this.#onDecision('retry', message), this.#validated('retry'));
    setHandler(
      skipStepUpdate,
      (message) => this.#onDecision('skip-step', message),
      this.#validated('skip-step'),
    );
    setHandler(revertUpdate, (message) => this.#onDecision('revert', message), this.#validated('revert'));
    setHandler(abandonUpdate, (message) => this.#onDecision('abandon', message), this.#validated('abandon'));
    void CancellationScope.current().cancelRequested.catch(() => {
      this.#onAbort({ by: 'Temporal', why: 'the workflow was cancelled from outside' });
    });
  }

  #onPause(actor: Actor): void {
    if (this.isPaused || isFinal(this.#progress.current.state)) return;
    this.#progress.paused(actor);
  }

  #onResume(actor: Actor): void {
    if (this.isPaused) this.#progress.resumed(actor);
  }

  #onAbort(actor: Actor): void {
    const { state, held, pastPointOfNoReturn } = this.#progress.current;
    if (isFinal(state)) return;
    this.#progress.record('abort-requested', actor, this.#abortMeans());
    if (this.isPaused) this.#progress.resumed(actor, 'the abort ends the pause');
    if (this.#reverting || (held && pastPointOfNoReturn)) return;
    this.#abort ??= actor;
    if (pastPointOfNoReturn) return;
    for (const scope of this.#interruptible) scope.cancel();
  }

  #abortMeans(): string {
    const { held, pastPointOfNoReturn } = this.#progress.current;
    if (this.#reverting) return 'it is being reverted already, and goes on with that';
    if (!pastPointOfNoReturn) return 'what was changed is undone';
    return held
      ? 'it is held already: decide about it'
      : 'past the point of no return: it is held at the next step';
  }

  #onDecision(decision: Decision, { by, why, step }: DecisionMessage): Decision {
    const actor = { by, why };
    const stepId = step ?? this.#progress.current.held?.stepId;
    this.#decision = { decision, actor };
    this.#progress.record('decided', actor, [decision, stepId].join(' '));
    return decision;
  }

  #validated(decision: Decision) {
    return {
      validator: (message: DecisionMessage) => {
        const reason = this.#decision
          ? `${this.#decision.actor.by} has just decided ${this.#decision.decision}`
          : refusal(this.#progress.current, decision, message);
        if (reason !== undefined) throw ApplicationFailure.nonRetryable(reason, 'Refused');
      },
    };
  }
}

/** A signal sent by hand may lack what every message of ours carries. */
function known(actor: Partial<Actor> | undefined): Actor {
  return { by: actor?.by?.trim() || 'somebody', why: actor?.why?.trim() || 'no reason given' };
}
