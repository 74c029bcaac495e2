import { readFileSync, existsSync } from 'node:fs';

export interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly status?: number;
  readonly t_ms?: number;
  readonly as?: string;
}

export interface Recording {
  readonly id: string;
  readonly title: string;
  readonly as: string;
  readonly given: readonly unknown[];
  readonly steps: readonly RecordedRequest[];
  readonly given_settled: boolean;
  readonly during?: readonly RecordedRequest[];
  readonly request: RecordedRequest;
  readonly response: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: unknown;
  };
}

/** The measurements beside the project when they are there (they may be newer), else the copy in the fixtures. */
export function fixture(path: string): unknown {
  const shared = new URL(`../../../shared/data/openshift/${path}`, import.meta.url);
  const own = new URL(`../fixtures/openshift/${path}`, import.meta.url);
  return JSON.parse(readFileSync(existsSync(shared) ? shared : own, 'utf8'));
}

export const recordings = (): readonly Recording[] => fixture('recordings.json') as Recording[];

/** A sequence of requests, with what the registry answered from there on, and where the controllers came to rest. */
export interface RecordedSequence {
  readonly id: string;
  readonly title: string;
  readonly steps: readonly {
    readonly registry?: string;
    readonly settled?: boolean;
    readonly request?: RecordedRequest;
    readonly response?: { readonly status: number; readonly body: unknown };
  }[];
}

export const sequences = (file: string): readonly RecordedSequence[] => fixture(file) as RecordedSequence[];
