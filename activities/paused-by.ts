import type { DeploymentConfig } from '../src/openshift/types.ts';

/** Says whose pause it is: only what carries our own is ever un-paused. */
export const PAUSED_BY = 'threescale-upgrade/paused-by';

export function isPausedByUs({ metadata, spec }: DeploymentConfig, mark: string): boolean {
  return spec.paused === true && metadata.annotations?.[PAUSED_BY] === mark;
}
