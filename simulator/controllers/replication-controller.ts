import type { Cluster } from '../cluster.ts';
import { asPod, asReplicationController, isReady, ownerOf } from '../objects.ts';
import type { Pod, ReplicationController } from '../objects.ts';
import { RESOURCES } from '../resources.ts';
import { admit, randomSuffix } from './pod-admission.ts';
import { keyOf, onEvents } from './runtime.ts';
import type { Namespaced } from './runtime.ts';

const WRITER = 'system:controller:replicationcontroller';
/** Keeps as many pods as spec.replicas says, and counts them in status. */
export function startReplicationControllers(cluster: Cluster): void {
  const { store, runtime } = cluster;

  onEvents(cluster, [RESOURCES.replicationcontrollers, RESOURCES.pods], ({ type, object }) => {
    if (object.kind === 'ReplicationController') {
      if (type !== 'DELETED') runtime.enqueue('rc', keyOf(object), reconcile);
      return;
    }
    const owner = object.metadata.ownerReferences?.find(({ controller }) => controller)?.name;
    if (owner) runtime.enqueue('rc', { ...keyOf(object), name: owner }, reconcile);
  });

  function reconcile(key: Namespaced): void {
    const found = store.get(RESOURCES.replicationcontrollers, key.namespace, key.name);
    if (!found) return;
    const rc = asReplicationController(found);
    const pods = podsOf(rc);
    const alive = pods.filter((pod) => !pod.metadata.deletionTimestamp);
    // Counts what it found: what it makes now is counted when it is seen.
    writeStatus(rc);
    if (!rc.metadata.deletionTimestamp) {
      for (let missing = rc.spec.replicas - alive.length; missing > 0; missing -= 1) create(rc);
      for (const pod of alive.slice(0, Math.max(0, alive.length - rc.spec.replicas))) remove(pod);
    }
  }

  function podsOf(rc: ReplicationController): Pod[] {
    return store
      .list(RESOURCES.pods, rc.metadata.namespace)
      .filter((pod) => ownerOf(pod) === rc.metadata.uid && pod.metadata.labels?.deployment)
      .map(asPod);
  }

  function create(rc: ReplicationController): void {
    const { template } = rc.spec;
    store.create(
      RESOURCES.pods,
      {
        kind: 'Pod',
        apiVersion: 'v1',
        metadata: {
          name: `${rc.metadata.name}-${randomSuffix()}`,
          generateName: `${rc.metadata.name}-`,
          ...(rc.metadata.namespace ? { namespace: rc.metadata.namespace } : {}),
          uid: '',
          resourceVersion: '',
          creationTimestamp: '',
          labels: { ...template.metadata?.labels },
          annotations: { ...template.metadata?.annotations },
          ownerReferences: [
            {
              apiVersion: 'v1',
              kind: 'ReplicationController',
              name: rc.metadata.name,
              uid: rc.metadata.uid,
              controller: true,
              blockOwnerDeletion: true,
            },
          ],
        },
        spec: admit(template.spec),
        status: { phase: 'Pending' },
      },
      WRITER,
    );
  }

  function remove(pod: Pod): void {
    const deletionTimestamp = new Date().toISOString();
    store.update(RESOURCES.pods, { ...pod, metadata: { ...pod.metadata, deletionTimestamp } }, WRITER);
  }

  function writeStatus(rc: ReplicationController): void {
    const pods = podsOf(rc).filter((pod) => !pod.metadata.deletionTimestamp);
    const ready = pods.filter(isReady).length;
    const current = store.get(RESOURCES.replicationcontrollers, rc.metadata.namespace, rc.metadata.name);
    if (!current) return;
    const status = {
      replicas: pods.length,
      ...(pods.length > 0 ? { fullyLabeledReplicas: pods.length } : {}),
      ...(ready > 0 ? { readyReplicas: ready, availableReplicas: ready } : {}),
      observedGeneration: current.metadata.generation ?? 0,
    };
    store.update(RESOURCES.replicationcontrollers, { ...current, status }, WRITER);
  }
}
