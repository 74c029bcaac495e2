import type { PodTrouble } from '../../domain/tenant/failure-evidence.ts';
import type { ContainerStatus, Pod } from '../../openshift/types.ts';

/** On pods that OpenShift makes for a rollout: its own, and those of hooks. */
const DEPLOYER_OF = 'openshift.io/deployer-pod-for.name';
const HELPER_TYPE = 'openshift.io/deployer-pod.type';

/** Whose pods are looked at: of one rollout, or of whatever the DeploymentConfig has running. */
export interface Subject {
  readonly deploymentConfig: string;
  /** The rollout's replication controller. */
  readonly controller?: string;
}

/** A trouble as the cluster tells it, and what can be read of it besides. */
export interface Found {
  /** Its message is the cluster's, or the application's: not yet looked through. */
  readonly trouble: PodTrouble;
  /** The same as long as nothing has moved. */
  readonly key: string;
  readonly rank: number;
  /** Which log says most; absent: there is none. */
  readonly log?: 'this' | 'previous';
}

/** What keeps a rollout from its end, worst first; of several pods with the same trouble, one. */
export function troublesOf(pods: readonly Pod[], subject: Subject): Found[] {
  const found = pods
    .flatMap((pod) => {
      const whose = roleOf(pod, subject);
      return whose ? troublesOfPod(pod, whose) : [];
    })
    .sort((a, b) => a.rank - b.rank);
  const kinds = new Set<string>();
  return found.filter(({ trouble: { role, container, state, reason } }) => {
    const kind = [role, container, state, reason].join(' ');
    return !kinds.has(kind) && kinds.add(kind);
  });
}

/** Of pods that are this subject's; undefined of all others. */
function roleOf(
  { metadata: { labels = {} } }: Pod,
  { deploymentConfig, controller }: Subject,
): Pick<PodTrouble, 'role' | 'hook'> | undefined {
  if (controller !== undefined && labels[DEPLOYER_OF] === controller) {
    const [, hook] = /^hook-(pre|mid|post)$/.exec(labels[HELPER_TYPE] ?? '') ?? [];
    return hook === undefined ? { role: 'deployer' } : { role: 'hook', hook };
  }
  const isOwn =
    controller === undefined
      ? labels['deploymentconfig'] === deploymentConfig
      : labels['deployment'] === controller;
  return isOwn ? { role: 'application' } : undefined;
}

const RANK = { broken: 0, unscheduled: 1, notReady: 2, deployer: 3, slow: 4 };

/** It only takes its time to begin. */
export const isOnItsWay = ({ rank }: Found): boolean => rank === RANK.slow;

/** What every pod goes through. */
const ON_ITS_WAY: readonly string[] = ['ContainerCreating', 'PodInitializing'];

const OF_IMAGES = /Image|Registry/;

function troublesOfPod(pod: Pod, whose: Pick<PodTrouble, 'role' | 'hook'>): Found[] {
  const { metadata, status = {}, spec } = pod;
  const { phase, reason, message, initContainerStatuses = [], containerStatuses = [] } = status;
  if (phase === 'Succeeded') return [];
  const base = { pod: metadata.name, ...whose };
  const isDeployer = whose.role === 'deployer';
  const images = new Map(
    [...spec.containers, ...(spec.initContainers ?? [])].map(({ name, image }) => [name, image]),
  );
  const found = [...initContainerStatuses.map(asInit), ...containerStatuses].flatMap((container): Found[] => {
    const seen = troubleOf(container, phase === 'Failed');
    if (!seen) return [];
    const { trouble, rank, log } = seen;
    const image = OF_IMAGES.test(trouble.reason ?? '') ? images.get(container.name) : undefined;
    return [
      {
        trouble: {
          ...base,
          container: container.name,
          ...trouble,
          ...(image === undefined ? {} : { image }),
        },
        key: [metadata.uid, container.name, trouble.state, trouble.reason, trouble.restarts].join(' '),
        rank: isDeployer ? RANK.deployer : rank,
        ...(log ? { log } : {}),
      },
    ];
  });
  // A deployer that runs waits for the others.
  const broken = isDeployer ? found.filter(({ trouble }) => trouble.state !== 'running') : found;
  if (broken.length > 0) return broken;
  const scheduled = status.conditions?.find(({ type }) => type === 'PodScheduled');
  const unscheduled = scheduled?.status === 'False' ? scheduled : undefined;
  if (!unscheduled && phase !== 'Failed') return [];
  const said = { reason: unscheduled?.reason ?? reason, message: unscheduled?.message ?? message };
  return [
    {
      trouble: {
        ...base,
        state: unscheduled ? 'pending' : 'terminated',
        ...(said.reason === undefined ? {} : { reason: said.reason }),
        ...(said.message === undefined ? {} : { message: said.message }),
      },
      key: [metadata.uid, said.reason].join(' '),
      rank: isDeployer ? RANK.deployer : unscheduled ? RANK.unscheduled : RANK.broken,
    },
  ];
}

/** An init container that has done its work is never ready again, and well. */
const asInit = (status: ContainerStatus): ContainerStatus =>
  status.state?.terminated?.exitCode === 0 ? { ...status, ready: true } : status;

interface Seen extends Pick<Found, 'rank' | 'log'> {
  readonly trouble: Omit<PodTrouble, 'pod' | 'role'>;
}

function troubleOf(status: ContainerStatus, podFailed: boolean): Seen | undefined {
  const { state = {}, lastState = {}, ready = false, restartCount: restarts = 0 } = status;
  const { waiting, running, terminated } = state;
  const ended = terminated ?? lastState.terminated;
  const counted = {
    ...(ended?.exitCode === undefined ? {} : { exitCode: ended.exitCode }),
    ...(ended?.signal ? { signal: ended.signal } : {}),
    ...(restarts > 0 ? { restarts } : {}),
  };
  if (ready) return undefined;
  if (terminated) {
    if (terminated.exitCode === 0 && !podFailed) return undefined;
    return {
      trouble: { state: 'terminated', ...said(terminated.reason, terminated.message), ...counted },
      rank: RANK.broken,
      log: 'this',
    };
  }
  if (waiting) {
    const isOnItsWay = !ended && (waiting.reason === undefined || ON_ITS_WAY.includes(waiting.reason));
    return {
      trouble: {
        state: 'waiting',
        // Of a container that is started again and again its own last words say more than that it is.
        ...said(waiting.reason, ended?.message ?? waiting.message),
        ...(lastState.terminated?.reason ? { lastReason: lastState.terminated.reason } : {}),
        ...counted,
      },
      rank: isOnItsWay ? RANK.slow : RANK.broken,
      // While it waits, the kubelet answers with the log of the process that ended.
      ...(ended ? { log: 'this' } : {}),
    };
  }
  if (!running) return undefined;
  return {
    trouble: {
      state: 'running',
      ...said(undefined, ended?.message),
      ...(ended?.reason ? { lastReason: ended.reason } : {}),
      ...counted,
    },
    rank: ended ? RANK.broken : RANK.notReady,
    log: ended ? 'previous' : 'this',
  };
}

const said = (reason?: string, message?: string): Pick<PodTrouble, 'reason' | 'message'> => ({
  ...(reason ? { reason } : {}),
  ...(message ? { message } : {}),
});
