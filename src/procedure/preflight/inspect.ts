import { leftAsTheyRun } from '../../domain/paths/choices.ts';
import type { PlannedStep, StepInspection, TenantPlan } from '../../domain/tenant/plan.ts';
import type { Step } from '../../domain/tenant/step-kinds.ts';
import type { ResolvedPath } from '../../domain/tenant/step.ts';
import { kindOf, stepsOf } from '../../domain/tenant/step.ts';
import type { TenantRef } from '../../domain/tenant/tenant.ts';
import { Snapshot } from '../../openshift/snapshot.ts';
import type { DeploymentConfig } from '../../openshift/types.ts';
import { policiesNotTakenOver } from '../images/tag-policies.ts';
import { blocked, NOTHING } from '../steps/step-module.ts';
import type { Look, View } from '../steps/step-module.ts';
import { isModuleStep } from '../steps/step-module.ts';
import { moduleOf } from '../steps/index.ts';
import { StepError } from '../step-error.ts';

/** Reads what each step would find now, before anything is done: of one snapshot, best of all. */
export async function inspectSteps(view: View, path: ResolvedPath): Promise<Map<string, StepInspection>> {
  const inspections = await Promise.all(
    path.steps.map(async (step) => [step.id, await inspectStep(view, step)] as const),
  );
  const found = new Map(inspections);
  const configs = await view.api.list('deploymentconfigs');
  for (const { id, deploymentConfig } of stepsOf(path.steps, 'roll-out')) {
    if (found.get(id)?.status !== 'done' || !willRoll(deploymentConfig, path, found, configs)) continue;
    const change = { object: `dc/${deploymentConfig}`, path: '', after: 'one rollout' };
    found.set(id, { status: 'todo', changes: [change] });
  }
  const pauses = stepsOf(path.steps, 'pause-rollouts').map(({ id }) => id);
  const isNeeded = [...found].some(([id, { status }]) => status === 'todo' && !pauses.includes(id));
  if (!isNeeded) for (const id of pauses) found.set(id, NOTHING);
  return found;
}

async function inspectStep(view: View, step: Step): Promise<StepInspection> {
  if (!isModuleStep(step)) return { status: 'done', changes: [] };
  try {
    const inspection = await moduleOf(step).inspect(view, step);
    if (inspection.status === 'absent' && !step.optional)
      return blocked(inspection.note ?? 'it is not there');
    return inspection;
  } catch (error) {
    if (error instanceof StepError) return blocked(`${error.message}. ${error.hint}`);
    throw error;
  }
}

/** A DeploymentConfig rolls when a staged step changes it, or the stream that one of its triggers follows. */
function willRoll(
  name: string,
  path: ResolvedPath,
  found: ReadonlyMap<string, StepInspection>,
  configs: readonly DeploymentConfig[],
): boolean {
  const config = configs.find(({ metadata }) => metadata.name === name);
  return path.steps
    .filter((step) => found.get(step.id)?.status === 'todo')
    .filter(isModuleStep)
    .some((step) => config !== undefined && moduleOf(step).rolls?.(step, config) === true);
}

/** What an upgrade would change, step by step. Read only. */
export async function planTenant(look: Look, tenant: TenantRef, path: ResolvedPath): Promise<TenantPlan> {
  const view = { ...look, api: new Snapshot(look.api) };
  const found = await inspectSteps(view, path);
  const steps = path.steps.filter(isModuleStep).map((step): PlannedStep => {
    const inspection = found.get(step.id) ?? { status: 'done', changes: [] };
    return { id: step.id, title: step.title, guide: step.guide, ...inspection };
  });
  const { context, cluster, namespace } = tenant;
  const { from, to, hash } = path;
  const configs = await view.api.list('deploymentconfigs');
  const notes = [
    ...notesOf(path, configs),
    ...foreignContainers(configs, path),
    ...policiesNotTakenOver(path.steps, await view.api.list('imagestreams')),
  ];
  return { context, cluster, namespace, from, to, pathHash: hash, steps, notes };
}

/** What stands beside the vendor's containers where variables are set. */
function foreignContainers(configs: readonly DeploymentConfig[], { steps }: ResolvedPath): string[] {
  const notes = stepsOf(steps, 'set-env').flatMap(({ deploymentConfig: name, containers: known }) => {
    if (!known) return [];
    const config = configs.find(({ metadata }) => metadata.name === name);
    const foreign = (config?.spec.template.spec.containers ?? []).filter((one) => !known.includes(one.name));
    return foreign.map(
      (one) => `container ${one.name} of dc/${name} is none of 3scale’s: its variables stay as they are`,
    );
  });
  return [...new Set(notes)];
}

function notesOf({ steps }: ResolvedPath, configs: readonly DeploymentConfig[]): string[] {
  const left = leftAsTheyRun(steps).filter((name) => configs.some(({ metadata }) => metadata.name === name));
  const isEverywhere = stepsOf(steps, 'set-env').some(({ preHook }) => preHook);
  const runsOnce = steps.filter((step) => kindOf(step).undoes === 'never');
  return [
    ...(isEverywhere
      ? []
      : [
          `AMP_RELEASE keeps its old value in system-app’s pre-hook and in system-sidekiq, as the guide has it; to set it there too: --release-everywhere`,
        ]),
    ...left.map((name) => `dc/${name} goes on running what it runs, as chosen`),
    ...runsOnce.map(({ id }) => `${id} cannot be undone by running it again`),
  ];
}
