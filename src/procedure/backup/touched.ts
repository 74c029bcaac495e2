import type { Step } from '../../domain/tenant/step.ts';
import type { Touched } from '../steps/step-module.ts';
import { isModuleStep } from '../steps/step-module.ts';
import { moduleOf } from '../steps/index.ts';

/** Names of all that the steps may change, create or delete, by what they are. */
export type NamesTouched = Readonly<Record<Touched['resource'], ReadonlySet<string>>>;

export function namesTouched(steps: readonly Step[]): NamesTouched {
  const touched = steps.filter(isModuleStep).flatMap((step) => moduleOf(step).touches(step));
  const names = (resource: Touched['resource']) =>
    new Set(touched.filter((object) => object.resource === resource).map(({ name }) => name));
  return {
    deploymentconfigs: names('deploymentconfigs'),
    imagestreams: names('imagestreams'),
    routes: names('routes'),
    secrets: names('secrets'),
  };
}
