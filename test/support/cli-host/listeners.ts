import type { EventEmitter } from 'node:events';

/** One that was added to an emitter. */
export interface Added {
  readonly event: string | symbol;
  readonly listener: (...what: unknown[]) => void;
  remove(): void;
}

/** Tells, when it is asked, which listeners an emitter has had since. */
export function addedTo(emitter: EventEmitter): () => Added[] {
  const before = all(emitter);
  return () =>
    all(emitter)
      .filter((one) => !before.some((old) => old.event === one.event && old.listener === one.listener))
      .map(({ event, listener }) => ({
        event,
        listener,
        remove: () => emitter.removeListener(event, listener),
      }));
}

const all = (emitter: EventEmitter): Omit<Added, 'remove'>[] =>
  emitter
    .eventNames()
    .flatMap((event) =>
      emitter.listeners(event).map((listener) => ({ event, listener: listener as Added['listener'] })),
    );
