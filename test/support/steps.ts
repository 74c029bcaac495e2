import { takeBackup } from '../../src/procedure/backup/take-backup.ts';
import type { Backup } from '../../src/procedure/backup/backup.ts';
import type { ModuleKind, Moment, Problem, StepModule, Work } from '../../src/procedure/steps/step-module.ts';
import { isModuleStep } from '../../src/procedure/steps/step-module.ts';
import { moduleOf } from '../../src/procedure/steps/index.ts';
import type { InstallOptions } from '../../simulator/installation/install.ts';
import type { PathOptions } from '../../src/domain/paths/upgrade-path.ts';
import type { StepOf } from '../../src/domain/tenant/step-kinds.ts';
import { workflowIdOf } from '../../src/domain/tenant/workflow-id.ts';
import type { TenantApi } from '../../src/openshift/tenant-api.ts';
import { pathFor } from './upgrade-input.ts';
import { pushImage } from './push-image.ts';
import type { SimulatedClusters } from './simulated-clusters.ts';

/** The steps of a path on a tenant of its own, without Temporal: one module's function at a time. */
export interface Steps {
  readonly api: TenantApi;
  apply(id: string): ReturnType<StepModule<ModuleKind>['apply']>;
  verify(id: string, moment: Moment): Promise<Problem[]>;
  revert(id: string): Promise<unknown>;
  inspect(id: string): ReturnType<StepModule<ModuleKind>['inspect']>;
  /** The installation as it is now is what will be put back. */
  backUp(): Promise<Backup>;
  /** Somebody pushes an image to a tag; its digest is made of the name. */
  push(stream: string, tag: string, name: string): Promise<void>;
}

export interface StepsOptions {
  readonly path?: PathOptions;
  readonly install?: InstallOptions;
  /** Nothing need be paused. Default true. */
  readonly mayRoll?: boolean;
  /** What the step does right before what is staged moves. */
  readonly stillStaged?: (api: TenantApi) => Promise<void>;
}

/** Installs the tenant, settled. */
export async function openSteps(
  lab: SimulatedClusters,
  namespace: string,
  { path: options = {}, install = {}, mayRoll = true, stillStaged }: StepsOptions = {},
): Promise<Steps> {
  await lab.simulator.install('sim1', namespace, { seed: namespace, ...install });
  const tenant = lab.clusters.tenant('sim1', namespace);
  const api = lab.clusters.open(tenant);
  const path = pathFor(options);
  const mark = workflowIdOf(tenant);
  let backup: Backup | undefined;
  const work: Work = {
    api,
    path,
    mark,
    mayRoll,
    backup: () => Promise.resolve(backup),
    ...(stillStaged ? { stillStaged: () => stillStaged(api) } : {}),
  };
  const step = (id: string): StepOf<ModuleKind> => {
    const found = path.steps.filter(isModuleStep).find((candidate) => candidate.id === id);
    if (!found) throw new Error(`there is no step ${id}`);
    return found;
  };
  return {
    api,
    apply: (id) => moduleOf(step(id)).apply(work, step(id)),
    verify: (id, moment) => moduleOf(step(id)).verify(work, step(id), moment),
    revert: async (id) => moduleOf(step(id)).revert?.(work, step(id)),
    inspect: (id) => moduleOf(step(id)).inspect(work, step(id)),
    backUp: async () => (backup = await takeBackup(api, path, mark)),
    push: (stream, tag, name) => pushImage(lab.simulator.cluster('sim1'), { namespace, stream, tag, name }),
  };
}
