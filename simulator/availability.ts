import { ANNOTATION, asPod, isReady } from './objects.ts';
import type { Store } from './types.ts';

/** How long a DeploymentConfig had no ready pod: what a user of the service would have noticed. */
export interface Availability {
  /** Milliseconds without a ready pod since the first one was ready, or since `reset`. */
  downMs(namespace: string, deploymentConfig: string): number;
  reset(): void;
}

interface Tracked {
  readonly ready: Set<string>;
  downSince: number | undefined;
  downMs: number;
}

export function createAvailability(store: Store): Availability {
  const records = new Map<string, Tracked>();

  store.subscribe(({ type, object }) => {
    if (object.kind !== 'Pod') return;
    const config = object.metadata.annotations?.[ANNOTATION.config];
    // Deployer and hook pods carry no such label: only pods of the application count.
    if (!config || !object.metadata.labels?.deploymentconfig) return;
    const key = `${object.metadata.namespace ?? ''}/${config}`;
    const up = type !== 'DELETED' && isReady(asPod(object));
    let record = records.get(key);
    if (!record) {
      if (!up) return;
      records.set(key, (record = { ready: new Set(), downSince: undefined, downMs: 0 }));
    }
    if (up) record.ready.add(object.metadata.uid);
    else record.ready.delete(object.metadata.uid);
    const now = Date.now();
    if (record.ready.size === 0) record.downSince ??= now;
    else if (record.downSince !== undefined) {
      record.downMs += now - record.downSince;
      record.downSince = undefined;
    }
  });

  return {
    downMs(namespace, deploymentConfig) {
      const record = records.get(`${namespace}/${deploymentConfig}`);
      if (!record) return 0;
      return record.downMs + (record.downSince === undefined ? 0 : Date.now() - record.downSince);
    },
    reset() {
      for (const record of records.values()) {
        record.downMs = 0;
        if (record.downSince !== undefined) record.downSince = Date.now();
      }
    },
  };
}
