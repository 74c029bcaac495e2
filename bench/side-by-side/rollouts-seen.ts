import type { Cluster } from '../../simulator/cluster.ts';
import { ANNOTATION } from '../../simulator/objects.ts';

interface Seen {
  readonly begunMs: number;
  completeMs?: number;
}

/** What rolls out before system-app; it, and what comes after, are the others. */
const BEFORE = ['backend-listener', 'backend-worker', 'backend-cron', 'zync', 'system-memcache'];
const APP = 'system-app';

/** How long the rollouts of one tenant took. */
export interface SwitchTimes {
  /** From the begin of the first one to the end of the last one. */
  readonly switchMs: number;
  /** Of the longest before system-app, of system-app, and of the longest after it: nothing that heeds this order is quicker. */
  readonly chainMs: number;
}

/** When the rollouts of all tenants begin and are complete. */
export class RolloutsSeen {
  readonly #seen = new Map<string, Map<string, Seen>>();

  constructor({ store }: Pick<Cluster, 'store'>) {
    store.subscribe(({ object }) => {
      if (object.kind !== 'ReplicationController') return;
      const { namespace = '', uid, annotations } = object.metadata;
      const config = annotations?.[ANNOTATION.config] ?? '';
      const ofTenant = this.#seen.get(namespace) ?? new Map<string, Seen>();
      this.#seen.set(namespace, ofTenant);
      const key = `${config} ${uid}`;
      const known = ofTenant.get(key) ?? { begunMs: performance.now() };
      if (annotations?.[ANNOTATION.phase] === 'Complete') known.completeMs ??= performance.now();
      ofTenant.set(key, known);
    });
  }

  /** What was there before is not looked at. */
  forget(): void {
    this.#seen.clear();
  }

  of(tenant: string): SwitchTimes {
    const all = [...(this.#seen.get(tenant) ?? [])].flatMap(([key, { begunMs, completeMs }]) =>
      completeMs === undefined ? [] : [{ config: key.split(' ')[0] ?? '', begunMs, completeMs }],
    );
    const longest = (isOfThem: (config: string) => boolean): number =>
      Math.max(
        0,
        ...all
          .filter(({ config }) => isOfThem(config))
          .map(({ begunMs, completeMs }) => completeMs - begunMs),
      );
    const isBefore = (config: string): boolean => BEFORE.includes(config);
    const isApp = (config: string): boolean => config === APP;
    return {
      switchMs:
        Math.max(0, ...all.map(({ completeMs }) => completeMs)) -
        Math.min(...all.map(({ begunMs }) => begunMs)),
      chainMs: longest(isBefore) + longest(isApp) + longest((config) => !isBefore(config) && !isApp(config)),
    };
  }
}
