import { condition } from '@temporalio/workflow';
import type { StepFailure } from '../src/domain/progress.ts';
import type { WindowAnswer, WindowPolicy } from '../src/domain/window.ts';
import { isAlwaysOpen } from '../src/domain/window.ts';
import { computing, titled } from './activities.ts';
import type { Control } from './control.ts';
import { readFailure } from './failure.ts';
import type { ProgressKeeper } from './progress.ts';

export type GateAnswer =
  | { readonly status: 'open' }
  /** What the caller calls a reason to stop came while it waited. */
  | { readonly status: 'stopped' }
  | { readonly status: 'failed'; readonly failure: StepFailure };

export interface GateRequest {
  /** How long what is left may take; 0 asks only whether the window is open. */
  readonly neededMs: number;
  readonly stop: () => boolean;
}

/** Never ask a clock in a tight loop, whatever it answers. */
const SHORTEST_WAIT_MS = 1_000;

/** Stands before every step: passes when nobody has paused the upgrade and its window is open. */
export class Gate {
  readonly #policy: WindowPolicy;
  readonly #control: Control;
  readonly #progress: ProgressKeeper;
  /** An answer holds until its window closes, so that history sees one question a window. */
  #openUntilMs = 0;

  constructor(policy: WindowPolicy, control: Control, progress: ProgressKeeper) {
    this.#policy = policy;
    this.#control = control;
    this.#progress = progress;
  }

  async pass({ neededMs, stop }: GateRequest): Promise<GateAnswer> {
    for (;;) {
      await this.pause(stop);
      if (stop()) return { status: 'stopped' };
      if (neededMs === 0 && Date.now() < this.#openUntilMs) return { status: 'open' };
      const answer = await this.#ask(neededMs);
      if ('failure' in answer) return { status: 'failed', failure: answer.failure };
      if (answer.status !== 'open') await this.#wait(answer, stop);
      else if (!this.#control.isPaused && !stop()) return { status: 'open' };
    }
  }

  /** Waits out a pause, or until there is a reason to stop. */
  async pause(stop: () => boolean = () => false): Promise<void> {
    await condition(() => !this.#control.isPaused || stop());
  }

  async #ask(
    neededMs: number,
  ): Promise<Exclude<WindowAnswer, { status: 'never' }> | { readonly failure: StepFailure }> {
    if (isAlwaysOpen(this.#policy)) return { status: 'open' };
    try {
      const input = { policy: this.#policy, neededMs, atMs: Date.now() };
      const answer = await computing.findWindow.executeWithOptions(
        titled('Look at the maintenance windows'),
        [input],
      );
      if (answer.status === 'open') this.#openUntilMs = answer.closesAtMs ?? Infinity;
      return answer.status === 'never' ? { failure: neverOpens(answer.why) } : answer;
    } catch (error) {
      return { failure: readFailure(error).failure };
    }
  }

  async #wait(
    answer: Exclude<WindowAnswer, { status: 'open' | 'never' }>,
    stop: () => boolean,
  ): Promise<void> {
    const { state } = this.#progress.current;
    this.#progress.enter('waiting');
    this.#progress.windowAwaited(answer.opensAtMs);
    this.#progress.record('window-closed', undefined, reasonOf(answer));
    await condition(stop, Math.max(answer.opensAtMs - Date.now(), SHORTEST_WAIT_MS));
    this.#progress.windowReached();
    if (!stop()) this.#progress.record('window-opened');
    this.#progress.enter(state);
  }
}

function reasonOf(answer: Exclude<WindowAnswer, { status: 'open' | 'never' }>): string {
  const opens = `opens at ${new Date(answer.opensAtMs).toISOString()}`;
  if (answer.status === 'closed') return answer.because === 'freeze' ? `frozen, ${opens}` : opens;
  const closes = new Date(answer.closesAtMs).toISOString();
  return `the switch and its rollback do not fit before ${closes}; the next window ${opens}`;
}

function neverOpens(why: string): StepFailure {
  return {
    type: 'Invalid',
    message: `the maintenance windows never open: ${why}`,
    hint: 'Abort it, and start it again with windows that open.',
  };
}
