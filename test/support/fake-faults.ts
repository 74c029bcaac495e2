import { activityInfo } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { FailureType } from '../../src/domain/tenant/failure.ts';
import type { RetryLimits } from '../../src/domain/tenant/tenant-upgrade.ts';

/** A scripted fault: this activity call fails so many times, before or after its writes. */
export interface Fault {
  /** `rollOut roll-out-system-app`: the activity, and the step or object it is about. */
  readonly call: string;
  readonly type: FailureType;
  readonly times: number;
  /** `after`: the writes were made, and the answer was lost. Default `before`. */
  readonly when?: 'before' | 'after';
  readonly retryDelayMs?: number;
  /** A write of it may still take effect. */
  readonly unsure?: true;
}

const TRANSIENT: readonly FailureType[] = ['Throttled', 'ServerError', 'Conflict'];
const OUTCOME: readonly FailureType[] = ['RolloutFailed', 'ImportFailed'];

/** What the activity boundary makes of an error: retried by kind, up to its limit. */
function failureOf(fault: Fault, limits: RetryLimits): ApplicationFailure {
  const { attempt } = activityInfo();
  return ApplicationFailure.create({
    type: fault.type,
    message: `${fault.call}: scripted ${fault.type}`,
    nonRetryable: !isRetryable(fault.type, attempt, limits),
    details: [
      {
        hint: 'Look at the script.',
        attempts: attempt,
        ...(fault.unsure ? { unsure: true } : {}),
      },
    ],
    ...(fault.retryDelayMs === undefined ? {} : { nextRetryDelay: fault.retryDelayMs }),
  });
}

function isRetryable(type: FailureType, attempt: number, limits: RetryLimits): boolean {
  if (type === 'Unreachable') return attempt < (limits.unreachableAttempts ?? Infinity);
  if (TRANSIENT.includes(type)) return attempt < limits.transientAttempts;
  return OUTCOME.includes(type) && attempt < limits.outcomeAttempts;
}

/** The faults still to come, and what a test wants to happen in the middle of a call. */
export class FaultScript {
  readonly #faults: { fault: Fault; left: number }[] = [];
  readonly #interludes = new Map<string, () => Promise<void> | void>();
  /** Calls that did their work, in order; every attempt counts in `attempts`. */
  readonly done: string[] = [];
  readonly attempts: string[] = [];

  fail(fault: Fault): this {
    this.#faults.push({ fault, left: fault.times });
    return this;
  }

  /** The trouble is over: what is scripted for this call does not happen any more. */
  heal(call: string): void {
    for (const entry of this.#faults) if (entry.fault.call === call) entry.left = 0;
  }

  /** Happens once, inside the first attempt of this call, before it does anything. */
  during(call: string, interlude: () => Promise<void> | void): this {
    this.#interludes.set(call, interlude);
    return this;
  }

  async run<T>(call: string, limits: RetryLimits, work: () => T): Promise<T> {
    this.attempts.push(call);
    const interlude = this.#interludes.get(call);
    this.#interludes.delete(call);
    if (interlude) {
      // The time-skipping server mixes up what is said at the very moment in which a call ends: this one, or one beside it.
      await pause(250);
      await interlude();
      await pause(250);
    }
    this.#failIfScripted(call, 'before', limits);
    const result = work();
    this.#failIfScripted(call, 'after', limits);
    this.done.push(call);
    return result;
  }

  #failIfScripted(call: string, when: 'before' | 'after', limits: RetryLimits): void {
    const entry = this.#faults.find(
      ({ fault, left }) => left > 0 && fault.call === call && (fault.when ?? 'before') === when,
    );
    if (!entry) return;
    entry.left -= 1;
    throw failureOf(entry.fault, limits);
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
