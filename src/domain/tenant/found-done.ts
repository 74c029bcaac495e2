import type { TenantProgress } from './progress.ts';

/** True for a run that found everything done already and changed nothing: it is no news of the tenant. */
export function foundAllDone({ state, steps }: Pick<TenantProgress, 'state' | 'steps'>): boolean {
  return (
    state === 'upgraded' &&
    steps.every(({ status, failure }) => !failure && (status === 'unchanged' || status === 'absent'))
  );
}
