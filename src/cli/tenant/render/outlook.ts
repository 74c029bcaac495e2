import type { Outlook } from '../../../domain/tenant/outlook.ts';
import type { TenantPlan } from '../../../domain/tenant/plan.ts';
import type { Colors } from '../../io.ts';
import { plural } from '../../fleet/render/state.ts';
import { renderWindow } from './window.ts';

/** What will happen, in a few lines: shown before it is asked for. */
export function renderOutlook(
  { tenant, cluster, from, to }: Pick<TenantPlan, 'cluster' | 'from' | 'to'> & { readonly tenant: string },
  outlook: Outlook,
  colors: Colors,
): string {
  const { version, rollouts, windows, window } = outlook;
  const rows: readonly (readonly [string, string])[] = [
    ['tenant', tenant],
    ['cluster', cluster],
    ['version', `${version ?? `none named, taken for ${from}`} found; ${to} afterwards`],
    ['rollouts', rolloutsLine(rollouts)],
    ['maintenance window', renderWindow(windows, window)],
    ['point of no return', crossingLine(outlook, from)],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return [
    colors.bold('What will happen:'),
    ...rows.map(([name, text]) => `  ${name.padEnd(width)}  ${text}`),
  ].join('\n');
}

function rolloutsLine(rollouts: readonly string[]): string {
  if (rollouts.length === 0) return 'none';
  return `${plural(rollouts.length, 'rollout')}, one of each: ${rollouts.map((name) => `dc/${name}`).join(', ')}`;
}

function crossingLine({ pointOfNoReturn, onFailure }: Outlook, from: string): string {
  if (!pointOfNoReturn) return 'none';
  const { step, deploymentConfig, ahead } = pointOfNoReturn;
  if (!ahead) return `is not crossed: dc/${deploymentConfig} has nothing to roll`;
  const before =
    onFailure === 'revert' ? 'what fails before it is undone, exactly' : 'what fails before it is held';
  return (
    `step ${step}, the rollout of dc/${deploymentConfig}, which migrates the database: ${before}; after it ` +
    `nobody supports going back to ${from}`
  );
}
