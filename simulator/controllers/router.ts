import type { Cluster } from '../cluster.ts';
import { asRoute, timestamp } from '../objects.ts';
import type { Route, RouteIngress } from '../objects.ts';
import { RESOURCES } from '../resources.ts';
import { onEvents } from './runtime.ts';
import type { Namespaced } from './runtime.ts';

const WRITER = 'system:controller:router';

/** Admits routes; of several with one host, the oldest. */
export function startRouter(cluster: Cluster): void {
  const { store, runtime } = cluster;
  const byHost = new Map<string, Set<string>>();

  onEvents(cluster, [RESOURCES.routes], ({ type, object, previous }) => {
    const route = asRoute(object);
    const id = `${route.metadata.namespace ?? ''}/${route.metadata.name}`;
    const before = previous && asRoute(previous).spec.host;
    const affected = new Set<string>();
    if (before !== undefined && (before !== route.spec.host || type === 'DELETED')) {
      byHost.get(before)?.delete(id);
      for (const other of byHost.get(before) ?? []) affected.add(other);
    }
    if (type !== 'DELETED') {
      const same = byHost.get(route.spec.host) ?? new Set();
      byHost.set(route.spec.host, same.add(id));
      affected.add(id);
    }
    for (const other of affected) {
      const [namespace = '', name = ''] = other.split('/');
      runtime.enqueue('router', { namespace, name }, reconcile);
    }
  });

  function reconcile(key: Namespaced): void {
    const found = store.get(RESOURCES.routes, key.namespace, key.name);
    if (!found) return;
    const route = asRoute(found);
    const owner = oldest(route.spec.host);
    const admitted = !owner || owner.metadata.uid === route.metadata.uid;
    const current = route.status.ingress?.[0];
    if (current?.host === route.spec.host && current.conditions[0]?.status === (admitted ? 'True' : 'False'))
      return;
    const ingress: RouteIngress = {
      host: route.spec.host,
      routerName: 'default',
      wildcardPolicy: 'None',
      conditions: [
        admitted
          ? { type: 'Admitted', status: 'True', lastTransitionTime: timestamp() }
          : {
              type: 'Admitted',
              status: 'False',
              reason: 'HostAlreadyClaimed',
              message: `route ${owner.metadata.name} already exposes ${route.spec.host} and is older`,
              lastTransitionTime: timestamp(),
            },
      ],
    };
    store.update(RESOURCES.routes, { ...route, status: { ingress: [ingress] } }, WRITER);
  }

  /** Claims are kept in the order in which they were made. */
  function oldest(host: string): Route | undefined {
    for (const id of byHost.get(host) ?? []) {
      const [namespace = '', name = ''] = id.split('/');
      const found = store.get(RESOURCES.routes, namespace, name);
      if (found) return asRoute(found);
    }
    return undefined;
  }
}
