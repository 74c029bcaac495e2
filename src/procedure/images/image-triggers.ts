import type { DeploymentTrigger } from '../../openshift/types.ts';

/** Of a DeploymentConfig, where the triggers that write the image of a container lead; of several the last one may win. */
export const placesOf = (
  triggers: readonly DeploymentTrigger[],
  container: string,
  own: string,
): readonly string[] =>
  triggers
    .filter(({ imageChangeParams }) => imageChangeParams?.containerNames?.includes(container))
    .flatMap((trigger) => placeOf(trigger, own) ?? []);

/** `amp-system:latest`; with its namespace where that is another; undefined where there is no trigger. */
export function placeOf(trigger: DeploymentTrigger, own: string): string | undefined {
  const from = trigger.imageChangeParams?.from;
  if (!from) return undefined;
  return from.namespace === undefined || from.namespace === own
    ? from.name
    : `${from.namespace}/${from.name}`;
}
