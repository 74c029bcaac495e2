import type { ResolvedPath } from '../../../../domain/tenant/step.ts';
import type { TenantProgress } from '../../../../domain/tenant/progress.ts';
import { traitsOf } from '../../../../domain/fleet/tenant/states.ts';
import { renderDuration } from '../../../render/duration.ts';
import type { Part } from '../../../render/html/markup.ts';
import { html } from '../../../render/html/markup.ts';
import { clockOf, momentOf } from '../../../render/html/moment.ts';
import { list } from '../../../render/html/page.ts';
import { changesTable, untouched } from '../../../tenant/render/html/changes.ts';
import { journalTable } from '../../../tenant/render/html/journal.ts';
import { leftToDo } from '../../../tenant/render/html/left.ts';
import { troubles } from '../../../tenant/render/html/trouble.ts';
import { stateShown } from '../../../tenant/render/html/words.ts';
import { crossingOf } from '../../../tenant/render/report.ts';
import type { TenantDetail } from '../../tenants.ts';
import { plural } from '../state.ts';
import { whyNoSteps } from '../report.ts';

/** Titles of steps that were not come to, of one of thousands of tenants. */
const TITLES = 6;

/** One tenant of a fleet, folded: everything that was changed of it, when, and by whom. */
export function tenantSection(detail: TenantDetail, anchor: string, paths: readonly ResolvedPath[]): Part {
  const { line, upgrade } = detail;
  const { name, state, attempts } = line;
  const took =
    upgrade?.endedAt === undefined
      ? ''
      : renderDuration(Date.parse(upgrade.endedAt) - Date.parse(upgrade.startedAt));
  return html`<details id="${anchor}">
    <summary>
      <b>${name}</b> ${stateShown(state, traitsOf(state).share)}
      <span>${took}</span>${attempts > 1 && html` <span>${plural(attempts, 'run')}</span>`}
    </summary>
    <p>${factsOf(detail)}</p>
    ${upgrade ? stepsOf(upgrade, paths) : html`<p>${whyNoSteps(attempts, detail.missing)}</p>`}
  </details> `;
}

/** In one line, as there may be thousands. */
function factsOf({ line, upgrade, kept }: TenantDetail): string {
  const { tenant, path, currentRunId, runId, startedAt, failure } = line;
  const run = currentRunId ?? runId;
  const began = upgrade?.startedAt ?? startedAt;
  return [
    `${tenant.cluster}/${tenant.namespace}`,
    ...(path === undefined ? [] : [path]),
    ...(began === undefined ? [] : [`started ${momentOf(began)}`]),
    ...(upgrade?.endedAt === undefined ? [] : [`ended ${clockOf(upgrade.endedAt, upgrade.startedAt)}`]),
    ...(upgrade ? [`point of no return ${crossingOf(upgrade)}`] : []),
    ...(upgrade?.backupSecret === undefined ? [] : [`backup secret/${upgrade.backupSecret}`]),
    ...(run === undefined ? [] : [`run ${run}`]),
    ...(upgrade ? [`plan ${upgrade.pathHash}`] : []),
    ...(kept ? ['from the report that was kept of it'] : []),
    ...(!upgrade && failure ? [`${failure.type}: ${failure.message}`] : []),
  ].join(' · ');
}

function stepsOf(upgrade: TenantProgress, paths: readonly ResolvedPath[]): Part {
  const { state, findings, journal } = upgrade;
  const found = findings.map(({ severity, object, message, hint }) =>
    [`Found (${severity}):`, ...(object === undefined ? [] : [object]), message, hint].join(' '),
  );
  return [
    changesTable(upgrade, paths),
    untouched(upgrade, TITLES),
    list(found),
    troubles(upgrade),
    journalTable(journal, upgrade.startedAt),
    state !== 'upgraded' || upgrade.leftovers.length > 0 ? list(leftToDo(upgrade)) : undefined,
  ];
}
