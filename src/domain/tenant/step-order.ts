import type { StepStatus } from './progress.ts';
import type { Step } from './step-kinds.ts';
import type { ResolvedPath } from './step.ts';
import { isOfKind, stepsOf } from './step.ts';

const SETTLED: readonly StepStatus[] = ['done', 'unchanged', 'absent', 'skipped'];

/** True once nothing that comes after it has to wait any longer. */
export function isSettled(status: StepStatus): boolean {
  return SETTLED.includes(status);
}

/**
 * The pending steps that may start now, in the path's order. A step waits for all before it; a roll-out waits for
 * those of its siblings only that it names in `after`.
 */
export function readySteps(path: ResolvedPath, status: (stepId: string) => StepStatus): Step[] {
  return path.steps.filter(
    (step, index) =>
      status(step.id) === 'pending' &&
      path.steps.slice(0, index).every((before) => isSettled(status(before.id)) || !waitsFor(step, before)),
  );
}

const isRollOut = isOfKind('roll-out');

function waitsFor(step: Step, before: Step): boolean {
  if (!isRollOut(step) || !isRollOut(before)) return true;
  return step.after.includes(before.id);
}

/**
 * For each DeploymentConfig that the path pauses, those that must be settled before it is un-paused on the way back.
 * The same graph as on the way there; what the path never rolls out (it is deleted in 2.4) comes after all others.
 */
export function resumeOrder(path: ResolvedPath, names: readonly string[]): Map<string, readonly string[]> {
  const rollOuts = stepsOf(path.steps, 'roll-out');
  const nameOf = new Map(rollOuts.map((step) => [step.id, step.deploymentConfig]));
  const rolled = [...nameOf.values()].filter((name) => names.includes(name));
  return new Map(
    names.map((name) => {
      const step = rollOuts.find(({ deploymentConfig }) => deploymentConfig === name);
      const after = step?.after
        .flatMap((id) => nameOf.get(id) ?? [])
        .filter((other) => names.includes(other));
      return [name, after ?? rolled];
    }),
  );
}
