import type { FleetProgress } from '../../../domain/fleet/show/progress.ts';
import { pathsShown } from '../../../domain/fleet/show/progress.ts';
import type { TenantProgress } from '../../../domain/tenant/progress.ts';
import { plainDeep } from '../../../domain/text/plain-text.ts';
import type { WindowPolicy } from '../../../domain/windows/policy.ts';
import { fleetCommand } from '../fleet-command.ts';
import type { Colors } from '../../io.ts';
import { renderDuration } from '../../render/duration.ts';
import type { Fit, Section } from '../../render/fit.ts';
import { renderSections } from '../../render/fit.ts';
import { attentionSections, workingSection } from './attention.ts';
import type { FleetEnd } from '../../../domain/fleet/show/estimate.ts';
import { renderAhead, renderStops, renderUnserved } from './notices.ts';
import { plural, renderCounts, renderPhase } from './state.ts';
import { renderTelling } from './telling.ts';
import { waveSection } from './waves.ts';

/** Everything that a look at a fleet has brought. */
export interface FleetView {
  readonly progress: FleetProgress;
  /** What tenants' own workflows say, by their names. */
  readonly underWay?: ReadonlyMap<string, TenantProgress>;
  readonly windows?: readonly WindowPolicy[];
  readonly end?: FleetEnd;
  /** Sites that no worker serves. */
  readonly unserved?: readonly string[];
  /** Nobody answers now, and why: this is what was seen last. */
  readonly away?: string;
}

/** Where a fleet stands, what it waits for and what it needs: for `status`, the live screen (`fit`) and the end. */
export function renderFleet(
  given: FleetView,
  options: { readonly nowMs: number; readonly colors: Colors; readonly fit?: Fit },
): string {
  const view = plainDeep(given);
  const { progress, end, windows } = view;
  const { nowMs, colors, fit } = options;
  const { underWay } = view;
  const tenants = { nowMs, colors, ...(underWay ? { underWay } : {}) };
  const working = workingSection(progress, tenants);
  const sections: Section[] = [
    { head: renderHead(progress, options) },
    { head: view.away === undefined ? [] : [colors.red(`  as last seen: ${view.away}`)] },
    { head: renderStops(progress, colors) },
    { head: (view.unserved ?? []).map((site) => colors.red(`  ${renderUnserved(site)}`)) },
    {
      head: renderAhead(progress, { nowMs, ...(end ? { end } : {}), ...(windows ? { windows } : {}) }),
    },
    { head: renderTelling(progress, colors) },
    waveSection(progress, { nowMs, colors, live: fit !== undefined }),
    ...attentionSections(progress, tenants),
    ...(working ? [working] : []),
    ...(progress.phase === 'ended'
      ? [{ head: ['', `  the whole story: ${fleetCommand(progress.name, 'report')}`] }]
      : []),
  ];
  return renderSections(sections, fit);
}

/** Its name, path, phase and totals. */
function renderHead(
  progress: FleetProgress,
  { nowMs, colors }: { readonly nowMs: number; readonly colors: Colors },
): string[] {
  const { name, phase, startedAt, endedAt, total, counts, limits } = progress;
  const until = endedAt === undefined ? nowMs : Date.parse(endedAt);
  const took = renderDuration(until - Date.parse(startedAt));
  return [
    `${colors.bold(name)}  ${pathsShown(progress)}  ${renderPhase(phase, colors)}  ${colors.dim(took)}`,
    `  ${plural(total, 'tenant')}: ${renderCounts(counts, colors)}`,
    ...(phase === 'ended'
      ? []
      : [
          colors.dim(
            `  at once: ${limits.maxConcurrent}, ${limits.maxConcurrentPerCluster} of a cluster; ` +
              `budget: ${limits.failureBudget.failed} failed, ${limits.failureBudget.blocked} blocked, ` +
              `${limits.failureBudget.unreachable} unreachable${limits.failureBudget.strict ? ', strict' : ''}`,
          ),
        ]),
  ];
}
