import { ApiError } from '../errors.ts';
import type { KubeObject, ResourceType, Store, StoreEvent } from '../types.ts';

export type Namespaced = { readonly namespace: string; readonly name: string };

/**
 * What every controller runs on: a queue of keys that are reconciled one after another, each again when it changes
 * meanwhile, and timers that `settle` waits for. Nothing polls.
 */
export interface Runtime {
  /** Reconciles this key soon; the same key waits only once. */
  enqueue(controller: string, key: Namespaced, reconcile: (key: Namespaced) => void): void;
  /** Runs later in simulated time. Returns the cancel function. */
  after(ms: number, run: () => void): () => void;
  /** Resolves when nothing waits. Throws after `timeoutMs`. */
  settle(timeoutMs: number): Promise<void>;
  stop(): void;
}

export function createRuntime(): Runtime {
  const queued = new Map<string, () => void>();
  const timers = new Set<NodeJS.Timeout>();
  const waiting = new Set<() => void>();
  let scheduled = false;
  let stopped = false;

  const idle = (): boolean => queued.size === 0 && timers.size === 0;
  function notify(): void {
    if (!idle()) return;
    for (const resolve of waiting) resolve();
    waiting.clear();
  }

  function drain(): void {
    scheduled = false;
    for (const [key, run] of [...queued]) {
      queued.delete(key);
      if (!stopped) attempt(run);
    }
    if (queued.size > 0) schedule();
    else notify();
  }

  function schedule(): void {
    if (scheduled || stopped) return;
    scheduled = true;
    setImmediate(drain);
  }

  return {
    enqueue(controller, key, reconcile) {
      if (stopped) return;
      queued.set(`${controller} ${key.namespace}/${key.name}`, () => {
        reconcile(key);
      });
      schedule();
    },
    after(ms, run) {
      const timer = setTimeout(() => {
        timers.delete(timer);
        if (!stopped) attempt(run);
        notify();
      }, ms);
      timers.add(timer);
      return () => {
        clearTimeout(timer);
        timers.delete(timer);
        notify();
      };
    },
    async settle(timeoutMs) {
      if (idle()) return;
      let timer: NodeJS.Timeout | undefined;
      await Promise.race([
        new Promise<void>((resolve) => waiting.add(resolve)),
        new Promise<never>((_, reject) => {
          timer = setTimeout(() => {
            reject(new Error(`the simulated cluster did not settle within ${timeoutMs} ms`));
          }, timeoutMs);
        }),
      ]);
      clearTimeout(timer);
    },
    stop() {
      stopped = true;
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
      queued.clear();
      notify();
    },
  };
}

/** Conflicts and objects that went away are met again by the event that caused them. */
function attempt(run: () => void): void {
  try {
    run();
  } catch (error) {
    if (!(error instanceof ApiError) || (error.code !== 404 && error.code !== 409)) throw error;
  }
}

export function keyOf(object: KubeObject): Namespaced {
  return { namespace: object.metadata.namespace ?? '', name: object.metadata.name };
}

export function onEvents(
  { store }: { readonly store: Store },
  resources: readonly ResourceType[],
  handle: (event: StoreEvent) => void,
): void {
  store.subscribe((event) => {
    if (resources.includes(event.resource)) handle(event);
  });
}
