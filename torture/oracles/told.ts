import type { EditKind } from '../faults/foreign-edits.ts';
import type { Evidence, Life, Violation } from './evidence.ts';
import { finalLife } from './evidence.ts';

/** Fields that no step of the path writes: on the way back they are compared, and nothing else. */
const COMPARED: readonly EditKind[] = ['scale', 'edit-untouched-env'];

/** What was found to differ from the backup, and was not put back, is told: it was held for, or it is listed at the end. */
export function judgeTold(evidence: Evidence): Violation[] {
  const { tenant, lives, forgotAt } = evidence;
  const life = finalLife(evidence);
  const progress = life?.progress;
  if (!life || !progress || lives.length > 1 || forgotAt.length > 0) return [];
  if (progress.state !== 'reverted' && progress.state !== 'aborted') return [];
  const backedUpAt = life.activities.find(({ type }) => type === 'backUpTenant')?.closedAt ?? Infinity;
  const comparedAt = lastStartOf(life, 'verifyReverted');
  const told = JSON.stringify([progress.leftovers, progress.journal]);
  return tenant.edits
    .filter(({ kind, undoneAt }) => COMPARED.includes(kind) && undoneAt === undefined)
    .filter(({ at }) => at > backedUpAt && at < comparedAt)
    .filter(({ object, read, value }) => {
      const name = object.split('/')[1] ?? object;
      return JSON.stringify(read()) === JSON.stringify(value) && !told.includes(name);
    })
    .map(({ kind, object, field }) => ({
      oracle: 'told',
      what: `${progress.state}, and nothing is said of ${object} ${field} (${kind}), which is not as it was`,
    }));
}

function lastStartOf({ activities }: Life, type: string): number {
  return Math.max(
    -Infinity,
    ...activities.flatMap((one) => (one.type === type ? (one.startedAt ?? []) : [])),
  );
}
