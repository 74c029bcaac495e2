import type { Finding } from '../../domain/tenant/finding.ts';
import type { Step } from '../../domain/tenant/step-kinds.ts';
import type { DeploymentConfig } from '../../openshift/types.ts';
import { stepsOf } from '../../domain/tenant/step.ts';

/** Where the old pods end before the new ones begin, no order of steps spares its users the time between. */
export function recreatedFindings(steps: readonly Step[], configs: readonly DeploymentConfig[]): Finding[] {
  const rolled = stepsOf(steps, 'roll-out').map(({ deploymentConfig }) => deploymentConfig);
  const recreated = configs
    .filter(({ metadata, spec }) => rolled.includes(metadata.name) && spec.replicas > 0)
    .filter(({ spec }) => spec.strategy?.type === 'Recreate')
    .map(({ metadata }) => `dc/${metadata.name}`);
  if (recreated.length === 0) return [];
  const message =
    `the strategy of ${recreated.join(', ')} is Recreate: its old pods end before new ones begin, and the gap without ` +
    'a pod while it rolls out cannot be avoided';
  const hint = 'Nothing is to be put right: begin it when that gap may be, in a maintenance window.';
  return [{ check: 'rolls-without-a-gap', severity: 'warning', message, hint }];
}
