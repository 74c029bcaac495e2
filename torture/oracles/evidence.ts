import type { TenantProgress } from '../../src/domain/tenant/progress.ts';
import type { Deed } from '../arena/deeds.ts';
import type { Snapshot } from '../arena/snapshot.ts';
import type { Rollout, Tenant } from '../arena/tenant.ts';

/** One thing that is not as it must be. */
export interface Violation {
  /** Which oracle says so: a short name, for tables. */
  readonly oracle: string;
  readonly what: string;
}

/** One run of an activity, as Temporal's history has it: its last attempt only. */
export interface Activity {
  readonly type: string;
  readonly stepId: string | undefined;
  /** Every name that its input holds: by these its requests are told from those of activities beside it. */
  readonly names: readonly string[];
  readonly scheduledAt: number;
  readonly startedAt: number | undefined;
  /** Of that attempt, from 1. */
  readonly attempt: number;
  /** `pid@host` of the worker of the last attempt. */
  readonly identity: string | undefined;
  readonly closedAt: number | undefined;
}

/** One execution of a tenant's workflow. */
export interface Life {
  readonly runId: string;
  readonly status: string;
  readonly startedAt: number;
  readonly closedAt: number | undefined;
  readonly activities: readonly Activity[];
  /** What the tool says at its end: judged, never believed. */
  readonly progress: TenantProgress | undefined;
}

/** All that is known of one tenant after its world has come to rest. */
export interface Evidence {
  readonly tenant: Tenant;
  /** What workers did, oldest first. */
  readonly deeds: readonly Deed[];
  /** Commands that workers ran in pods, oldest first. */
  readonly commands: readonly Deed[];
  readonly end: Snapshot;
  /** Oldest first. */
  readonly lives: readonly Life[];
  readonly rollouts: readonly Rollout[];
  readonly downMs: number;
  /** When the engine lost its memory, or was reset by hand. */
  readonly forgotAt: readonly number[];
  /** Kinds of process faults that it lived through. */
  readonly processKinds: readonly string[];
  /** What was done to the clusters of its world as a whole. */
  readonly worldKinds: readonly string[];
  readonly workers: readonly WorkerSpan[];
}

export interface WorkerSpan {
  readonly name: string;
  readonly pid: number;
  readonly stoppedFrom: number | undefined;
  readonly stoppedTo: number | undefined;
}

export const finalLife = ({ lives }: Evidence): Life | undefined => lives.at(-1);
/** The state that the tool says it ended in. */
export const saidState = (evidence: Evidence): string | undefined => finalLife(evidence)?.progress?.state;

/** 2.4's system image ran, or its pre-hook: the database is migrated. */
export function migratedAt({ rollouts }: Evidence): number | undefined {
  return rollouts.find(
    ({ config, images }) =>
      config === 'system-app' && images.some((image) => image.includes('3scale-amp24/system')),
  )?.at;
}
