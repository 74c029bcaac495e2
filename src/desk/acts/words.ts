import type { Act } from '../contract.ts';

const KEEPS_PLAN = 'They keep the plan that they were started with.';

/** What comes of an act, in sentences: those of the commands' own help. */
export function wordsOfAct(act: Act): string[] {
  if ('tenant' in act) return wordsOfTenantAct(act.act);
  switch (act.act) {
    case 'pause':
      return act.newOnly
        ? ['Nothing new starts; what is under way goes on.']
        : [
            'Nothing new starts, and every tenant under way stops before its next step.',
            'What rolls is finished, and nothing is undone.',
          ];
    case 'resume':
      return ['It goes on: the pause ends first, and a halt, where there is one, by another resume.'];
    case 'approve':
      return [`The wave ${act.wave} may begin as soon as its turn has come.`];
    case 'retry':
      return [
        'Those that were reverted, blocked or lost are started again; those that are held try their step again.',
        act.newPlan ? 'They take the plan of the file that is in force now.' : KEEPS_PLAN,
      ];
    case 'skip':
      return ['They are left out: nothing of them is started. A retry that names them takes them up again.'];
    case 'revert':
      return wordsOfRevert(act.choice.all === true, act.choice.wave !== undefined);
    case 'abort':
      return [
        'The fleet ends: all that has not begun is left out.',
        act.ending === 'finish'
          ? 'What is under way goes on to its end.'
          : 'What is under way is undone, exactly, where it has not passed the point of no return; the rest finishes.',
        'Tenants that are upgraded stay so.',
      ];
    case 'set':
      return ['The limits change at once. What is in flight above a lower limit finishes.'];
    case 'apply':
      return [
        'The fleet runs with this file. Tenants that were started keep the plan that they were started with.',
      ];
  }
}

function wordsOfRevert(isAll: boolean, isWave: boolean): string[] {
  return [
    'They are brought back to the old version, last first, from their backups: those under way, held and upgraded.',
    'The database of an upgraded tenant stays migrated, which nobody supports.',
    ...(isAll ? ['The fleet ends by it.'] : []),
    ...(isWave ? ['The fleet halts by it.'] : []),
  ];
}

function wordsOfTenantAct(act: Extract<Act, { readonly tenant: unknown }>['act']): string[] {
  switch (act) {
    case 'pause':
      return ['It stops before its next step; what runs is finished.'];
    case 'resume':
      return ['It goes on.'];
    case 'retry':
      return ['The step that failed is tried again.'];
    case 'skip-step':
      return ['It goes on without the step; the report says so.'];
    case 'abort':
      return [
        'Before the point of no return what was changed is undone, exactly; after it the upgrade is held, and asks.',
      ];
    case 'revert':
      return ['What was changed is undone, and the upgrade ends.'];
    case 'abandon':
      return ['It ends as it stands, and nothing goes on.'];
  }
}
