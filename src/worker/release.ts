import type { WorkerOptions } from '@temporalio/worker';
import { lte } from 'semver';
import * as patches from '../../workflows/patches.ts';

/**
 * What lets old and new workers run side by side (docs/adr/0013): which changes behind `patched` a worker makes, and the
 * version of a Worker Deployment as which Temporal knows it.
 */
export interface Release {
  /** A release, as `0.1.0`: changes that came later are not made. Unset: all are. */
  readonly asRelease?: string | undefined;
  /** Temporal gives it workflow tasks only while this version is the deployment's current (or ramping) one. */
  readonly deployment?: DeploymentVersion | undefined;
}

export interface DeploymentVersion {
  readonly deploymentName: string;
  readonly buildId: string;
}

/** The release that each change came with. */
const CAME_WITH: Readonly<Record<keyof typeof patches, string>> = {
  EVIDENCE: '0.1.0',
  HALF_WAY_HELD: '0.1.0',
  ABORT_HOLDS: '0.1.0',
  FOLLOWS_RESETS: '0.1.0',
  CROSSING_WAITED_OUT: '0.1.0',
  RETRIES_ALL: '0.1.0',
  CROSSING_BY_LEAVE: '0.1.0',
  PAUSE_STOPS_CROSSING: '0.1.0',
  CUT_SHORT: '0.1.0',
  ABANDONED_LOOKED_AT: '0.1.0',
  LOST_THOUGH_DONE: '0.1.0',
  HALF_WAY_TOLD: '0.1.0',
  LEFT_TOLD: '0.1.0',
  PAUSED_EARLIER: '0.1.0',
  COMMANDS_REMEMBERED: '0.1.0',
  OTHERS_DELETIONS: '0.1.0',
  KEEPS_REPORTS: '0.1.0',
  FEWER_EVENTS: '0.1.0',
  NOTIFIES: '0.1.0',
};

const releaseOf: ReadonlyMap<string, string> = new Map(
  Object.entries(patches).map(([name, id]) => [id, CAME_WITH[name as keyof typeof patches]]),
);

/** Changes of the SDK's own begin so. */
const OF_THE_SDK = '__';

/**
 * The part of a worker's options that is about releases. A change is asked for when a run first comes to it: what it then
 * does, it does to its end. `changes`: by id, the release that each came with; one that is not there is new.
 */
export function releaseOptions(
  { asRelease, deployment }: Release,
  changes: ReadonlyMap<string, string> = releaseOf,
): Partial<WorkerOptions> {
  const makes = (id: string): boolean => {
    const since = changes.get(id);
    return (
      asRelease === undefined || id.startsWith(OF_THE_SDK) || (since !== undefined && lte(since, asRelease))
    );
  };
  return {
    ...(asRelease === undefined ? {} : { patchActivationCallback: ({ patchId }) => makes(patchId) }),
    ...(deployment === undefined
      ? {}
      : {
          workerDeploymentOptions: {
            version: deployment,
            useWorkerVersioning: true,
            // A fix reaches what runs: a fleet runs for weeks.
            defaultVersioningBehavior: 'AUTO_UPGRADE',
          },
        }),
  };
}
