import { shellWord } from '../../../domain/tenant/decisions.ts';
import type { FleetSpec } from '../../../domain/fleet/spec/spec.ts';
import type { ResolvedPath } from '../../../domain/tenant/step.ts';
import type { PolicyStand } from '../overview.ts';
import type { Colors } from '../../io.ts';
import { plural } from './state.ts';
import { renderWindow } from '../../tenant/render/window.ts';
import { stepsOf } from '../../../domain/tenant/step.ts';

/** What will happen to each tenant, as far as it is known without a look at all of them. */
export function renderFleetOutlook(
  { paths }: Pick<FleetSpec, 'paths'>,
  { windows, file }: { readonly windows: readonly PolicyStand[]; readonly file: string },
  colors: Colors,
): string {
  return [
    colors.bold('What will happen:'),
    ...paths.flatMap(pathLines),
    ...windows.map(
      ({ policy, tenants, answer }) =>
        `  maintenance window of ${plural(tenants, 'tenant')}: ${renderWindow(policy, answer)}`,
    ),
    `  The version that each tenant has, and what would change:  threescale-upgrade fleet plan -f ${shellWord(file)}`,
  ].join('\n');
}

function pathLines({ from, to, steps }: ResolvedPath): string[] {
  const rollouts = stepsOf(steps, 'roll-out');
  const crossing = rollouts.find(({ pointOfNoReturn }) => pointOfNoReturn);
  const names = rollouts.map(({ deploymentConfig }) => `dc/${deploymentConfig}`);
  return [
    `  ${from} → ${to}: up to ${plural(rollouts.length, 'rollout')} of a tenant, one of each: ${names.join(', ')}`,
    ...(crossing
      ? [
          `  point of no return: step ${crossing.id}, the rollout of dc/${crossing.deploymentConfig}, which migrates the ` +
            `database: after it nobody supports going back to ${from}`,
        ]
      : []),
  ];
}
