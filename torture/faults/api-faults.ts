import type { Arrival, Course, Verdict } from './course.ts';
import { isWrite } from './course.ts';
import type { ApiKind } from './kinds.ts';

/** A fault of the API that is in force for some requests. */
export interface Rule {
  readonly kind: ApiKind;
  readonly takes: (arrival: Arrival) => boolean;
  readonly course: Course;
  left: number;
  readonly endsAt: number;
  lastHitAt?: number;
}

export interface RuleOptions {
  /** How many requests it hits at most. */
  readonly hits: number;
  readonly forMs: number;
  readonly now: number;
}

/** The first rule that takes a request, and its course. */
export function courseBy(rules: readonly Rule[], arrival: Arrival): Course | undefined {
  const rule = rules.find(
    (candidate) => candidate.left > 0 && arrival.at <= candidate.endsAt && candidate.takes(arrival),
  );
  if (!rule) return undefined;
  rule.left -= 1;
  rule.lastHitAt = arrival.at;
  return rule.course;
}

export function ruleOf(kind: ApiKind, { hits, forMs, now }: RuleOptions): Rule {
  const slow = kind === 'silence-before' || kind === 'silence-after';
  return { kind, left: slow ? 1 : hits, endsAt: now + forMs, takes: takenBy(kind), course: courseOf(kind) };
}

const every = ({ isWatch }: Arrival): boolean => !isWatch;
const writes = (arrival: Arrival): boolean => isWrite(arrival);
const watches = ({ isWatch }: Arrival): boolean => isWatch;
const reads = ({ method, isWatch }: Arrival): boolean => method === 'GET' && !isWatch;

function takenBy(kind: ApiKind): Rule['takes'] {
  switch (kind) {
    case 'conflict-409':
    case 'cut-after':
    case 'done-but-500':
    case 'silence-after':
    case 'late-write':
    case 'forbidden-403':
      return writes;
    case 'watch-cut':
    case 'watch-gone':
      return watches;
    case 'stale-read':
      return reads;
    default:
      return every;
  }
}

const refuse = (status: number, retryAfterSeconds?: number): Course => ({
  before: () => ({ do: 'refuse', status, ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }) }),
});
const before = (verdict: Verdict): Course => ({ before: () => verdict });

function courseOf(kind: ApiKind): Course {
  switch (kind) {
    case 'conflict-409':
      return refuse(409);
    case 'throttled-429':
      return refuse(429, 1);
    case 'error-500':
      return refuse(500);
    case 'error-503':
      return refuse(503);
    case 'unauthorized-401':
      return refuse(401);
    case 'forbidden-403':
      return refuse(403);
    case 'cut-before':
      return before({ do: 'cut' });
    case 'cut-after':
      return { after: () => ({ do: 'cut' }) };
    case 'done-but-500':
      return { after: () => ({ do: 'refuse', status: 500 }) };
    case 'silence-before':
      return before({ do: 'silence' });
    case 'silence-after':
      return { after: () => ({ do: 'silence' }) };
    case 'late-write':
      return before({ do: 'late', afterMs: 1_500, seen: 'cut' });
    case 'slow-answers':
      return { after: () => wait(400) };
    case 'watch-cut':
      return { watchEndsAfterMs: 5 };
    case 'watch-gone':
      return { watchIsGone: true };
    case 'stale-read':
      return { stale: true };
  }
}

function wait(ms: number): Promise<{ do: 'go' }> {
  return new Promise((resolve) =>
    setTimeout(() => {
      resolve({ do: 'go' });
    }, ms),
  );
}
