import type { Measured } from '../fleet/tenant/entry.ts';
import type { JournalEntry, TenantProgress } from '../tenant/progress.ts';
import type { Phase } from '../tenant/step-base.ts';
import type { ResolvedPath } from '../tenant/step.ts';

/** What holds an upgrade up: then its duration says nothing about the next one. */
const DISTURBS: readonly JournalEntry['event'][] = ['paused', 'abort-requested', 'window-closed', 'held'];

/** How long the parts of an ended upgrade took that nobody and nothing held up; undefined of one that was. */
export function measure(progress: TenantProgress, path: ResolvedPath): Measured | undefined {
  const { journal, startedAt, endedAt = startedAt, state, steps } = progress;
  if (journal.some(({ event }) => DISTURBS.includes(event))) return undefined;
  const reverting = journal.find(({ event }) => event === 'reverting');
  if (reverting) return { rollbackMs: between(reverting.at, endedAt) };
  if (state !== 'upgraded') return undefined;
  const done = steps.filter(({ status }) => status === 'done');
  const stagedAt = done.findLast(({ id }) => phaseOf(path, id) === 'stage')?.endedAt;
  const [switchedAt] = done
    .flatMap(({ id, startedAt: began }) => (phaseOf(path, id) === 'stage' ? [] : (began ?? [])))
    .sort();
  if (stagedAt === undefined || switchedAt === undefined) return undefined;
  return { stageMs: between(startedAt, stagedAt), switchMs: between(switchedAt, endedAt) };
}

function phaseOf({ steps }: ResolvedPath, id: string): Phase | undefined {
  return steps.find((step) => step.id === id)?.phase;
}

const between = (from: string, to: string): number => Date.parse(to) - Date.parse(from);
