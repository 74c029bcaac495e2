import type { FleetPhase, WaveProgress } from '../../src/domain/fleet/show/progress.ts';
import type { FleetTenantState } from '../../src/domain/fleet/tenant/states.ts';
import type { StepStatus } from '../../src/domain/tenant/progress.ts';
import type { NeedKind } from '../../src/desk/contract.ts';

/** A colour and what it means; `away` is that of what does not answer, and of nothing else. */
export type Tone = 'good' | 'bad' | 'busy' | 'wait' | 'warn' | 'away' | 'plain';

/** A sign and a colour: beside them always stands the word. */
export interface Mark {
  readonly sign: string;
  readonly tone: Tone;
}

export const TENANT_MARKS: Readonly<Record<FleetTenantState, Mark>> = {
  pending: { sign: '·', tone: 'wait' },
  queued: { sign: '⋯', tone: 'wait' },
  running: { sign: '▶', tone: 'busy' },
  parked: { sign: '◷', tone: 'busy' },
  asking: { sign: '▷', tone: 'busy' },
  held: { sign: '✗', tone: 'bad' },
  unreachable: { sign: '?', tone: 'away' },
  upgraded: { sign: '✓', tone: 'good' },
  reverted: { sign: '↩', tone: 'bad' },
  blocked: { sign: '⊘', tone: 'bad' },
  skipped: { sign: '»', tone: 'warn' },
  aborted: { sign: '■', tone: 'bad' },
  abandoned: { sign: '□', tone: 'bad' },
  'rolled-back': { sign: '◀', tone: 'warn' },
  lost: { sign: '!', tone: 'bad' },
};

export const STEP_MARKS: Readonly<Record<StepStatus, Mark>> = {
  pending: { sign: '·', tone: 'wait' },
  running: { sign: '▶', tone: 'busy' },
  done: { sign: '✓', tone: 'good' },
  unchanged: { sign: '=', tone: 'good' },
  absent: { sign: '-', tone: 'wait' },
  failed: { sign: '✗', tone: 'bad' },
  skipped: { sign: '»', tone: 'warn' },
  reverting: { sign: '◀', tone: 'busy' },
  reverted: { sign: '↩', tone: 'warn' },
  'not-reverted': { sign: '!', tone: 'bad' },
};

export const NEED_MARKS: Readonly<Record<NeedKind, Mark>> = {
  approval: { sign: '◆', tone: 'busy' },
  halted: { sign: '■', tone: 'bad' },
  paused: { sign: '‖', tone: 'warn' },
  'stands-still': { sign: '○', tone: 'away' },
  held: TENANT_MARKS.held,
  lost: TENANT_MARKS.lost,
  unreachable: TENANT_MARKS.unreachable,
  reverted: TENANT_MARKS.reverted,
  blocked: TENANT_MARKS.blocked,
};

export const PHASE_MARKS: Readonly<Record<FleetPhase, Mark>> = {
  running: { sign: '▶', tone: 'busy' },
  waiting: { sign: '◷', tone: 'busy' },
  soaking: { sign: '◌', tone: 'busy' },
  'awaiting-approval': { sign: '◆', tone: 'bad' },
  pausing: { sign: '‖', tone: 'warn' },
  paused: { sign: '‖', tone: 'warn' },
  halted: { sign: '■', tone: 'bad' },
  'needs-decisions': { sign: '✗', tone: 'bad' },
  aborting: { sign: '◀', tone: 'warn' },
  ended: { sign: '●', tone: 'plain' },
};

export const WAVE_MARKS: Readonly<Record<WaveProgress['state'], Mark>> = {
  waiting: { sign: '·', tone: 'wait' },
  'soaking-before': { sign: '◌', tone: 'busy' },
  'awaiting-approval': { sign: '◆', tone: 'bad' },
  running: { sign: '▶', tone: 'busy' },
  done: { sign: '●', tone: 'plain' },
};

const SAME_MARKS: Readonly<Record<string, Mark>> = { ...TENANT_MARKS, ...PHASE_MARKS };
const OF_ONE: Readonly<Record<string, Mark>> = {
  waiting: { sign: '◷', tone: 'busy' },
  staged: { sign: '◷', tone: 'busy' },
  reverting: { sign: '◀', tone: 'busy' },
};

/** Of a word that a tenant's own upgrade says of itself: `switching`, `held`; whatever it is, it has a sign. */
export const markOf = (state: string | undefined): Mark =>
  (state === undefined ? undefined : (OF_ONE[state] ?? SAME_MARKS[state])) ??
  (state === undefined ? { sign: '?', tone: 'away' } : { sign: '▶', tone: 'busy' });
