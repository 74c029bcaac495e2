import { condition } from '@temporalio/workflow';
import type { StepFailure } from '../../src/domain/tenant/progress.ts';
import type { OnClose, WindowAnswer, WindowPolicy } from '../../src/domain/windows/policy.ts';
import { isAlwaysOpen, neededForSwitchMs } from '../../src/domain/windows/policy.ts';
import { computing, titled } from '../activities.ts';
import type { Control } from './control.ts';
import { readFailure } from './failure.ts';
import type { FleetPermit } from '../fleet/permit.ts';
import type { ProgressKeeper } from './progress.ts';
import { waitAtMost } from '../wait-at-most.ts';

export type GateAnswer =
  | { readonly status: 'open' }
  /** What the caller calls a reason to stop came while it waited. */
  | { readonly status: 'stopped' }
  /** The window closed, and what the caller has only staged is to be undone. */
  | { readonly status: 'closed' }
  | { readonly status: 'failed'; readonly failure: StepFailure };

export interface GateRequest {
  /** Asks whether the switch and its rollback still fit; else only whether the window is open. */
  readonly mustFit?: boolean;
  readonly stop: () => boolean;
  /** How far the upgrade is, which decides what a closed window means for it; `waits` in any case before it begins. */
  readonly when?: 'nothing-done' | 'only-staged' | 'switching';
}

export interface GateOptions {
  readonly windows: WindowPolicy;
  readonly onClose: OnClose;
  readonly permit: FleetPermit | undefined;
}

/** How long leave to cross the point of no return is good for: whatever comes meanwhile is heeded after that. */
const LEAVE_MS = 10 * 60_000;

/** Never ask a clock in a tight loop, whatever it answers. */
const SHORTEST_WAIT_MS = 1_000;

/** Stands before every step: passes when nobody has paused the upgrade and its window is open. */
export class Gate {
  #policy: WindowPolicy;
  readonly #onClose: OnClose;
  readonly #permit: FleetPermit | undefined;
  readonly #control: Control;
  readonly #progress: ProgressKeeper;
  /** An answer holds until its window closes, so that history sees one question a window. */
  #openUntilMs = 0;

  constructor({ windows, onClose, permit }: GateOptions, control: Control, progress: ProgressKeeper) {
    this.#policy = windows;
    this.#onClose = onClose;
    this.#permit = permit;
    this.#control = control;
    this.#progress = progress;
  }

  /** What the fleet has measured meanwhile goes before the estimate that the upgrade was started with. */
  estimate(estimate: NonNullable<WindowPolicy['estimate']>): void {
    this.#policy = { ...this.#policy, estimate };
  }

  async pass({ mustFit = false, stop, when = 'nothing-done' }: GateRequest): Promise<GateAnswer> {
    for (;;) {
      await this.pause(stop);
      if (stop()) return { status: 'stopped' };
      if (!mustFit && (Date.now() < this.#openUntilMs || this.#goesOn(when))) return { status: 'open' };
      const answer = await this.#ask(mustFit ? neededForSwitchMs(this.#policy) : 0);
      if ('failure' in answer) return { status: 'failed', failure: answer.failure };
      if (answer.status === 'open') {
        if (!this.#control.isPaused && !stop()) return { status: 'open' };
      } else if (this.#onClose === 'revert-staged' && when === 'only-staged') return { status: 'closed' };
      else await this.#wait(answer, stop);
    }
  }

  /**
   * Until when the point of no return may be crossed, as things stand; undefined: not now. It waits for nothing, and
   * relies on what `pass` was told of the window.
   */
  leaveToCross(stop: () => boolean): number | undefined {
    if (this.#control.isPaused || stop()) return undefined;
    const nowMs = Date.now();
    const fitsUntilMs = isAlwaysOpen(this.#policy)
      ? Infinity
      : this.#openUntilMs - neededForSwitchMs(this.#policy);
    return nowMs <= fitsUntilMs ? Math.min(fitsUntilMs, nowMs + LEAVE_MS) : undefined;
  }

  /** True where a closed window is no reason to wait. */
  #goesOn(when: NonNullable<GateRequest['when']>): boolean {
    if (when === 'nothing-done') return false;
    return this.#onClose === 'finish-tenant' || (this.#onClose === 'revert-staged' && when === 'switching');
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
    await this.#sleepUntil(answer.opensAtMs, stop);
    this.#progress.windowReached();
    if (!stop()) this.#progress.record('window-opened');
    this.#progress.enter(state);
  }

  /** In a fleet the slot is given back meanwhile, once nothing of this tenant runs any more. */
  async #sleepUntil(opensAtMs: number, stop: () => boolean): Promise<void> {
    const waitMs = (): number => Math.max(opensAtMs - Date.now(), SHORTEST_WAIT_MS);
    if (!this.#permit) return void (await condition(stop, waitMs()));
    await condition(() => !this.#control.isWorking || stop());
    if (stop()) return;
    await this.#permit.report({ kind: 'parked', opensAtMs });
    await waitAtMost(waitMs(), stop);
    await this.#permit.regain({ isReverting: () => this.#control.abort !== undefined });
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
