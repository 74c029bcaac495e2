/**
 * Where reports are kept when an upgrade or a fleet has ended, so that they outlive what Temporal keeps. Files have paths with
 * slashes; each is written as a whole, and again with the same content does no harm.
 */
export interface ReportStore {
  /** As people are told of it: a folder, or `s3://bucket/prefix`; undefined where nothing is kept. */
  readonly place: string | undefined;
  /** Throws ReportStoreError where it takes nothing, as far as can be seen without writing. */
  check(): Promise<void>;
  /** Paths of all files under this folder, in no order; none where it is not there. Throws ReportStoreError. */
  list(folder: string): Promise<string[]>;
  /** Undefined where it is not there. Throws ReportStoreError. */
  read(path: string): Promise<string | undefined>;
  /** Throws ReportStoreError. */
  write(path: string, text: string): Promise<void>;
}

/** A store that does not do what it is asked to: why, in one line. */
export class ReportStoreError extends Error {
  override name = 'ReportStoreError';
}

/** Keeps nothing. */
export const NOWHERE: ReportStore = {
  place: undefined,
  check: () => Promise.resolve(),
  list: () => Promise.resolve([]),
  read: () => Promise.resolve(undefined),
  write: () => Promise.resolve(),
};
