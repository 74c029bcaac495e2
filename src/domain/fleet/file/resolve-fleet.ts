import type { Allowance, FailureBudget, FleetCluster, FleetSpec, FleetTenant, Wave } from '../spec/spec.ts';
import { FLEET_LIMITS } from '../spec/spec.ts';
import { FLEET_RETRY_LIMITS } from '../../tenant/tenant-upgrade.ts';
import { canonicalJson } from './canonical-json.ts';
import { checkBudgets } from './check-budgets.ts';
import { WindowCheck } from './check-windows.ts';
import type { FilledWave } from './fill-waves.ts';
import { ALL, fillWaves } from './fill-waves.ts';
import type { BudgetEntry, FleetFile } from './fleet-file.ts';
import type { Identify } from './known-clusters.ts';
import { KnownClusters } from './known-clusters.ts';
import type { ListedTenant } from './listed-tenants.ts';
import { LabelSets } from './label-sets.ts';
import { ListedTenants } from './listed-tenants.ts';
import type { Level } from './profiles.ts';
import { Profiles } from './profiles.ts';
import type { Remark } from './remarks.ts';
import { Remarks } from './remarks.ts';
import type { BudgetKind } from '../tenant/states.ts';
import { BUDGET_KINDS } from '../tenant/states.ts';

export interface ResolveOptions {
  readonly identify: Identify;
  /** First 12 hex digits of SHA-256. */
  readonly hash: (text: string) => string;
  /** Windows are looked for from here on; what is resolved does not depend on it. */
  readonly nowMs: number;
}

export type Resolution =
  | { readonly status: 'resolved'; readonly spec: FleetSpec; readonly warnings: readonly Remark[] }
  | { readonly status: 'problems'; readonly problems: readonly Remark[] };

/** Makes every choice that a fleet file leaves open, or says all that is wrong with it. Pure. */
export function resolveFleet(file: FleetFile, options: ResolveOptions): Resolution {
  const remarks = new Remarks();
  const check = new WindowCheck(file.estimate, options.nowMs, remarks);
  checkStatements(file, check);
  const listed = new ListedTenants(file, new KnownClusters(file, options.identify, remarks), remarks);
  checkSize(listed, remarks);
  const waves = fillWaves(file, listed, remarks);
  // A tenant that could not be placed is a problem already: sizes that lack it would only mislead.
  if (remarks.problems.length === 0) checkBudgets(file, waves, remarks);
  checkReceivers(file, remarks);
  const profiles = new Profiles(options.hash, check, remarks);
  const placed = placeTenants(file, waves, profiles, remarks);
  if (remarks.problems.length > 0) return { status: 'problems', problems: remarks.problems };
  const { paths, windows } = profiles;
  const spec: Omit<FleetSpec, 'hash'> = {
    name: file.name,
    paths,
    windows,
    profiles: profiles.profiles,
    ...placed,
    waves: waves.map(toWave),
    maxConcurrent: file.maxConcurrent,
    maxConcurrentPerCluster: file.maxConcurrentPerCluster,
    failureBudget: toBudget(file.failureBudget),
    estimate: file.estimate,
    retries: FLEET_RETRY_LIMITS,
    autoRetries: file.retries.reverted,
    retryAfterMinutes: file.retries.afterMinutes,
    ...(file.notify && file.notify.length > 0 ? { notify: file.notify } : {}),
  };
  const hash = options.hash(canonicalJson({ ...spec, windows: profiles.windowsAsWritten }));
  return { status: 'resolved', spec: { ...spec, hash }, warnings: remarks.warnings };
}

function checkStatements(file: FleetFile, check: WindowCheck): void {
  check.statements(file, []);
  for (const [name, entry] of Object.entries(file.clusters)) check.statements(entry, ['clusters', name]);
  file.tenants.forEach((entry, index) => {
    check.statements(entry, ['tenants', index]);
  });
}

