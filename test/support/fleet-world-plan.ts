import type { FailureBudget, FleetSpec } from '../../src/domain/fleet/spec/spec.ts';
import type { EndingKind, Measured } from '../../src/domain/fleet/tenant/entry.ts';
import type { FinalState } from '../../src/domain/tenant/progress.ts';
import type { WindowAnswer } from '../../src/domain/windows/policy.ts';
import { MINUTE_MS, START_MS } from './fleet-rules.ts';

/** What befalls a run on its way. */
export type Act = 'park' | 'hold' | 'unreachable' | 'ask';
/** How a run ends; `window`: reverted for its window only; `gone`: ended from outside, without a word. */
export type Final = FinalState | 'window' | 'gone';

export interface Run {
  readonly acts: readonly Act[];
  readonly final: Final;
  /** Between one event and the next. */
  readonly minutes: number;
  /** What it is told where it is held. */
  readonly decision: 'retry' | 'revert' | 'abandon';
  /** Its first report overtakes the news of its run's id. */
  readonly isFast: boolean;
  readonly measured?: Measured;
}

export interface TenantPlan {
  /** One for each run; the last one for all that follow, and it must not be reverted for its window. */
  readonly runs: readonly Run[];
  /** How often it is found to be upgraded by somebody else. */
  readonly refusals: number;
  readonly back: Run;
}

/** What an operator says; numbers choose, modulo how many there are. */
export type Order =
  | { readonly kind: 'pause'; readonly newOnly: boolean }
  | { readonly kind: 'resume' }
  | { readonly kind: 'halt' }
  | { readonly kind: 'approve'; readonly wave: number }
  | { readonly kind: 'retry'; readonly choice: number }
  | { readonly kind: 'skip'; readonly choice: number }
  | { readonly kind: 'take-back'; readonly choice: number; readonly all: boolean }
  | { readonly kind: 'end'; readonly ending: EndingKind }
  | { readonly kind: 'set'; readonly maxConcurrent: number; readonly maxConcurrentPerCluster: number }
  | { readonly kind: 'set-wave'; readonly wave: number; readonly maxConcurrent: number }
  | { readonly kind: 'set-budget'; readonly failureBudget: FailureBudget };

/** Opens every `everyMinutes`, from `phaseMinutes` on, for `openMinutes`; or never, or is never closed. */
export type FakeWindow =
  | 'always'
  | 'never'
  | { readonly everyMinutes: number; readonly openMinutes: number; readonly phaseMinutes: number };

export interface WorldPlan {
  readonly spec: FleetSpec;
  readonly windows: readonly FakeWindow[];
  readonly tenants: readonly TenantPlan[];
  readonly orders: readonly { readonly atMinutes: number; readonly order: Order }[];
  /** How long a clock takes to answer, and Temporal to start a run, seconds. */
  readonly delaySeconds: number;
}

/** What the activity that knows the time zones would answer. */
export function askFakeWindow(window: FakeWindow, neededMs: number, nowMs: number): WindowAnswer {
  if (window === 'always') return { status: 'open' };
  if (window === 'never') return { status: 'never', why: 'it never opens' };
  const [everyMs, openMs] = [window.everyMinutes * MINUTE_MS, window.openMinutes * MINUTE_MS];
  if (neededMs > openMs) return { status: 'never', why: 'it is too short' };
  const since = (nowMs - START_MS - window.phaseMinutes * MINUTE_MS) % everyMs;
  const openedMs = nowMs - (since < 0 ? since + everyMs : since);
  const closesAtMs = openedMs + openMs;
  if (nowMs + neededMs <= closesAtMs) return { status: 'open', closesAtMs };
  const opensAtMs = openedMs + everyMs;
  if (nowMs < closesAtMs) return { status: 'does-not-fit', closesAtMs, opensAtMs };
  return { status: 'closed', opensAtMs, because: 'window' };
}
