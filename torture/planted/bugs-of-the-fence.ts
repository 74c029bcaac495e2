import type { PlantedBug } from './bug.ts';
import { bug } from './bug.ts';

/** Faults in what keeps a write from being late, made twice, or made elsewhere. */
export const BUGS_OF_THE_FENCE: readonly PlantedBug[] = [
  bug(
    'cache-kept',
    'workflows go on with what a worker remembers, after Temporal has forgotten it',
    'src/worker/worker.ts',
    [`        workflows.forget();\n`, ''],
  ),
  bug('no-guard', 'a patch is sent without its test of the resourceVersion', 'src/procedure/edit/edit.ts', [
    `        { op: 'test', path: '/metadata/resourceVersion', value: resourceVersion },\n`,
    '',
  ]),
  bug('conflict-is-done', 'a change that met a conflict is taken for done', 'src/procedure/edit/edit.ts', [
    `      if (!isOpenShiftError(error, 'Conflict') || tries === TRIES) throw error;`,
    `      if (isOpenShiftError(error, 'Conflict')) return { status: 'done', object };\n      if (tries === TRIES) throw error;\n      throw error;`,
  ]),
  bug(
    'fence-open',
    'Temporal is never asked whether an attempt is still the current one, nor the claim looked at',
    'src/procedure/claim/fence.ts',
    [
      `    return this.#leases.length > 0 && this.#leases.every(({ isFresh }) => isFresh);`,
      `    return this.#ask !== undefined;`,
    ],
  ),
  bug(
    'turned-claim-writes',
    'an upgrade that is being reverted may still be written forward',
    'src/procedure/claim/claim.ts',
    [
      `    if ((claim.phase === 'reverting') !== (as === 'reverting')) throw hasTurned(anchor, claim);`,
      `    void [as, hasTurned];`,
    ],
  ),
  bug(
    'claim-left',
    'the claim is left on the tenant when its upgrade has ended',
    'src/procedure/claim/claim.ts',
    [
      `  return [{ op: 'remove', path: pointer('metadata', 'annotations', CLAIM) }];`,
      `  void pointer;\n  return [];`,
    ],
  ),
  bug(
    'crossing-not-marked',
    'the patch that crosses the point of no return does not say so, and nothing else is looked at',
    'src/procedure/claim/crossing.ts',
    [
      `  const step = pointOfNoReturnIn(steps);`,
      `  const step = steps.length < 0 ? pointOfNoReturnIn(steps) : undefined;`,
    ],
  ),
  bug(
    'backup-made-anew',
    'the backup of an earlier upgrade is not taken up: a half upgraded tenant is backed up as it is',
    'src/procedure/backup/make-backup.ts',
    [`    if (earlier) return`, `    if (earlier && path.steps.length === 0) return`],
  ),
  bug('backup-kept', 'the backup is left after a revert', 'src/procedure/claim/end-upgrade.ts', [
    `  if (secret && reverted) await deleteBackupSecret(api, secret);\n`,
    `  void deleteBackupSecret;\n`,
  ]),
];
