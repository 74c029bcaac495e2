import { setCurrentDetails } from '@temporalio/workflow';
import type { StepOutcome } from '../../src/domain/tenant/outcome.ts';
import { describeProgress } from '../../src/domain/tenant/describe-progress.ts';
import type {
  FinalState,
  HeldStatus,
  JournalEntry,
  StateEntry,
  StepFailure,
  StepProgress,
  StepStatus,
  StepUndo,
  TenantProgress,
  TenantState,
} from '../../src/domain/tenant/progress.ts';
import type { Step } from '../../src/domain/tenant/step-kinds.ts';
import type { TenantUpgradeInput } from '../../src/domain/tenant/tenant-upgrade.ts';
import type { Actor } from '../../src/domain/tenant/tenant.ts';
import type { Failed } from './failure.ts';
import { showAttributes } from '../search-attributes.ts';

/** As what it ends, and when. */
interface Ending {
  readonly state: FinalState;
  readonly at: string;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** The one place that holds where an upgrade stands; the progress query and Temporal's own UI read it. */
export class ProgressKeeper {
  readonly #steps: Mutable<StepProgress>[];
  readonly #journal: JournalEntry[] = [];
  readonly #leftovers: string[] = [];
  readonly #states: StateEntry[] = [];
  readonly #now: Mutable<TenantProgress>;
  readonly #visible: boolean;
  #shownState: TenantState = 'waiting';
  #ending: Ending | undefined;

