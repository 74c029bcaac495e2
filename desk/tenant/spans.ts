import type { StepProgress, TenantProgress, TenantState } from '../../src/domain/tenant/progress.ts';

export interface TimeSpan {
  readonly fromMs: number;
  readonly untilMs: number;
}

/** What a step took: the way there, and the way back. */
export interface StepSpans {
  readonly there?: TimeSpan;
  readonly back?: TimeSpan;
}

/** In which nothing moves: for a window, for somebody's decision. */
const WAITS: Readonly<Partial<Record<TenantState, string>>> = {
  waiting: 'waits for its window',
  staged: 'staged, waits',
  held: 'held',
};

export function spansOf({ startedAt, endedAt, undo }: StepProgress, nowMs: number): StepSpans {
  const there = between(startedAt, endedAt, nowMs);
  const back = between(undo?.startedAt, undo?.endedAt, nowMs);
  return { ...(there ? { there } : {}), ...(back ? { back } : {}) };
}

const between = (from: string | undefined, to: string | undefined, nowMs: number): TimeSpan | undefined =>
  from === undefined
    ? undefined
    : { fromMs: Date.parse(from), untilMs: to === undefined ? nowMs : Date.parse(to) };

/** From its beginning to its end, or to now. */
export function wholeOf({ startedAt, endedAt }: TenantProgress, nowMs: number): TimeSpan {
  const fromMs = Date.parse(startedAt);
  return { fromMs, untilMs: Math.max(fromMs + 1, endedAt === undefined ? nowMs : Date.parse(endedAt)) };
}

/** The waits that can be seen: shorter ones than this are no waits. */
const SHORTEST_MS = 1_000;

export function waitsOf(progress: TenantProgress, nowMs: number): (TimeSpan & { readonly words: string })[] {
  const { states = [] } = progress;
  const { untilMs: end } = wholeOf(progress, nowMs);
  return states.flatMap(({ state, at }, place) => {
    const words = WAITS[state];
    const next = states[place + 1];
    const fromMs = Date.parse(at);
    const untilMs = next ? Date.parse(next.at) : end;
    return words === undefined || untilMs - fromMs < SHORTEST_MS ? [] : [{ fromMs, untilMs, words }];
  });
}
