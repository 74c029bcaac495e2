import type { Step } from '../../domain/tenant/step-kinds.ts';
import type { Touched } from '../steps/step-module.ts';
import { isModuleStep, TOUCHABLE } from '../steps/step-module.ts';
import { moduleOf } from '../steps/index.ts';

/** Names of all that the steps may change, create or delete, by what they are. */
export type NamesTouched = Readonly<Record<Touched['resource'], ReadonlySet<string>>>;

function touchedBy(steps: readonly Step[]): Touched[] {
  return steps.filter(isModuleStep).flatMap((step) => [...moduleOf(step).touches(step)]);
}

export function namesTouched(steps: readonly Step[]): NamesTouched {
  const touched = touchedBy(steps);
  const names = TOUCHABLE.map((resource) => [
    resource,
    new Set(touched.filter((object) => object.resource === resource).map(({ name }) => name)),
  ]);
  return Object.fromEntries(names) as NamesTouched;
}

/** The DeploymentConfigs that are gone once the steps are done. */
export const deletedConfigs = (steps: readonly Step[]): string[] =>
  touchedBy(steps).flatMap(({ resource, name, deleted }) =>
    deleted && resource === 'deploymentconfigs' ? name : [],
  );
