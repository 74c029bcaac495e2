import type { Cluster } from '../../simulator/cluster.ts';
import type { Rule } from '../faults/api-faults.ts';
import type { Call, Edit } from '../faults/foreign-edits.ts';
import type { WorldKind } from '../faults/kinds.ts';
import type { Snapshot } from './snapshot.ts';
import type { Wire } from './wire.ts';

/** A replication controller that came: one rollout. */
export interface Rollout {
  readonly at: number;
  readonly namespace: string;
  readonly config: string;
  readonly images: readonly string[];
  readonly failedAt: number | undefined;
}

/** One simulated cluster, and the context by which workers reach it. */
export interface Site {
  readonly context: string;
  readonly cluster: Cluster;
  readonly wire: Wire;
  /** Every replication controller that came. */
  readonly rollouts: Rollout[];
  /** As somebody with every right, by the API's own rules. */
  readonly call: Call;
}

/** Something that goes wrong when the tenant's so manieth request arrives. */
export interface Injection {
  readonly kind: WorldKind;
  readonly nth: number;
  readonly hits: number;
  readonly forMs: number;
  readonly variant: number;
}

/** What an operator has said to an upgrade, and whether it was heard. */
export interface Said {
  readonly at: number;
  readonly what: string;
  readonly by: string;
  refused?: string;
  /** A retry where the new version has run while it was taken back: whoever says so lets the old one run on that database. */
  endsRevert?: boolean;
}

/** A fault as it was made. */
export interface Injected {
  readonly kind: WorldKind;
  readonly at: number;
}

/** One installation of a world, and all that became of it. */
export interface Tenant {
  readonly site: Site;
  readonly namespace: string;
  readonly workflowId: string;
  readonly impersonation: boolean;
  readonly onFailure: 'revert' | 'hold';
  /** How an operator answers holds. */
  readonly policy: 'patient' | 'reverting' | 'leaving';
  readonly start: Snapshot;
  readonly injections: Injection[];
  readonly injected: Injected[];
  readonly rules: Rule[];
  readonly edits: Edit[];
  readonly said: Said[];
  /** How often it was started: again, where the engine had forgotten it. */
  starts: number;
  deletedAt?: number;
  repointed?: boolean;
}

export const nameOf = ({ site, namespace }: Pick<Tenant, 'site' | 'namespace'>): string =>
  `${site.context}/${namespace}`;
