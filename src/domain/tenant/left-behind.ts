import type { TenantProgress } from './progress.ts';

/** What an operator should know of the end state; of one that was taken back, that its database was not. */
export function leftBehind(progress: TenantProgress): readonly string[] {
  const { state, from, leftovers, pastPointOfNoReturn, mayBePastPointOfNoReturn } = progress;
  if (state !== 'reverted' && state !== 'aborted') return leftovers;
  if (pastPointOfNoReturn) {
    return [
      ...leftovers,
      `the database, which was migrated: ${from} on it is not supported; restore a copy of before, or upgrade once more`,
    ];
  }
  return mayBePastPointOfNoReturn === true
    ? [...leftovers, `the database, which may be migrated: see that, before ${from} works on it`]
    : leftovers;
}
