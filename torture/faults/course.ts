/** What becomes of a request, or of its answer. */
export type Verdict =
  | { readonly do: 'go' }
  /** The connection is cut. */
  | { readonly do: 'cut' }
  /** Nobody ever answers. */
  | { readonly do: 'silence' }
  /** Answered so, instead. */
  | { readonly do: 'refuse'; readonly status: number; readonly retryAfterSeconds?: number }
  /** The connection is cut or silent now, and the request takes effect later, when everybody has given up. */
  | { readonly do: 'late'; readonly afterMs: number; readonly seen: 'cut' | 'silence' };

export const GO: Verdict = { do: 'go' };

/** How one request fares: each part may wait as long as it likes. Absent parts do nothing. */
export interface Course {
  /** Before the API sees it. */
  readonly before?: () => Verdict | Promise<Verdict>;
  /** When the API has done it, before the answer goes out. */
  readonly after?: () => Exclude<Verdict, { do: 'late' }> | Promise<Exclude<Verdict, { do: 'late' }>>;
  /** A read is answered as it was answered the last time. */
  readonly stale?: boolean;
  /** A watch ends after so long. */
  readonly watchEndsAfterMs?: number;
  /** A watch is told that its resourceVersion is too old. */
  readonly watchIsGone?: boolean;
}

/** One request as it arrives at a cluster. */
export interface Arrival {
  readonly at: number;
  readonly method: string;
  readonly path: string;
  /** What a patch changes: operations and paths, never values. */
  readonly changes: string;
  readonly isWatch: boolean;
  readonly namespace: string;
  /** Which worker sent it. */
  readonly writer: string;
  /** The how manieth request about this namespace, from 1. */
  readonly nth: number;
}

export const isWrite = ({ method, path }: Pick<Arrival, 'method' | 'path'>): boolean =>
  method !== 'GET' && !path.includes('/selfsubject');
