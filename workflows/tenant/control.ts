import { ApplicationFailure, CancellationScope, setHandler } from '@temporalio/workflow';
import type { DecisionMessage } from '../../src/domain/tenant/decisions.ts';
import { refusal } from '../../src/domain/tenant/decisions.ts';
import type { Decision } from '../../src/domain/tenant/progress.ts';
import { isFinal } from '../../src/domain/tenant/progress.ts';
import type { Actor } from '../../src/domain/tenant/tenant.ts';
import { answerQuery } from '../answers.ts';
import { known } from '../known-actor.ts';
import {
  abandonUpdate,
  abortSignal,
  decideSignal,
  pauseSignal,
  progressQuery,
  reportQuery,
  resumeSignal,
  retryUpdate,
  revertUpdate,
  skipStepUpdate,
} from './messages.ts';
import type { AbortMessage, FleetDecision, PauseMessage } from './messages.ts';
import type { ProgressKeeper } from './progress.ts';

/** In the place of a fleet's workflow id, which is never empty. */
const PEOPLE = '';

export interface TakenDecision {
  readonly decision: Decision;
  readonly actor: Actor;
}

/** What people want of a running upgrade. Handlers only note it; the workflow acts on it where it is safe to. */
export class Control {
  readonly #progress: ProgressKeeper;
  readonly #interruptible = new Set<CancellationScope>();
  readonly #untilPaused = new Set<CancellationScope>();
  #abort: Actor | undefined;
  /** What the abort means where the point of no return turns out to be crossed. */
  #late: AbortMessage['late'];
  #decision: TakenDecision | undefined;
  #reverting = false;
  #concluding = false;
  #working = 0;
  /** Who has paused it: its fleet, by its workflow id, or people themselves. It goes on once none is left. */
  readonly #pauses = new Map<string, Actor>();
  #pausesHeard = 0;

  constructor(progress: ProgressKeeper) {
    this.#progress = progress;
  }

  get isPaused(): boolean {
    return this.#progress.current.paused !== undefined;
  }

  /** How often it was told to pause, also where it was paused already. */
  get pausesHeard(): number {
    return this.#pausesHeard;
  }

