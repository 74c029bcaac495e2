import type { Cluster } from '../cluster.ts';
import { timestamp } from '../objects.ts';
import { apiVersionOf, RESOURCES } from '../resources.ts';
import type { KubeObject } from '../types.ts';

export interface Warning {
  readonly reason: string;
  readonly message: string;
  readonly component: 'kubelet' | 'default-scheduler' | 'replication-controller' | 'deployer-controller';
  /** `spec.containers{zync}`, as the kubelet says it. */
  readonly container?: string;
  readonly count?: number;
}

/** Writes an Event of type Warning about an object, as client-go's recorder does. */
export function warn(
  { store }: Cluster,
  about: KubeObject,
  { reason, message, component, container, count = 1 }: Warning,
): void {
  const { name, namespace = '', uid, resourceVersion } = about.metadata;
  const at = timestamp();
  const suffix = (store.resourceVersion + 1).toString(16).padStart(16, '0');
  store.create(
    RESOURCES.events,
    {
      kind: 'Event',
      apiVersion: apiVersionOf(RESOURCES.events),
      metadata: { name: `${name}.${suffix}`, namespace, uid: '', resourceVersion: '', creationTimestamp: '' },
      involvedObject: {
        kind: about.kind,
        namespace,
        name,
        uid,
        apiVersion: about.apiVersion,
        resourceVersion,
        ...(container === undefined ? {} : { fieldPath: `spec.containers{${container}}` }),
      },
      reason,
      message,
      source: component === 'kubelet' ? { component, host: 'n0' } : { component },
      firstTimestamp: at,
      lastTimestamp: at,
      count,
      type: 'Warning',
      eventTime: null,
      reportingComponent: '',
      reportingInstance: '',
    },
    `system:controller:${component}`,
  );
}
