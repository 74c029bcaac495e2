import type { InstallationState } from '../../domain/tenant/finding.ts';
import type { ResolvedPath } from '../../domain/tenant/step.ts';
import { claimOf } from '../claim/claim.ts';
import { inspectSteps } from '../preflight/inspect.ts';
import { installationOf } from '../installation.ts';
import { carriesOurPause } from '../claim/marks.ts';
import type { View } from '../steps/step-module.ts';

/** Of one snapshot: nothing of the path is done, and nothing carries a mark of ours: what an upgrade starts from. */
export async function isAtItsStart(view: View, path: ResolvedPath): Promise<boolean> {
  const configs = await view.api.list('deploymentconfigs');
  return !configs.some((config) => claimOf(config)) && isUntouched(view, path);
}

/** The same, claimed or not. */
export async function isUntouched(view: View, path: ResolvedPath): Promise<boolean> {
  const configs = await view.api.list('deploymentconfigs');
  if (configs.some((config) => carriesOurPause(config, view.mark))) return false;
  return (await installationNow(view, path)) === 'from';
}

/** How far it is along the path, whatever marks it carries. */
export async function installationNow(view: View, path: ResolvedPath): Promise<InstallationState> {
  return installationOf(path.steps, await inspectSteps(view, path));
}
