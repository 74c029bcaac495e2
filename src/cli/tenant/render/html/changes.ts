import type { Change } from '../../../../domain/tenant/changes.ts';
import { changeNamedBy, changesOf, stepsOfHash } from '../../../../domain/tenant/changes.ts';
import type { StepProgress, StepStatus, TenantProgress } from '../../../../domain/tenant/progress.ts';
import type { ResolvedPath } from '../../../../domain/tenant/step.ts';
import { someOf } from '../../../../domain/text/some-of.ts';
import { renderDuration } from '../../../render/duration.ts';
import type { Part } from '../../../render/html/markup.ts';
import { html } from '../../../render/html/markup.ts';
import { clockOf } from '../../../render/html/moment.ts';
import type { Column } from '../../../render/html/table.ts';
import { table } from '../../../render/html/table.ts';
import { tookMs, wordOf } from './words.ts';

/** Of a step that has changed something, or was about to. */
const CHANGES: readonly StepStatus[] = ['done', 'running', 'failed', 'reverting', 'reverted', 'not-reverted'];

const COLUMNS: readonly Column[] = [
  { name: 'Object', as: 'head' },
  { name: 'What' },
  { name: 'Guide', as: 'number' },
  { name: 'At', as: 'time' },
  { name: 'Took', as: 'time' },
  { name: 'Tries', as: 'number' },
  { name: 'Result' },
];

/** Everything that was changed, object by object, in the order in which each was come to first. */
export function changesTable(progress: TenantProgress, paths: readonly ResolvedPath[]): Part {
  const steps = stepsOfHash(paths, progress.pathHash);
  const changed = progress.steps
    .filter(({ status }) => CHANGES.includes(status))
    .flatMap((step): readonly (readonly [Change, StepProgress])[] => {
      const known = steps.get(step.id);
      const changes = known ? changesOf(known) : [changeNamedBy(step.title)];
      return changes.map((change) => [change, step] as const);
    });
  const byObject = Map.groupBy(changed, ([{ object }]) => object);
  const rows = [...byObject.values()].flat().map(([change, step]) => rowOf(change, step, progress.startedAt));
  return table(COLUMNS, rows, 'changes');
}

function rowOf({ object, what }: Change, step: StepProgress, day: string): readonly Part[] {
  const { guide, startedAt, attempts } = step;
  const took = tookMs(step);
  return [
    object,
    what,
    guide === 'tool' ? '' : guide,
    startedAt === undefined ? '' : clockOf(startedAt, day),
    took === undefined ? '' : renderDuration(took),
    attempts,
    resultOf(step, day),
  ];
}

/** How the step ended, with what it has said of it. */
function resultOf(step: StepProgress, day: string): string {
  const { status, note, failure, undo } = step;
  const back = undo?.endedAt === undefined ? '' : ` at ${clockOf(undo.endedAt, day)}`;
  const said = [
    status === 'done' ? (note ?? wordOf(step)) : `${wordOf(step)}${back}`,
    failure === undefined ? undefined : `${failure.type}: ${failure.message}`,
    undo?.note,
  ];
  return said.filter((part) => part !== undefined).join('; ');
}

const UNTOUCHED: readonly (readonly [StepStatus, string])[] = [
  ['unchanged', 'Found as it should be, nothing written'],
  ['absent', 'Not there, and need not be'],
  ['skipped', 'Skipped by decision'],
  ['pending', 'Not begun'],
];

/** What was not changed, and why; for thousands of tenants, in few words. */
export function untouched({ steps }: Pick<TenantProgress, 'steps'>, most = Infinity): Part {
  return UNTOUCHED.map(([status, words]) => {
    const titles = steps.filter((step) => step.status === status).map(({ title }) => title);
    const shown = titles.length > most ? someOf(titles, most) : titles.join('; ');
    return titles.length > 0 && html`<p><span class="soft">${words}:</span> ${shown}</p>`;
  });
}
