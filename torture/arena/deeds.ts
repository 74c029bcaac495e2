import type { KubeObject, StoreEvent } from '../../simulator/types.ts';

/** One object that a request has really changed. */
export interface Change {
  readonly kind: string;
  readonly name: string;
  readonly before: KubeObject | undefined;
  readonly after: KubeObject | undefined;
}

/** A request that had an effect: what the API's own log says of who did what, when. */
export interface Deed {
  /** When it took effect. */
  readonly at: number;
  /** When the request arrived. */
  readonly sentAt: number;
  /** A worker's name, or `somebody`. */
  readonly writer: string;
  readonly method: string;
  readonly path: string;
  readonly namespace: string;
  readonly changes: readonly Change[];
}

export const SOMEBODY = 'somebody';

/** What one event of the store says was changed; controllers' work, and what only the server keeps, is none. */
export function changeOf({ type, object, previous }: StoreEvent): Change {
  const { kind, metadata } = object;
  return {
    kind,
    name: metadata.name,
    before: type === 'ADDED' ? undefined : previous,
    after: type === 'DELETED' ? undefined : object,
  };
}
