import type { StepOf } from '../../domain/tenant/step-kinds.ts';
import type { ModuleKind, StepModule } from './step-module.ts';
import { createRoute } from './create-route.ts';
import { createSecret } from './create-secret.ts';
import { deleteDeploymentConfig } from './delete-deployment-config.ts';
import { deleteRoute } from './delete-route.ts';
import { followImageStream } from './follow-image-stream.ts';
import { pauseRollouts } from './pause-rollouts.ts';
import { rollOut } from './roll-out.ts';
import { runInPod } from './run-in-pod.ts';
import { setEnv } from './set-env.ts';
import { setImage } from './set-image.ts';
import { tagImageStream } from './tag-image-stream.ts';

/** One module for each kind of step that touches something. */
const STEP_MODULES: { readonly [K in ModuleKind]: StepModule<K> } = {
  'pause-rollouts': pauseRollouts,
  'create-route': createRoute,
  'tag-image-stream': tagImageStream,
  'follow-image-stream': followImageStream,
  'set-image': setImage,
  'set-env': setEnv,
  'create-secret': createSecret,
  'roll-out': rollOut,
  'delete-deployment-config': deleteDeploymentConfig,
  'delete-route': deleteRoute,
  'run-in-pod': runInPod,
};

/** The module of a step, whatever its kind. */
export function moduleOf(step: StepOf<ModuleKind>): StepModule<ModuleKind> {
  return STEP_MODULES[step.kind] as StepModule<ModuleKind>;
}
