import type { Cluster } from '../cluster.ts';
import type { Identity } from '../identities.ts';
import type { ResourceType } from '../types.ts';

/** One HTTP request to the API, as the server hands it on. */
export interface ApiRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
  /** More than the server reads: the body here is only its beginning. */
  readonly tooLarge?: boolean;
}

export interface ApiAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object is sent as JSON; undefined is an empty body. */
  readonly body?: unknown;
  /** Set for a watch: starts it, and returns what ends it. */
  readonly watch?: (send: (event: { type: string; object: unknown }) => void, end: () => void) => () => void;
}

/** What a request is about, once its path is understood. */
export interface Target {
  readonly cluster: Cluster;
  readonly identity: Identity;
  readonly resource: ResourceType;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  readonly subresource: string | undefined;
  readonly verb: string;
  readonly request: ApiRequest;
}

export type { ResourceType };