  constructor({ tenant, path, startedBy, visible = false }: TenantUpgradeInput) {
    this.#visible = visible;
    this.#steps = path.steps.map(({ id, title, guide }) => ({
      id,
      title,
      guide,
      status: 'pending',
      attempts: 0,
    }));
    this.#now = {
      tenant,
      from: path.from,
      to: path.to,
      pathHash: path.hash,
      state: 'waiting',
      startedAt: timestamp(),
      steps: this.#steps,
      findings: [],
      pastPointOfNoReturn: false,
      leftovers: this.#leftovers,
      journal: this.#journal,
      states: this.#states,
    };
    this.#become('waiting');
    this.record('started', startedBy);
  }

  get current(): TenantProgress {
    return this.#now;
  }

  status(stepId: string): StepStatus {
    return this.#step(stepId).status;
  }

  /** What is only read, written as a whole. */
  note(
    facts: Partial<
      Pick<
        TenantProgress,
        | 'findings'
        | 'pastPointOfNoReturn'
        | 'mayBePastPointOfNoReturn'
        | 'backupSecret'
        | 'windowClosed'
        | 'revertedFor'
        | 'reportKept'
        | 'told'
      >
    >,
  ): void {
    Object.assign(this.#now, facts);
  }

  forgetBackup(): void {
    delete this.#now.backupSecret;
  }

  leave(leftover: string): void {
    this.#leftovers.push(leftover);
  }

  enter(state: TenantState): void {
    this.#become(state);
    this.#show();
  }

  record(event: JournalEntry['event'], actor?: Actor, detail?: string): void {
    const entry: JournalEntry = {
      at: timestamp(),
      event,
      ...(actor ? { actor } : {}),
      ...(detail ? { detail } : {}),
    };
    this.#journal.push(entry);
    this.#show();
  }

  started(step: Step): void {
    const progress = this.#step(step.id);
    progress.startedAt = timestamp();
    delete progress.endedAt;
    delete progress.failure;
    progress.status = 'running';
    this.#show();
  }

  ended(step: Step, outcome: StepOutcome): void {
    this.#end(step, outcome.status, outcome.attempts, outcome.note);
  }

  failed(step: Step, { failure, attempts }: Pick<Failed, 'failure' | 'attempts'>): void {
    this.#end(step, 'failed', attempts);
    this.#step(step.id).failure = failure;
  }

  failureOf(step: Step): StepFailure {
    return this.#step(step.id).failure ?? { type: 'Bug', message: 'it failed without saying how' };
  }

  /** Back in the queue: an operator said retry. */
  pending(step: Step): void {
    this.#step(step.id).status = 'pending';
  }

  /** Settled without anything having been tried: found done, or skipped by an operator. */
  settled(step: Step, status: 'unchanged' | 'skipped', note: string): void {
    this.#end(step, status, 0, note);
  }

  reverting(step: Step): void {
    const progress = this.#step(step.id);
    progress.undo = { startedAt: timestamp(), attempts: progress.undo?.attempts ?? 0 };
    progress.status = 'reverting';
    this.#show();
  }

  reverted(step: Step, { attempts, note }: Pick<StepUndo, 'attempts' | 'note'>): void {
    this.#endUndo(step, 'reverted', { attempts, ...(note === undefined ? {} : { note }) });
  }

  notReverted(step: Step, note: string): void {
    this.#endUndo(step, 'not-reverted', { attempts: 0, note });
  }

  paused(actor: Actor, of?: string): void {
    this.#now.paused = { ...actor, since: timestamp(), ...(of === undefined ? {} : { of }) };
    this.record('paused', actor);
  }

  resumed(actor: Actor, detail?: string): void {
    delete this.#now.paused;
    this.record('resumed', actor, detail);
  }

  windowAwaited(opensAtMs: number): void {
    this.#now.opensAt = new Date(opensAtMs).toISOString();
    this.#show();
  }

  windowReached(): void {
    delete this.#now.opensAt;
    this.#show();
  }

  held(status: Omit<HeldStatus, 'since'>): void {
    this.#now.held = { ...status, since: timestamp() };
    this.#become('held');
    this.record('held', undefined, `${status.stepId}: ${status.failure.message}`);
  }

  released(state: TenantState): void {
    delete this.#now.held;
    this.enter(state);
  }

  /** Fixes as what it ends, and when: its report says so already, and everybody else is told once it has ended. */
  concludes(state: FinalState): Ending {
    delete this.#now.paused;
    this.#ending = { state, at: timestamp() };
    return this.#ending;
  }

  /** As it will have ended. */
  get report(): TenantProgress {
    if (!this.#ending) return this.#now;
    const { state, at } = this.#ending;
    return {
      ...this.#now,
      state,
      endedAt: at,
      states: [...this.#states, { state, at }],
      journal: [...this.#journal, { at, event: 'ended', detail: state }],
    };
  }

  concluded({ state, at }: Ending): void {
    this.#states.push({ state, at });
    this.#journal.push({ at, event: 'ended', detail: state });
    this.#now.state = state;
    this.#now.endedAt = at;
    this.#show();
  }

  #end(step: Step, status: StepStatus, attempts: number, note?: string): void {
    const progress = this.#step(step.id);
    progress.status = status;
    progress.attempts += attempts;
    progress.endedAt = timestamp();
    if (note !== undefined) progress.note = note;
    this.#show();
  }

  #endUndo(step: Step, status: StepStatus, undo: StepUndo): void {
    const progress = this.#step(step.id);
    progress.status = status;
    const attempts = (progress.undo?.attempts ?? 0) + undo.attempts;
    progress.undo = { ...progress.undo, ...undo, attempts, endedAt: timestamp() };
    this.#show();
  }

  #become(state: TenantState): void {
    if (this.#states.at(-1)?.state !== state) this.#states.push({ state, at: timestamp() });
    this.#now.state = state;
  }

  #step(id: string): Mutable<StepProgress> {
    const step = this.#steps.find((candidate) => candidate.id === id);
    if (!step) throw new Error(`the path has no step ${id}`);
    return step;
  }

  #show(): void {
    setCurrentDetails(describeProgress(this.#now));
    if (!this.#visible || this.#shownState === this.#now.state) return;
    this.#shownState = this.#now.state;
    showAttributes({ ThreescaleState: this.#now.state });
  }
}

/** Temporal's clock, the same in every replay. */
function timestamp(): string {
  return new Date(Date.now()).toISOString();
}
