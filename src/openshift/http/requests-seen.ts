import { channel } from 'node:diagnostics_channel';

/** How a request ended: the status of its answer, or why there is none. */
export type RequestOutcome = number | 'unreachable' | 'no-credentials' | 'dropped' | 'not-sent';

/**
 * One request to a cluster, as whoever measures may know it: no query, header, body or credential is in it. The same object is
 * told of when it begins, and, with `outcome`, when it has ended.
 */
export interface RequestSeen {
  /** As TenantRef names it. */
  readonly cluster: string;
  /** Of HTTP, or EXEC: a command in a container. */
  readonly method: string;
  readonly path: string;
  /** A watch, or a command: it lasts as long as it is listened to. */
  readonly isLong: boolean;
  /** By the clock of `performance`. */
  readonly beganMs: number;
  outcome?: RequestOutcome;
}

/** They cost nothing where nobody listens. A listener must not throw: Node would end the process. */
export const requestBegun = channel('threescale-upgrade:request-begun');
export const requestEnded = channel('threescale-upgrade:request-ended');