function checkReceivers({ notify = [], waves }: FleetFile, remarks: Remarks): void {
  const names = waves.length > 0 ? waves.map(({ name }) => name) : [ALL.name];
  notify.forEach((receiver, index) => {
    receiver.waves?.forEach((wave, place) => {
      if (!names.includes(wave))
        remarks.problem(
          ['notify', index, 'waves', place],
          `there is no wave ${wave}; there are: ${names.join(', ')}`,
        );
    });
  });
}

function checkSize(listed: ListedTenants, remarks: Remarks): void {
  const size = listed.included.length;
  if (size > FLEET_LIMITS.tenants) {
    remarks.problem(
      ['tenants'],
      `${size} tenants are more than the ${FLEET_LIMITS.tenants} that one fleet may have: make two fleets of them`,
    );
  }
  if (size === 0 && listed.all.length > 0) {
    remarks.problem(['exclude'], 'the fleet is empty: every tenant is excluded');
  }
}

function placeTenants(
  file: FleetFile,
  waves: readonly FilledWave[],
  profiles: Profiles,
  remarks: Remarks,
): Pick<FleetSpec, 'clusters' | 'tenants' | 'labels'> {
  const labels = new LabelSets();
  const clusters = new Map<string, { readonly index: number; readonly cluster: FleetCluster }>();
  const tenants = waves.flatMap((wave) =>
    wave.tenants.map((tenant): FleetTenant => {
      const cluster = toCluster(tenant);
      const key = canonicalJson([cluster.cluster, cluster.context, cluster.site]);
      const known = clusters.get(key) ?? { index: clusters.size, cluster };
      if (!clusters.has(key)) {
        const same = [...clusters.values()].find((other) => other.cluster.cluster === cluster.cluster);
        if (same && same.cluster.maxConcurrent !== cluster.maxConcurrent) {
          remarks.warn(
            tenant.place,
            `${cluster.cluster} is reached in two ways (contexts ${same.cluster.context} and ${cluster.context}) with two ` +
              'maxConcurrent: all its tenants count together, and each waits for the limit of its own way',
          );
        }
        clusters.set(key, known);
      }
      return {
        cluster: known.index,
        namespace: tenant.entry.namespace,
        profile: profiles.of(levelsOf(file, tenant)),
        ...(tenant.entry.name === undefined ? {} : { name: tenant.entry.name }),
        ...labels.of(tenant.entry.labels),
      };
    }),
  );
  return { tenants, clusters: [...clusters.values()].map(({ cluster }) => cluster), ...labels.all() };
}

function levelsOf(file: FleetFile, { cluster, entry, place }: ListedTenant): Level[] {
  return [
    { settings: file, place: [] },
    ...(cluster.place ? [{ settings: cluster.entry, place: cluster.place }] : []),
    { settings: entry, place },
  ];
}

function toCluster({ cluster, entry }: ListedTenant): FleetCluster {
  const site = entry.site ?? cluster.entry.site;
  const { maxConcurrent } = cluster.entry;
  return {
    cluster: cluster.identity,
    context: cluster.context,
    ...(cluster.name === cluster.context ? {} : { name: cluster.name }),
    ...(site === undefined ? {} : { site }),
    ...(maxConcurrent === undefined ? {} : { maxConcurrent }),
  };
}

function toWave({ entry, tenants }: FilledWave): Wave {
  const { name, maxConcurrent, soakMinutes, approval, failureBudget } = entry;
  return {
    name,
    tenants: tenants.length,
    soakMinutes,
    approval,
    ...(maxConcurrent === undefined ? {} : { maxConcurrent }),
    ...(failureBudget ? { failureBudget: toBudget(failureBudget) } : {}),
  };
}

function toBudget({ strict, ...allowances }: BudgetEntry): FailureBudget {
  const given: Partial<Record<BudgetKind, Allowance>> = {};
  for (const kind of BUDGET_KINDS) {
    const allowance = allowances[kind];
    if (allowance) given[kind] = allowance;
  }
  return { ...given, strict };
}
