import type { FleetProgress } from '../../../domain/fleet/show/progress.ts';
import { pathsShown } from '../../../domain/fleet/show/progress.ts';
import { traitsOf } from '../../../domain/fleet/tenant/states.ts';
import { plainDeep } from '../../../domain/text/plain-text.ts';
import type { TenantLine } from '../../../domain/fleet/show/tenant-lines.ts';
import type { Colors } from '../../io.ts';
import { renderColumns } from '../../render/columns.ts';
import { renderDuration } from '../../render/duration.ts';
import { hintOf } from './hint.ts';
import { renderCounts, renderPhase, renderTenantState } from './state.ts';
import { moment } from '../../render/time.ts';

/** A fleet in a list; without `progress` nobody could be asked, and `stand` says why. */
export interface ListedFleet {
  readonly name: string;
  readonly startedAt: string;
  readonly stand: string;
  readonly progress?: FleetProgress;
  /** It is from the report that was kept: Temporal does not have it. */
  readonly kept?: true;
}

export function renderFleetList(fleets: readonly ListedFleet[], colors: Colors): string {
  return renderColumns(
    ['name', 'path', 'phase', 'started', 'tenants'],
    plainDeep(fleets).map(({ name, startedAt, stand, progress, kept }) =>
      progress
        ? [
            name,
            pathsShown(progress),
            `${renderPhase(progress.phase, colors)}${kept ? ' (as kept)' : ''}`,
            moment(progress.startedAt),
            `${progress.total}: ${renderCounts(progress.counts)}`,
          ]
        : [name, '', stand, moment(startedAt), ''],
    ),
  );
}

export function renderTenantList(
  tenants: readonly TenantLine[],
  { nowMs, colors }: { readonly nowMs: number; readonly colors: Colors },
): string {
  const isOfSeveral = tenants.some(({ path }) => path !== undefined);
  return renderColumns(
    ['tenant', 'cluster', ...(isOfSeveral ? ['path'] : []), 'wave', 'state', 'since', 'attempts', 'why'],
    plainDeep(tenants).map((line) => {
      const { name, tenant, wave, state, since, attempts, failure, notBefore } = line;
      return [
        name,
        tenant.cluster,
        ...(isOfSeveral ? [line.path ?? ''] : []),
        wave,
        renderTenantState(state, colors),
        since === '' ? '' : renderDuration(nowMs - Date.parse(since)),
        String(attempts),
        [
          ...(failure && !traitsOf(state).good ? [failure.message, ...hintOf(line)] : []),
          ...(notBefore === undefined ? [] : [`not before ${moment(notBefore)}`]),
        ].join('; '),
      ];
    }),
  );
}
