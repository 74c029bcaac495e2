import type { Labels, LabelSelector } from '../spec/labels.ts';
import type { Receiver } from '../../notify/receivers.ts';
import type { Allowance, FleetEstimate } from '../spec/spec.ts';
import type { ComponentChoice } from '../../paths/choices.ts';
import type { FailurePolicy } from '../../tenant/tenant-upgrade.ts';
import type { Freeze, MaintenanceWindow, OnClose } from '../../windows/policy.ts';

/** What a fleet, a cluster and a tenant may each say: the most specific one wins; freezes add up. */
export interface Settings {
  readonly path?: string | undefined;
  /** Key by key. */
  readonly images?: Readonly<Record<string, string | undefined>> | undefined;
  readonly impersonation?: { readonly secret: string } | undefined;
  readonly releaseEverywhere?: boolean | undefined;
  readonly assumeVersion?: string | undefined;
  readonly components?: Readonly<Record<string, ComponentChoice | undefined>> | undefined;
  readonly takeAlong?: Readonly<Record<string, string>> | undefined;
  readonly replaceLatest?: readonly string[] | undefined;
  readonly onFailure?: FailurePolicy | undefined;
  readonly onClose?: OnClose | undefined;
  readonly logs?: boolean | undefined;
  readonly windows?: readonly MaintenanceWindow[] | undefined;
  readonly freezes?: readonly FreezeEntry[] | undefined;
}

export type FreezeEntry = DatesEntry | CalendarEntry;

export interface DatesEntry {
  readonly from: string;
  readonly to: string;
  readonly zone: string;
  readonly name?: string | undefined;
}

/** An iCalendar file, as it was when the fleet file was read. */
export interface CalendarEntry {
  readonly calendar: string;
  readonly zone?: string | undefined;
  readonly read: CalendarRead;
}

export interface CalendarRead {
  /** First 12 hex digits of SHA-256 over its text. */
  readonly hash: string;
  /** What was not over. */
  readonly freezes: readonly Freeze[];
  readonly problems: readonly string[];
  /** What is in it and freezes nothing. */
  readonly warnings: readonly string[];
}

export interface ClusterEntry extends Settings {
  /** Default: the entry's own name. */
  readonly context?: string | undefined;
  /** Address of its API server, for where the kubeconfig at hand does not have the context. */
  readonly server?: string | undefined;
  readonly site?: string | undefined;
  readonly maxConcurrent?: number | undefined;
}

/** Either `cluster` or `context`. */
export interface TenantEntry extends Settings {
  readonly name?: string | undefined;
  readonly cluster?: string | undefined;
  readonly context?: string | undefined;
  readonly namespace: string;
  readonly labels?: Labels | undefined;
  readonly site?: string | undefined;
}

/** Exactly one of them. */
export interface Select {
  readonly labels?: LabelSelector | undefined;
  readonly tenants?: readonly string[] | undefined;
  readonly count?: number | undefined;
  readonly percent?: number | undefined;
  readonly rest?: true | undefined;
}

export interface BudgetEntry {
  readonly failed?: Allowance | undefined;
  readonly blocked?: Allowance | undefined;
  readonly unreachable?: Allowance | undefined;
  readonly strict: boolean;
}

export interface WaveEntry {
  readonly name: string;
  readonly select: Select;
  readonly maxConcurrent?: number | undefined;
  readonly soakMinutes: number;
  readonly approval: 'required' | 'none';
  readonly failureBudget?: BudgetEntry | undefined;
}

/** A fleet file as it was written, with its defaults. */
export interface FleetFile extends Settings {
  readonly name: string;
  readonly estimate: FleetEstimate;
  readonly clusters: Readonly<Record<string, ClusterEntry>>;
  readonly tenants: readonly TenantEntry[];
  /** Names of tenants, or labels. */
  readonly exclude: readonly (string | { readonly labels: LabelSelector })[];
  readonly waves: readonly WaveEntry[];
  readonly maxConcurrent: number;
  readonly maxConcurrentPerCluster: number;
  readonly failureBudget: BudgetEntry;
  readonly retries: { readonly reverted: number; readonly afterMinutes: number };
  readonly order: 'listed' | 'name' | 'spread';
  readonly notify?: readonly Receiver[] | undefined;
}
