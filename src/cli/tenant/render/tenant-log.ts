import { plainDeep } from '../../../domain/text/plain-text.ts';
import type {
  JournalEntry,
  StepProgress,
  TenantProgress,
  TenantState,
} from '../../../domain/tenant/progress.ts';
import { isFinal } from '../../../domain/tenant/progress.ts';
import type { Colors } from '../../io.ts';
import { renderDuration } from '../../render/duration.ts';
import type { Dated } from '../../render/in-order.ts';
import { inOrder } from '../../render/in-order.ts';
import type { PendingAttempt } from './progress.ts';
import { renderStateName } from './progress.ts';
import { renderPods, renderStepLine } from './steps.ts';
import { stamp, withMoments } from '../../render/time.ts';

/** Nobody who reads a log waits longer for a sign of life. */
export const SIGN_OF_LIFE_MS = 30_000;
/** Told by the states already. */
const NO_NEWS: readonly JournalEntry['event'][] = ['started', 'held', 'reverting', 'ended'];

export interface TenantLook {
  readonly progress: TenantProgress;
  readonly pending: readonly PendingAttempt[];
  /** That it stands still, as lines: then nothing is under way. */
  readonly still?: string | undefined;
}

/**
 * An upgrade in plain lines, each change once, in the order and with the times of what happened: call it with every look.
 * Says what is under way where nothing else was said for a while.
 */
export class TenantLog {
  readonly #colors: Colors;
  readonly #said = new Set<string>();
  #saidMs = 0;
  #still: string | undefined;

  constructor(colors: Colors) {
    this.#colors = colors;
  }

  next(look: TenantLook, nowMs: number): string[] {
    const { progress, pending, still } = plainDeep(look);
    const lines = [
      // What happened at once: a state begins because a step has ended.
      ...this.#steps(progress, nowMs),
      ...this.#journal(progress),
      ...this.#states(progress, nowMs),
      ...this.#attempts(pending, nowMs),
    ];
    const news = inOrder(lines);
    const turned = this.#turned(still);
    if (turned !== undefined) news.push(`${stamp(nowMs)} ${turned}`);
    if (news.length === 0 && nowMs - this.#saidMs >= SIGN_OF_LIFE_MS)
      news.push(
        ...(still === undefined ? signOfLife(progress, pending, nowMs) : [`${stamp(nowMs)} ${still}`]),
      );
    if (news.length > 0) this.#saidMs = nowMs;
    return news;
  }

  /** What is to be said of that it stands still, or goes on again; undefined where nothing has changed. */
  #turned(still: string | undefined): string | undefined {
    if (still === this.#still) return undefined;
    this.#still = still;
    return still ?? 'a worker answers again';
  }

  #states({ state, states = [] }: TenantProgress, nowMs: number): Dated[] {
    // A worker of an earlier release knows the present one only.
    const known = states.length > 0 ? states : [{ state, at: new Date(nowMs).toISOString() }];
    return known.flatMap((entry, place) =>
      this.#once(states.length > 0 ? `state ${place}` : `state ${state}`, entry.at, () =>
        renderStateName(entry.state, this.#colors),
      ),
    );
  }

  #journal({ journal }: TenantProgress): Dated[] {
    return journal.flatMap(({ at, event, actor, detail }, place) => {
      if (NO_NEWS.includes(event)) return [];
      const who = actor ? ` by ${actor.by}: ${actor.why}` : '';
      const text = `${event.replaceAll('-', ' ')}${detail === undefined ? '' : ` (${withMoments(detail)})`}${who}`;
      return this.#once(`journal ${place}`, at, () => text);
    });
  }

  #steps({ steps }: TenantProgress, nowMs: number): Dated[] {
    return steps.flatMap((step) => {
      const at = endOf(step);
      if (at === undefined) return [];
      return this.#once(`${step.id} ${step.status} ${at}`, at, () =>
        renderStepLine(step, nowMs, this.#colors),
      );
    });
  }

  #attempts(pending: readonly PendingAttempt[], nowMs: number): Dated[] {
    return pending.flatMap(({ activity, attempt, message, at = new Date(nowMs).toISOString() }) =>
      attempt > 1 && message
        ? this.#once(`${activity} ${attempt}`, at, () => `${activity}, attempt ${attempt}: ${message}`)
        : [],
    );
  }

  #once(key: string, at: string, text: () => string): Dated[] {
    if (this.#said.has(key)) return [];
    this.#said.add(key);
    return [{ at, text: text() }];
  }
}

/** When it was settled, on the way that it was on last; undefined while it is not. */
function endOf({ status, endedAt, undo }: StepProgress): string | undefined {
  switch (status) {
    case 'pending':
    case 'running':
    case 'reverting':
      return undefined;
    case 'reverted':
    case 'not-reverted':
      return undo?.endedAt ?? endedAt;
    default:
      return endedAt;
  }
}

/** What is under way and since when; nothing where it waits for somebody, or for a window. */
function signOfLife(
  { steps, state, states, paused, opensAt }: TenantProgress,
  pending: readonly PendingAttempt[],
  nowMs: number,
): string[] {
  const working = steps.flatMap((step) => {
    const isBack = step.status === 'reverting';
    if (step.status !== 'running' && !isBack) return [];
    const { startedAt } = isBack ? (step.undo ?? {}) : step;
    const details = [
      ...renderPods(step, pending),
      ...(startedAt === undefined ? [] : [`for ${renderDuration(nowMs - Date.parse(startedAt))}`]),
    ];
    return `${isBack ? 'undoing: ' : ''}${step.title}${details.length > 0 ? ` (${details.join(', ')})` : ''}`;
  });
  if (working.length > 0) return [`${stamp(nowMs)} under way: ${working.join('; ')}`];
  if (paused || opensAt !== undefined || !isAtWork(state)) return [];
  const since = states?.at(-1)?.at;
  const how = since === undefined ? '' : ` for ${renderDuration(nowMs - Date.parse(since))}`;
  return [`${stamp(nowMs)} under way: ${state}${how}`];
}

const isAtWork = (state: TenantState): boolean => !isFinal(state) && state !== 'held' && state !== 'waiting';
