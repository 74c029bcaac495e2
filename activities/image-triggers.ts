import type { DeploymentTrigger } from '../src/openshift/types.ts';

/** Of a DeploymentConfig, that which writes the image of a container. */
export const triggerOf = (
  triggers: readonly DeploymentTrigger[],
  container: string,
): DeploymentTrigger | undefined =>
  triggers.find(({ imageChangeParams }) => imageChangeParams?.containerNames?.includes(container));

/** `amp-system:latest`; with its namespace where that is another; undefined where there is no trigger. */
export function placeOf(trigger: DeploymentTrigger | undefined, own: string): string | undefined {
  const from = trigger?.imageChangeParams?.from;
  if (!from) return undefined;
  return from.namespace === undefined || from.namespace === own
    ? from.name
    : `${from.namespace}/${from.name}`;
}
