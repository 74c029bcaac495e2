import type { StepProgress, StepStatus, TenantState } from '../../../../domain/tenant/progress.ts';
import { isFinal } from '../../../../domain/tenant/progress.ts';
import type { Share } from '../../../../domain/fleet/tenant/states.ts';
import type { Part } from '../../../render/html/markup.ts';
import { html } from '../../../render/html/markup.ts';

/** What became of it: in what colour a state is shown, beside its word and its mark. */
export function shareOf(state: TenantState): Share {
  if (state === 'upgraded') return 'upgraded';
  return state === 'held' || isFinal(state) ? 'failed' : 'under-way';
}

const SHARE_MARKS: Readonly<Record<Share, string>> = {
  upgraded: '✓',
  failed: '✗',
  'under-way': '▶',
  'left-out': '»',
  waiting: '·',
};

/** A state with its mark: colour alone says nothing. */
export const stateShown = (state: string, share: Share): Part =>
  html`<b class="state ${share}">${SHARE_MARKS[share]} ${state}</b>`;

const STEP_SHARES: Readonly<Record<StepStatus, Share>> = {
  pending: 'waiting',
  running: 'under-way',
  done: 'upgraded',
  unchanged: 'upgraded',
  absent: 'waiting',
  failed: 'failed',
  skipped: 'left-out',
  reverting: 'under-way',
  reverted: 'left-out',
  'not-reverted': 'failed',
};

export const shareOfStep = ({ status }: Pick<StepProgress, 'status'>): Share => STEP_SHARES[status];

const STEP_WORDS: Readonly<Record<StepStatus, string>> = {
  pending: 'not begun',
  running: 'under way',
  done: 'done',
  unchanged: 'found so',
  absent: 'not there',
  failed: 'failed',
  skipped: 'skipped',
  reverting: 'is being taken back',
  reverted: 'taken back',
  'not-reverted': 'not taken back',
};

export const wordOf = ({ status }: Pick<StepProgress, 'status'>): string => STEP_WORDS[status];

/** How long the way there took, ms; undefined where it has not ended. */
export const tookMs = ({
  startedAt,
  endedAt,
}: Pick<StepProgress, 'startedAt' | 'endedAt'>): number | undefined =>
  startedAt === undefined || endedAt === undefined ? undefined : Date.parse(endedAt) - Date.parse(startedAt);
