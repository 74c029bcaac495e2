export const PHASES = ['there', 'past', 'revert', 'abort'] as const;
/** On the way there; past the point of no return; in a revert; after an abort. */
export type Phase = (typeof PHASES)[number];

/** One request of an upgrade: the so manieth of its sort since its phase began. */
export interface Point {
  readonly method: string;
  readonly path: string;
  /** What a patch changes: operations and paths. */
  readonly changes: string;
  readonly nth: number;
}

/** Where a request is met. A read: as the so manieth of its sort after the step before. */
export interface Place extends Point {
  readonly after?: { readonly point: Point; readonly more: number };
}