  /** True where something of it is under way in the cluster. */
  get isWorking(): boolean {
    return this.#working > 0;
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

  /** An abort that came while nobody knew of the crossing, and finishes what is past it. */
  get abortFinishes(): boolean {
    return this.#abort !== undefined && this.#late === 'finish';
  }

  /** From here on an abort has nothing to add. */
  revertBegins(): void {
    this.#reverting = true;
  }

  /** From here on nothing more is done to the tenant, whatever comes. */
  concludes(): void {
    this.#concluding = true;
  }

  /** Runs what an abort before the point of no return may stop in the middle. */
  async interruptibly<T>(work: () => Promise<T>): Promise<T> {
    const scope = new CancellationScope({ cancellable: true });
    this.#interruptible.add(scope);
    try {
      return await scope.run(() => this.working(work));
    } finally {
      this.#interruptible.delete(scope);
    }
  }

  /** As `interruptibly`, of what a pause may stop as well. */
  async untilPaused<T>(work: () => Promise<T>): Promise<T> {
    return this.interruptibly(async () => {
      const scope = CancellationScope.current();
      this.#untilPaused.add(scope);
      try {
        return await work();
      } finally {
        this.#untilPaused.delete(scope);
      }
    });
  }

  /** Runs what changes or reads the cluster: paused, the upgrade has stopped when none of it runs. */
  async working<T>(work: () => Promise<T>): Promise<T> {
    this.#working += 1;
    try {
      return await work();
    } finally {
      this.#working -= 1;
    }
  }

  /** Registers every handler; before the first await, so that messages sent before the start are heard. */
  listen(): void {
    answerQuery(progressQuery, () => this.#progress.current);
    setHandler(reportQuery, () => this.#progress.report);
    setHandler(pauseSignal, (message) => this.#onPause(message));
    setHandler(resumeSignal, (message) => this.#onResume(message));
    setHandler(abortSignal, (message) => this.#onAbort(known(message), message?.late));
    setHandler(decideSignal, (message) => this.#onFleetsDecision(message));
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

  #onPause(message: Partial<PauseMessage> | undefined): void {
    if (isFinal(this.#progress.current.state)) return;
    this.#pausesHeard += 1;
    const by = message?.of ?? PEOPLE;
    const isRepeated = this.#pauses.has(by);
    // A fleet says so once more where it is not sure that it was heard; a person's reason stands in the report each time.
    if (isRepeated && by !== PEOPLE) return;
    const actor = known(message);
    const [first] = this.#pauses.values();
    if (!isRepeated) this.#pauses.set(by, actor);
    if (!this.isPaused) this.#progress.paused(actor, message?.of);
    else this.#progress.record('paused', actor, first && `it was paused already, by ${first.by}`);
    if (isRepeated) return;
    for (const scope of this.#untilPaused) scope.cancel();
  }

  /** Each ends its own pause; people that of its fleet as well, once there is none of their own. */
  #onResume(message: Partial<PauseMessage> | undefined): void {
    const [first] = this.#pauses.keys();
    const by = message?.of ?? (this.#pauses.has(PEOPLE) ? PEOPLE : first);
    if (by === undefined || !this.#pauses.delete(by)) return this.#onResumeOfNothing(message);
    const [left] = this.#pauses;
    this.#progress.resumed(known(message), left && `it is paused still, by ${left[1].by}`);
    if (left) this.#progress.paused(left[1], left[0] === PEOPLE ? undefined : left[0]);
  }

  #onResumeOfNothing(message: Partial<PauseMessage> | undefined): void {
    if (message?.of !== undefined || isFinal(this.#progress.current.state)) return;
    this.#progress.record('resumed', known(message), 'it was not paused');
  }

  #onAbort(actor: Actor, late: AbortMessage['late'] = 'hold'): void {
    const { state, held, pastPointOfNoReturn } = this.#progress.current;
    if (isFinal(state)) return;
    this.#progress.record('abort-requested', actor, this.#abortMeans(late));
    this.#pauses.clear();
    if (this.isPaused) this.#progress.resumed(actor, 'the abort ends the pause');
    if (this.#reverting || (held && pastPointOfNoReturn)) return;
    if (pastPointOfNoReturn && late === 'finish') return;
    if (!this.#abort) {
      this.#abort = actor;
      this.#late = late;
    }
    if (pastPointOfNoReturn) return;
    for (const scope of this.#interruptible) scope.cancel();
  }

  #abortMeans(late: AbortMessage['late']): string {
    const { held, pastPointOfNoReturn, mayBePastPointOfNoReturn } = this.#progress.current;
    if (this.#concluding) return 'it is ending as it stands: nothing more is done';
    if (this.#reverting) return 'it is being reverted already, and goes on with that';
    if (!pastPointOfNoReturn && mayBePastPointOfNoReturn)
      return 'where the cluster shows that the point of no return is not crossed, what was changed is undone';
    if (!pastPointOfNoReturn) return 'what was changed is undone';
    if (held) return 'it is held already: decide about it';
    if (late === 'finish') return 'past the point of no return: it is finished';
    return 'past the point of no return: it is held at the next step';
  }

  /** A fleet does not know what its tenant is held over, and nobody hears a refusal. */
  #onFleetsDecision({ decision, ...message }: FleetDecision): void {
    const during = this.#progress.current.held?.during;
    // It has changed nothing: to be taken back is to end.
    if (decision === 'revert' && during === 'checking') return this.#onAbort(known(message));
    const meant = decision === 'revert' && during === 'revert' ? 'retry' : decision;
    if (this.#reasonAgainst(meant, message) === undefined) this.#onDecision(meant, message);
  }

  #onDecision(decision: Decision, { step, ...message }: DecisionMessage): Decision {
    const actor = known(message);
    const stepId = step ?? this.#progress.current.held?.stepId;
    this.#decision = { decision, actor };
    this.#progress.record('decided', actor, [decision, stepId].join(' '));
    return decision;
  }

  #reasonAgainst(decision: Decision, message: DecisionMessage): string | undefined {
    return this.#decision
      ? `${this.#decision.actor.by} has just decided ${this.#decision.decision}`
      : refusal(this.#progress.current, decision, message);
  }

  #validated(decision: Decision) {
    return {
      validator: (message: DecisionMessage) => {
        const reason = this.#reasonAgainst(decision, message);
        if (reason !== undefined) throw ApplicationFailure.nonRetryable(reason, 'Refused');
      },
    };
  }
}
