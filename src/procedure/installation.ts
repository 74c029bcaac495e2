import type { InstallationState } from '../domain/tenant/finding.ts';
import type { StepInspection } from '../domain/tenant/plan.ts';
import type { Step } from '../domain/tenant/step-kinds.ts';
import { stepsOf } from '../domain/tenant/step.ts';
import { moduleOf } from './steps/index.ts';
import { isModuleStep } from './steps/step-module.ts';

/** What tells how far an installation is: rollouts say nothing about the version. */
export function installationOf(
  steps: readonly Step[],
  inspections: ReadonlyMap<string, StepInspection>,
): InstallationState {
  const looked = steps.filter(isModuleStep).flatMap((step) => {
    const { tellsOfVersion = 'always', touches } = moduleOf(step);
    if (tellsOfVersion === 'never') return [];
    const status = inspections.get(step.id)?.status;
    // What the path deletes is done when it is not there.
    const isGone = status === 'absent' && touches(step).some(({ deleted }) => deleted);
    return [{ tellsAlone: tellsOfVersion === 'always', status: isGone ? 'done' : status }];
  });
  const present = looked.filter(({ status }) => status !== 'absent');
  if (present.every(({ status }) => status === 'done')) {
    return stepsOf(steps, 'roll-out').some(({ id }) => inspections.get(id)?.status === 'todo')
      ? 'half-upgraded'
      : 'upgraded';
  }
  return present.some(({ tellsAlone, status }) => status === 'done' && tellsAlone) ? 'half-upgraded' : 'from';
}
