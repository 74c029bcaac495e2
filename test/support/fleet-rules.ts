import { NO_MEASURES } from '../../src/domain/fleet/rules/forecast.ts';
import type { FleetCluster, FleetSpec, TenantProfile, Wave } from '../../src/domain/fleet/spec/spec.ts';
import { DEFAULT_FLEET_ESTIMATE } from '../../src/domain/fleet/spec/spec.ts';
import type { FleetState, TenantReport } from '../../src/domain/fleet/tenant/entry.ts';
import type { StepFailure } from '../../src/domain/tenant/progress.ts';
import type { Actor } from '../../src/domain/tenant/tenant.ts';
import { DEFAULT_RETRY_LIMITS } from '../../src/domain/tenant/tenant-upgrade.ts';
import type { WindowPolicy } from '../../src/domain/windows/policy.ts';

export const MINUTE_MS = 60_000;
export const START_MS = Date.parse('2018-12-01T00:00:00Z');
export const OPERATOR: Actor = { by: 'kim', why: 'a test' };

export const ALWAYS: WindowPolicy = { windows: [], freezes: [] };
export const SATURDAYS: WindowPolicy = {
  windows: [{ opens: '0 22 * * 6', durationMinutes: 240, zone: 'Europe/Berlin' }],
  freezes: [],
};

/** What a test says of a fleet; tenants go round the clusters and the window policies unless it says how. */
export interface FleetShape extends Partial<Omit<FleetSpec, 'waves' | 'clusters' | 'tenants' | 'profiles'>> {
  readonly waves: readonly (Partial<Wave> & Pick<Wave, 'tenants'>)[];
  readonly clusters?: readonly Partial<FleetCluster>[];
  readonly clusterOf?: (index: number) => number;
  readonly windowsOf?: (index: number) => number;
}

export function fleetOf(shape: FleetShape): FleetSpec {
  const { waves, clusters = [{}], windows = [ALWAYS], ...rest } = shape;
  const { clusterOf = (i) => i % clusters.length, windowsOf = (i) => i % windows.length, ...settings } = rest;
  const size = waves.reduce((sum, { tenants }) => sum + tenants, 0);
  return {
    name: 'prod',
    hash: '0123456789ab',
    paths: [{ from: '2.3', to: '2.4', steps: [], hash: 'ba9876543210' }],
    maxConcurrent: 10,
    maxConcurrentPerCluster: 10,
    failureBudget: { strict: false },
    estimate: DEFAULT_FLEET_ESTIMATE,
    retries: DEFAULT_RETRY_LIMITS,
    autoRetries: 0,
    retryAfterMinutes: 60,
    ...settings,
    windows,
    clusters: clusters.map((cluster, i) => ({ cluster: `api.c${i}:6443`, context: `c${i}`, ...cluster })),
    profiles: windows.map((_, policy): TenantProfile => ({
      path: 0,
      windows: policy,
      onFailure: 'revert',
      onClose: 'finish-step',
    })),
    tenants: Array.from({ length: size }, (_, i) => ({
      cluster: clusterOf(i),
      namespace: `t${i}`,
      profile: windowsOf(i),
    })),
    waves: waves.map((wave, i) => ({ name: `w${i}`, soakMinutes: 0, approval: 'none', ...wave })),
  };
}

export function freshState(): FleetState {
  return {
    startedAt: new Date(START_MS).toISOString(),
    startedBy: OPERATOR,
    entries: [],
    waves: [],
    measures: NO_MEASURES,
    journal: [],
    runs: 1,
  };
}

export const FAILURE: StepFailure = { type: 'ServerError', message: 'something went wrong' };
export const HELD: TenantReport = { kind: 'held', failure: FAILURE };
export const UNREACHABLE: TenantReport = { kind: 'unreachable', failure: FAILURE };
export const ASKING: TenantReport = { kind: 'asking', reverting: false };
export const ASKING_TO_REVERT: TenantReport = { kind: 'asking', reverting: true };
export const parkedUntil = (opensAtMs: number): TenantReport => ({ kind: 'parked', opensAtMs });
