import type { Operation } from 'fast-json-patch';
import type { DeploymentConfig, Secret } from '../../openshift/types.ts';
import { pointer } from '../edit/edit.ts';

/** Says whose pause it is: only what carries our own is ever un-paused. */
export const PAUSED_BY = 'threescale-upgrade/paused-by';

export function isPausedByUs(config: DeploymentConfig, mark: string): boolean {
  return config.spec.paused === true && carriesOurPause(config, mark);
}

/** Also where somebody else has un-paused it since: the mark is ours to take off. */
export function carriesOurPause({ metadata }: DeploymentConfig, mark: string): boolean {
  return metadata.annotations?.[PAUSED_BY] === mark;
}

export const REMOVE_PAUSE_MARK: Operation = {
  op: 'remove',
  path: pointer('metadata', 'annotations', PAUSED_BY),
};

/** Says who has created a Secret: only what carries our own is ever deleted. */
export const CREATED_BY = 'threescale-upgrade/created-by';
/** What it says: the same in every cluster. */
export const TOOL = 'threescale-upgrade';

export function isCreatedByUs({ metadata }: Secret): boolean {
  return metadata.annotations?.[CREATED_BY] === TOOL;
}
