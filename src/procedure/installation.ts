import type { InstallationState } from '../domain/tenant/finding.ts';
import type { StepInspection } from '../domain/tenant/plan.ts';
import type { Step } from '../domain/tenant/step.ts';

/** What tells how far an installation is: rollouts say nothing about the version. */
export function installationOf(
  steps: readonly Step[],
  inspections: ReadonlyMap<string, StepInspection>,
): InstallationState {
  const telling = steps.filter(
    ({ kind }) => !['pause-rollouts', 'roll-out', 'verify-staged', 'verify-upgraded'].includes(kind),
  );
  const looked = telling.map(({ kind, id }) => {
    const status = inspections.get(id)?.status;
    // What the path deletes is done when it is not there.
    const isGone = status === 'absent' && (kind === 'delete-deployment-config' || kind === 'delete-route');
    return { kind, status: isGone ? 'done' : status };
  });
  const present = looked.filter(({ status }) => status !== 'absent');
  if (present.every(({ status }) => status === 'done')) {
    return steps.some(({ id }) => inspections.get(id)?.status === 'todo' && isRollOut(steps, id))
      ? 'half-upgraded'
      : 'upgraded';
  }
  // The new Secret alone changes nothing.
  return present.some(({ kind, status }) => status === 'done' && kind !== 'create-secret')
    ? 'half-upgraded'
    : 'from';
}

const isRollOut = (steps: readonly Step[], id: string): boolean =>
  steps.some((step) => step.id === id && step.kind === 'roll-out');
