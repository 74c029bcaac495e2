import { whatBecomesOf } from '../../cli/tenant/actions/agree.ts';
import type { StepProgress, TenantProgress } from '../../domain/tenant/progress.ts';
import { isFinal } from '../../domain/tenant/progress.ts';
import type { TenantPage } from '../contract.ts';

/** What stands in the cluster, at least in part. */
const DONE: readonly StepProgress['status'][] = ['done', 'running', 'failed', 'reverting', 'not-reverted'];
const MOST_NAMED = 40;

/** What a revert would do now, in the command's words, and which steps it would take back. */
export function revertNow(progress: TenantProgress | undefined): TenantPage['revert'] {
  if (!progress) return { possible: false, words: [] };
  const { held, state, pastPointOfNoReturn } = progress;
  if (isFinal(state)) return { possible: false, words: [`The upgrade has ended: it is ${state}.`] };
  if (held?.during === 'revert')
    return {
      possible: false,
      words: [
        `It is being reverted already, and held at ${held.stepId}: that is to be decided.`,
        ...takenBack(progress, 'Still to be taken back'),
      ],
    };
  if (state === 'reverting')
    return {
      possible: false,
      words: ['It is being reverted.', ...takenBack(progress, 'Still to be taken back')],
    };
  const [, ...words] = whatBecomesOf(progress.tenant, 'revert', progress).map((line) => line.trim());
  const possible = held ? held.decisions.includes('revert') : !pastPointOfNoReturn;
  const back = takenBack(progress, 'Taken back');
  return {
    possible,
    words: [
      ...words,
      ...(held || !possible ? [] : ['While it is not held, this is said by an abort.']),
      ...(back.length === 0 ? ['Nothing was changed yet.'] : back),
    ],
  };
}

function takenBack({ steps }: TenantProgress, words: string): string[] {
  return steps
    .filter(({ status }) => DONE.includes(status))
    .toReversed()
    .slice(0, MOST_NAMED)
    .map(({ title }) => `${words}: ${title}`);
}
