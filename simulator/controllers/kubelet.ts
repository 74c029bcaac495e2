import type { Cluster } from '../cluster.ts';
import { asPod, isReady, timestamp } from '../objects.ts';
import type { Pod } from '../objects.ts';
import { RESOURCES } from '../resources.ts';
import type { PodFault } from '../pod-troubles.ts';
import type { KubeObject } from '../types.ts';
import { breakPod } from './broken-pods.ts';
import { runningStatus } from './pod-admission.ts';
import { keyOf, onEvents } from './runtime.ts';

const WRITER = 'system:controller:kubelet';

/** Starts the pods of the application and ends deleted ones. A pod waits, as its init containers say, for services. */
export function startKubelet(cluster: Cluster): void {
  const { store, runtime, timing } = cluster;
  const started = new Set<string>();

  onEvents(cluster, [RESOURCES.pods], ({ type, object }) => {
    if (type === 'DELETED') return;
    if (object.metadata.deletionTimestamp) return terminate(object);
    const pod = asPod(object);
    if (type === 'ADDED' && isApplication(pod)) start(pod);
    if (isReady(pod)) wakeWaiting(object.metadata.namespace ?? '');
  });

  function isApplication(pod: Pod): boolean {
    return pod.metadata.labels?.deployment !== undefined && pod.metadata.ownerReferences?.length === 1;
  }

  function start(pod: Pod): void {
    runtime.after(timing.rolloutMs * 0.2, () => {
      const current = read(pod);
      if (!current) return;
      update(current, { phase: 'Pending', conditions: [condition('PodScheduled', 'True')] });
      runtime.after(timing.rolloutMs * 0.4, () => {
        const { namespace = '', labels } = pod.metadata;
        const fault = cluster.podTroubles.faultOf(namespace, labels?.deployment ?? '');
        if (fault) return fail(pod, fault);
        started.add(pod.metadata.uid);
        becomeReady(pod);
      });
    });
  }

  function fail(pod: Pod, fault: PodFault): void {
    const current = read(pod);
    if (current) update(current, breakPod(cluster, current, fault));
  }

  function becomeReady(pod: Pod): void {
    const current = read(pod);
    if (!current || isReady(current) || !started.has(pod.metadata.uid)) return;
    if (!servicesAnswer(current)) return;
    started.delete(pod.metadata.uid);
    update(current, runningStatus(current));
  }

  function wakeWaiting(namespace: string): void {
    for (const object of store.list(RESOURCES.pods, namespace)) {
      if (started.has(object.metadata.uid)) becomeReady(asPod(object));
    }
  }

  /** Init containers of the form `until curl http://SERVICE…` or `/dev/tcp/SERVICE/…` end once it has a ready pod. */
  function servicesAnswer(pod: Pod): boolean {
    const text = (pod.spec.initContainers ?? []).flatMap(({ command = [] }) => command).join(' ');
    const hosts = [...text.matchAll(/https?:\/\/([a-z][-a-z0-9]*)[:/]|\/dev\/tcp\/([a-z][-a-z0-9]*)\//g)].map(
      ([, url, tcp]) => url ?? tcp ?? '',
    );
    return hosts.every((host) => serviceHasReadyPod(pod.metadata.namespace ?? '', host));
  }

  function serviceHasReadyPod(namespace: string, name: string): boolean {
    const service = store.get(RESOURCES.services, namespace, name);
    const selector = Object.entries(service?.spec?.selector ?? {});
    if (selector.length === 0) return false;
    return store
      .list(RESOURCES.pods, namespace)
      .some(
        (pod) =>
          isReady(asPod(pod)) && selector.every(([key, value]) => pod.metadata.labels?.[key] === value),
      );
  }

  function terminate(object: KubeObject): void {
    started.delete(object.metadata.uid);
    const key = keyOf(object);
    runtime.after(timing.terminationMs, () => {
      const current = store.get(RESOURCES.pods, key.namespace, key.name);
      if (current?.metadata.uid !== object.metadata.uid || current.metadata.finalizers?.length) return;
      store.remove(RESOURCES.pods, key.namespace, key.name, WRITER);
    });
  }

  function read(pod: Pod): Pod | undefined {
    const found = store.get(RESOURCES.pods, pod.metadata.namespace, pod.metadata.name);
    if (found?.metadata.uid !== pod.metadata.uid || found.metadata.deletionTimestamp) return undefined;
    return asPod(found);
  }

  function update(pod: Pod, status: Pod['status']): void {
    store.update(RESOURCES.pods, { ...pod, status }, WRITER);
  }
}

const condition = (
  type: string,
  status: string,
): { type: string; status: string; lastTransitionTime: string } => ({
  type,
  status,
  lastTransitionTime: timestamp(),
});
