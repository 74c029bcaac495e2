import type { Cluster } from '../cluster.ts';
import { ANNOTATION, asPod, HOOK_LABEL } from '../objects.ts';
import type { PodStatus, ReplicationController } from '../objects.ts';
import { RESOURCES } from '../resources.ts';
import { endedStatus } from './broken-pods.ts';

const WRITER = 'system:controller:deployer';

/** Deployer and hook pods: they are played by the deployer, so the kubelet leaves them alone. */
export function createHelperPod(
  cluster: Cluster,
  rc: ReplicationController,
  name: string,
  labels: Record<string, string>,
): void {
  const { namespace } = rc.metadata;
  if (cluster.store.get(RESOURCES.pods, namespace, name)) return;
  cluster.store.create(
    RESOURCES.pods,
    {
      kind: 'Pod',
      apiVersion: 'v1',
      metadata: {
        name,
        ...(namespace ? { namespace } : {}),
        uid: '',
        resourceVersion: '',
        creationTimestamp: '',
        labels,
        annotations: {
          [ANNOTATION.deployment]: rc.metadata.name,
          [ANNOTATION.config]: rc.metadata.annotations?.[ANNOTATION.config] ?? '',
        },
        ownerReferences: [
          {
            apiVersion: 'v1',
            kind: 'ReplicationController',
            name: rc.metadata.name,
            uid: rc.metadata.uid,
            controller: true,
          },
        ],
      },
      spec: {
        containers: [
          labels[HOOK_LABEL]
            ? { name: 'lifecycle', image: 'hook' }
            : { name: 'deployment', image: 'deployer' },
        ],
        restartPolicy: 'Never',
        activeDeadlineSeconds: 21600,
      },
      status: { phase: 'Pending' },
    },
    WRITER,
  );
}

export function setPhase(
  cluster: Cluster,
  rc: ReplicationController,
  name: string,
  phase: PodStatus['phase'],
): void {
  const found = cluster.store.get(RESOURCES.pods, rc.metadata.namespace, name);
  if (!found) return;
  const pod = asPod(found);
  cluster.store.update(RESOURCES.pods, { ...pod, status: { phase } }, WRITER);
}

/** Its container ends, with what it has printed. */
export function endPod(
  cluster: Cluster,
  rc: ReplicationController,
  name: string,
  end: Parameters<typeof endedStatus>[2],
): void {
  const found = cluster.store.get(RESOURCES.pods, rc.metadata.namespace, name);
  if (!found) return;
  const pod = asPod(found);
  cluster.store.update(RESOURCES.pods, { ...pod, status: endedStatus(cluster, pod, end) }, WRITER);
}

export function deletePod(cluster: Cluster, namespace: string, name: string): void {
  const pod = cluster.store.get(RESOURCES.pods, namespace, name);
  if (!pod || pod.metadata.deletionTimestamp) return;
  const deletionTimestamp = new Date().toISOString();
  cluster.store.update(RESOURCES.pods, { ...pod, metadata: { ...pod.metadata, deletionTimestamp } }, WRITER);
}

export function hasPod(cluster: Cluster, namespace: string, name: string): boolean {
  return cluster.store.get(RESOURCES.pods, namespace, name) !== undefined;
}
