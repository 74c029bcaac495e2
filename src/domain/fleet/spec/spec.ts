import type { Receiver } from '../../notify/receivers.ts';
import type { RetryLimits, FailurePolicy } from '../../tenant/tenant-upgrade.ts';
import type { ResolvedPath } from '../../tenant/step.ts';
import type { TenantRef } from '../../tenant/tenant.ts';
import { tenantKeyOf } from '../../tenant/tenant.ts';
import type { Labels } from './labels.ts';
import type { OnClose, WindowPolicy } from '../../windows/policy.ts';

/**
 * A fleet as it runs: the fleet file with every choice made (tenants found, waves filled, paths resolved), without a
 * credential or a value of a cluster. What tenants have in common stands once and is named by its index, so that ten
 * thousand of them fit one workflow's input.
 */
export interface FleetSpec {
  readonly name: string;
  /** First 12 hex digits of SHA-256 over the canonical JSON of the other fields, as the file gave them. */
  readonly hash: string;
  readonly paths: readonly ResolvedPath[];
  /** Without estimates: those are the fleet's (`estimate`), until it has measured. */
  readonly windows: readonly WindowPolicy[];
  readonly clusters: readonly FleetCluster[];
  readonly profiles: readonly TenantProfile[];
  /** Absent: no tenant has any. */
  readonly labels?: readonly Labels[];
  /** In the order in which they are taken up; the waves follow one another in it. */
  readonly tenants: readonly FleetTenant[];
  /** Their `tenants` add up to the number of tenants. */
  readonly waves: readonly Wave[];
  /** Tenants in flight at once, over the whole fleet. */
  readonly maxConcurrent: number;
  /** Of one cluster, whose API server they share; a cluster's own number goes before it. */
  readonly maxConcurrentPerCluster: number;
  /** Of the whole fleet; a wave may have its own besides. */
  readonly failureBudget: FailureBudget;
  /** How long things are taken to need until this fleet has measured it. */
  readonly estimate: FleetEstimate;
  readonly retries: RetryLimits;
  /** How often a reverted tenant is taken up again by itself, in a later window. */
  readonly autoRetries: number;
  /** How long a reverted tenant without windows waits before it is taken up again. */
  readonly retryAfterMinutes: number;
  /** Who is told; absent: nobody. */
  readonly notify?: readonly Receiver[];
}

/** A fleet as a difference is told of it: its paths by their names only. */
export interface FleetShown extends Omit<FleetSpec, 'paths'> {
  readonly paths: readonly Pick<ResolvedPath, 'from' | 'to' | 'hash'>[];
}

export interface FleetCluster {
  /** Its identity, as TenantRef has it. */
  readonly cluster: string;
  readonly context: string;
  /** As the fleet file calls it; absent: as its context. */
  readonly name?: string;
  /** Whose workers alone reach it; absent: every worker does. */
  readonly site?: string;
  readonly maxConcurrent?: number;
}

/** What many tenants have in common; `path` and `windows` are indexes into the spec's. */
export interface TenantProfile {
  readonly path: number;
  readonly windows: number;
  readonly onFailure: FailurePolicy;
  readonly onClose: OnClose;
  /** Of the tenant's own input; absent: yes. */
  readonly logs?: false;
}

export interface FleetTenant {
  /** Index into the spec's clusters. */
  readonly cluster: number;
  readonly namespace: string;
  /** Index into the spec's profiles. */
  readonly profile: number;
  /** The profile of a file applied after it was started: taken by a retry that wants the new plan. */
  readonly next?: number;
  /** As people call it; absent: `context/namespace`. */
  readonly name?: string;
  /** Index into the spec's labels; absent: it has none. */
  readonly labels?: number;
}

export interface Wave {
  readonly name: string;
  /** How many of the spec's tenants, following those of the waves before. 0: the wave is passed over. */
  readonly tenants: number;
  readonly maxConcurrent?: number;
  /** How long the wave is left alone, once done, before the next one begins. */
  readonly soakMinutes: number;
  /** `required`: it begins only after somebody has said so. */
  readonly approval: 'required' | 'none';
  readonly failureBudget?: Partial<FailureBudget>;
}

/** Of how many tenants: a number, or a percentage, rounded down. */
export type Allowance = { readonly count: number } | { readonly percent: number };

/** How many of them may go wrong before nothing new starts. Absent: any number. */
export interface FailureBudget {
  /** Reverted, held, or ended from outside. */
  readonly failed?: Allowance;
  /** A check stood against them; nothing was touched. */
  readonly blocked?: Allowance;
  /** Their cluster does not answer. */
  readonly unreachable?: Allowance;
  /** Those in flight count as failed before another one starts: `failed` can then never be exceeded. */
  readonly strict: boolean;
}

export interface FleetEstimate {
  readonly stageMinutes: number;
  readonly switchMinutes: number;
  readonly rollbackMinutes: number;
}

export const DEFAULT_FLEET_ESTIMATE: FleetEstimate = {
  stageMinutes: 10,
  switchMinutes: 30,
  rollbackMinutes: 30,
};

/**
 * What one fleet may hold: its parts must fit Temporal's payloads (2 MB) and its in-flight children (2,000). `bytes`: of the
 * spec as it travels, compressed; what the fleet remembers of its tenants travels with it and needs the rest.
 */
export const FLEET_LIMITS = { tenants: 10_000, inFlight: 500, waves: 100, bytes: 1_200_000 } as const;

/** The workflow of a fleet: there is one at a time for each name. */
export function fleetWorkflowId(name: string): string {
  return `fleet/${name}`;
}

/** The index of each wave's first tenant, and one past the last wave's last. */
export function waveStarts({ waves }: Pick<FleetSpec, 'waves'>): number[] {
  const starts = [0];
  for (const { tenants } of waves) starts.push((starts.at(-1) ?? 0) + tenants);
  return starts;
}

/** Names one tenant, whatever its place in the order: `cluster/namespace`. */
export function tenantKey(spec: Pick<FleetSpec, 'clusters'>, tenant: FleetTenant): string {
  const { cluster } = at(spec.clusters, tenant.cluster);
  return tenantKeyOf({ cluster, namespace: tenant.namespace });
}

/** How it is reached, and where it is. */
export function tenantRef(
  { tenants, clusters }: Pick<FleetSpec, 'tenants' | 'clusters'>,
  index: number,
): TenantRef {
  const { cluster: number, namespace } = at(tenants, index);
  const { cluster, context } = at(clusters, number);
  return { cluster, context, namespace };
}

/** As people call it. */
export function nameOfTenant(spec: Pick<FleetSpec, 'clusters'>, tenant: FleetTenant): string {
  return tenant.name ?? `${at(spec.clusters, tenant.cluster).context}/${tenant.namespace}`;
}

/** How many API servers it spans, however each is reached. */
export function clusterCount({ clusters }: Pick<FleetSpec, 'clusters'>): number {
  return new Set(clusters.map(({ cluster }) => cluster)).size;
}

/** An index that the spec itself gave. */
export function at<T>(items: readonly T[], index: number): T {
  const item = items[index];
  if (item === undefined) throw new Error(`the fleet has no item ${index} of ${items.length}`);
  return item;
}
