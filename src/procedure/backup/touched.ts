import type { Step } from '../../domain/tenant/step-kinds.ts';
import type { TenantReader } from '../../openshift/tenant-api.ts';
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

/** What there is of each sort: whole lists of most, and of Secrets and ConfigMaps those of these names that are there. */
export async function readTouchable(
  api: TenantReader,
  { secrets, configmaps }: Pick<NamesTouched, 'secrets' | 'configmaps'>,
) {
  const there = async <R extends 'secrets' | 'configmaps'>(resource: R, names: ReadonlySet<string>) => {
    const found = await Promise.all([...names].map((name) => api.get(resource, name)));
    return found.filter((object) => object !== undefined);
  };
  const [configs, streams, routes, ofSecrets, ofConfigMaps] = await Promise.all([
    api.list('deploymentconfigs'),
    api.list('imagestreams'),
    api.list('routes'),
    there('secrets', secrets),
    there('configmaps', configmaps),
  ]);
  return { configs, streams, routes, secrets: ofSecrets, configmaps: ofConfigMaps };
}

/** The DeploymentConfigs that are gone once the steps are done. */
export const deletedConfigs = (steps: readonly Step[]): string[] =>
  touchedBy(steps).flatMap(({ resource, name, deleted }) =>
    deleted && resource === 'deploymentconfigs' ? name : [],
  );
