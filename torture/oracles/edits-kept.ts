import type { Evidence, Violation } from './evidence.ts';
import { migratedAt, saidState } from './evidence.ts';

/** Nobody's edit is lost: each that was not undone by its owner is there still. */
export function judgeEdits(evidence: Evidence): Violation[] {
  const { tenant, lives } = evidence;
  if (tenant.deletedAt !== undefined) return [];
  const [first] = lives;
  return (
    tenant.edits
      .filter(({ undoneAt }) => undoneAt === undefined)
      // Edited by somebody once more, it is that value which is to be there.
      .filter(
        ({ object, field, at }) =>
          !tenant.edits.some((later) => later.object === object && later.field === field && later.at > at),
      )
      // Paused again what they had resumed themselves, it is as the upgrade had paused it, under its mark.
      .filter(
        ({ kind, object, at }) =>
          kind !== 'pause-rollout' ||
          !tenant.edits.some((was) => was.kind === 'resume-rollout' && was.object === object && was.at < at),
      )
      .filter(({ kind, read, value }) => {
        if (same(read(), value)) return false;
        // To let it roll out is no value that could be lost.
        return kind !== 'resume-rollout';
      })
      .filter(({ object, kind, at }) => {
        const upgraded = saidState(evidence) === 'upgraded';
        // What the path deletes takes edits of it along. Past the point of no return nobody can tell who has deleted it: going
        // back means that it is there again. What was there before the upgrade looked is what it upgrades from.
        const mayBeOurs = kind === 'delete-resque' && migratedAt(evidence) !== undefined;
        if (object === 'DeploymentConfig/system-resque' && (upgraded || mayBeOurs)) return false;
        return !(first && at < backedUpAt(evidence));
      })
      .map(({ object, field, kind, read }) => ({
        oracle: 'edit lost',
        what: `${kind}: ${object} ${field} was somebody’s own, and is ${JSON.stringify(read())} now`,
      }))
  );
}

/** From the backup on, a value that is neither the backup's nor the upgrade's own is somebody's. */
function backedUpAt({ deeds }: Evidence): number {
  const made = deeds.find(({ changes }) =>
    changes.some(({ kind, name }) => kind === 'Secret' && name.startsWith('threescale-upgrade-backup')),
  );
  return made?.at ?? Infinity;
}

const same = (left: unknown, right: unknown): boolean => JSON.stringify(left) === JSON.stringify(right);
