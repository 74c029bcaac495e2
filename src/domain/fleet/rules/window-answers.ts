import type { WindowAnswer, WindowPolicy } from '../../windows/policy.ts';
import { isAlwaysOpen } from '../../windows/policy.ts';
import { at } from '../spec/spec.ts';

/** What a clock was asked about one of the fleet's window policies, and what it said. */
interface Asked {
  readonly neededMs: number;
  readonly answer: WindowAnswer;
}

/** Shorter needs than this share of what was asked for are worth another question. */
const MUCH_SHORTER = 0.8;
/** Goes by between a window's opening and a start: one that is just long enough is not missed for it. */
const LATE_MS = 60_000;

/** Where time stands in the fleet's windows, as an activity has said: the workflow itself knows no time zones. */
export class WindowAnswers {
  readonly #policies: readonly WindowPolicy[];
  readonly #asked = new Map<number, Asked>();

  constructor(policies: readonly WindowPolicy[]) {
    this.#policies = policies;
  }

  /** True where a tenant may start that needs so long. */
  isOpen(policy: number, neededMs: number, nowMs: number): boolean {
    if (isAlwaysOpen(at(this.#policies, policy))) return true;
    const answer = this.#asked.get(policy)?.answer;
    if (answer?.status !== 'open' && answer?.status !== 'does-not-fit') return false;
    return answer.closesAtMs === undefined || nowMs + neededMs <= answer.closesAtMs + LATE_MS;
  }

  /** True where nobody has asked yet, or what was said is over. */
  mustAsk(policy: number, neededMs: number, nowMs: number): boolean {
    if (isAlwaysOpen(at(this.#policies, policy))) return false;
    const asked = this.#asked.get(policy);
    if (!asked) return true;
    const { answer } = asked;
    if (answer.status === 'open') return !this.isOpen(policy, neededMs, nowMs);
    if (neededMs < asked.neededMs * MUCH_SHORTER) return true;
    return answer.status !== 'never' && nowMs >= answer.opensAtMs;
  }

  note(policy: number, asked: Asked): void {
    this.#asked.set(policy, asked);
  }

  answer(policy: number): WindowAnswer | undefined {
    if (isAlwaysOpen(at(this.#policies, policy))) return { status: 'open' };
    return this.#asked.get(policy)?.answer;
  }

  /** When what was said is over, ms; undefined where it never is. */
  nextChangeMs(policy: number, neededMs: number): number | undefined {
    const answer = this.answer(policy);
    if (answer?.status === 'closed' || answer?.status === 'does-not-fit') return answer.opensAtMs;
    if (answer?.status !== 'open' || answer.closesAtMs === undefined) return undefined;
    return answer.closesAtMs - neededMs;
  }

  /** When a tenant that was reverted in this window may come again: once the window has closed. */
  laterMs(policy: number, nowMs: number, otherwiseMs: number): number {
    const { windows } = at(this.#policies, policy);
    const answer = this.answer(policy);
    if (windows.length === 0 || answer === undefined || answer.status === 'never') return nowMs + otherwiseMs;
    if (answer.status !== 'open') return answer.opensAtMs;
    return answer.closesAtMs ?? nowMs + otherwiseMs;
  }
}
