import type { Cluster } from '../cluster.ts';
import { timestamp } from '../objects.ts';
import type { Pod } from '../objects.ts';
import type { PodFault } from '../pod-troubles.ts';
import { runningStatus } from './pod-admission.ts';
import { warn } from './warnings.ts';

/** The states of a container, as a kubelet of 1.11 writes them. */
type Doc = Record<string, unknown>;

/** Plays a pod that does not come to run: writes what the kubelet, or the scheduler, would, and returns its status. */
export function breakPod(cluster: Cluster, pod: Pod, fault: PodFault): Pod['status'] {
  const [container = { name: '', image: '' }] = pod.spec.containers;
  const { name, image = '' } = container;
  const say = (reason: string, message: string, count = 1): void => {
    warn(cluster, pod, { reason, message, component: 'kubelet', container: name, count });
  };
  switch (fault.kind) {
    case 'unschedulable': {
      const message = '0/3 nodes are available: 3 Insufficient memory.';
      warn(cluster, pod, { reason: 'FailedScheduling', message, component: 'default-scheduler' });
      return {
        phase: 'Pending',
        conditions: [{ ...notYet('PodScheduled'), reason: 'Unschedulable', message }],
      };
    }
    case 'image-pull': {
      say('Failed', `Failed to pull image "${image}": rpc error: code = Unknown desc = manifest unknown`);
      say('Failed', 'Error: ErrImagePull');
      say('BackOff', `Back-off pulling image "${image}"`, 3);
      return withContainer(pod, 'Pending', {
        state: { waiting: { reason: 'ImagePullBackOff', message: `Back-off pulling image "${image}"` } },
        lastState: {},
        restartCount: 0,
      });
    }
    case 'crash-loop':
    case 'oom-killed': {
      const isKilled = fault.kind === 'oom-killed';
      say('BackOff', 'Back-off restarting failed container', 4);
      cluster.podTroubles.print(pod.metadata.uid, name, { current: fault.log ?? [] });
      const { metadata } = pod;
      return withContainer(pod, 'Running', {
        state: {
          waiting: {
            reason: 'CrashLoopBackOff',
            message: `Back-off 40s restarting failed container=${name} pod=${metadata.name}_${metadata.namespace ?? ''}(${metadata.uid})`,
          },
        },
        lastState: {
          terminated: {
            exitCode: isKilled ? 137 : (fault.exitCode ?? 1),
            reason: isKilled ? 'OOMKilled' : 'Error',
            ...(fault.terminationMessage === undefined ? {} : { message: fault.terminationMessage }),
            startedAt: timestamp(),
            finishedAt: timestamp(),
            containerID: `docker://${metadata.uid.replaceAll('-', '')}`,
          },
        },
        restartCount: 4,
      });
    }
    case 'never-ready':
      say(
        'Unhealthy',
        `Readiness probe failed: ${fault.probeAnswer ?? 'HTTP probe failed with statuscode: 503'}`,
        12,
      );
      cluster.podTroubles.print(pod.metadata.uid, name, { current: fault.log ?? [] });
      return withContainer(pod, 'Running', {
        state: { running: { startedAt: timestamp() } },
        lastState: {},
        restartCount: 0,
      });
  }
}

/** How the only container of a helper pod has ended. */
export function endedStatus(
  cluster: Cluster,
  pod: Pod,
  {
    exitCode,
    log,
    message,
  }: { readonly exitCode: number; readonly log: readonly string[]; readonly message?: string },
): Pod['status'] {
  const [container = { name: '', image: '' }] = pod.spec.containers;
  cluster.podTroubles.print(pod.metadata.uid, container.name, { current: log });
  return {
    phase: exitCode === 0 ? 'Succeeded' : 'Failed',
    containerStatuses: [
      {
        name: container.name,
        state: {
          terminated: {
            exitCode,
            reason: exitCode === 0 ? 'Completed' : 'Error',
            ...(message === undefined ? {} : { message }),
            startedAt: timestamp(),
            finishedAt: timestamp(),
            containerID: `docker://${pod.metadata.uid.replaceAll('-', '')}`,
          },
        },
        lastState: {},
        ready: false,
        restartCount: 0,
        image: container.image ?? '',
        imageID: '',
      },
    ],
  } as Pod['status'];
}

const notYet = (type: string): { type: string; status: string; lastTransitionTime: string } => ({
  type,
  status: 'False',
  lastTransitionTime: timestamp(),
});

/** The first container is in trouble; the others run. */
function withContainer(pod: Pod, phase: 'Pending' | 'Running', container: Doc): Pod['status'] {
  const running = runningStatus(pod);
  const [first, ...others] = (running.containerStatuses ?? []) as Doc[];
  return {
    ...running,
    phase,
    conditions: (running.conditions ?? []).map((condition) =>
      condition.type === 'Ready' || condition.type === 'ContainersReady'
        ? {
            ...condition,
            status: 'False',
            reason: 'ContainersNotReady',
            message: `containers with unready status: [${String(first?.['name'])}]`,
          }
        : condition,
    ),
    containerStatuses: [{ ...first, ready: false, ...container }, ...others],
  } as Pod['status'];
}
