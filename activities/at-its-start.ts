import type { ResolvedPath } from '../src/domain/step.ts';
import { claimOf } from './claim.ts';
import { inspectSteps } from './inspect.ts';
import { installationOf } from './installation.ts';
import { carriesOurPause } from './marks.ts';
import type { View } from './step-module.ts';

/** Of one snapshot: nothing of the path is done, and nothing carries a mark of ours: what is there is what an upgrade starts from. */
export async function isAtItsStart(view: View, path: ResolvedPath): Promise<boolean> {
  const configs = await view.api.list('deploymentconfigs');
  if (configs.some((config) => carriesOurPause(config, view.mark) || claimOf(config))) return false;
  return installationOf(path.steps, await inspectSteps(view, path)) === 'from';
}
