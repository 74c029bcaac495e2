import { aboutTenant } from '../../tenant/decisions.ts';
import { hintOfFailure } from '../../tenant/failure.ts';
import type { StepFailure } from '../../tenant/progress.ts';
import type { TenantRef } from '../../tenant/tenant.ts';
import type { Labels } from '../spec/labels.ts';
import { labelsOf } from '../spec/labels.ts';
import type { FleetSpec, FleetTenant } from '../spec/spec.ts';
import { at, nameOfTenant, tenantRef, waveStarts } from '../spec/spec.ts';
import type { FleetState, TenantEntry } from '../tenant/entry.ts';
import { stateOf } from '../tenant/entry.ts';
import type { FleetTenantState } from '../tenant/states.ts';

/** One tenant, as lists and reports show it. */
export interface TenantLine {
  readonly name: string;
  readonly tenant: TenantRef;
  readonly wave: string;
  /** `2.3-2.4`: where the fleet's tenants take several. */
  readonly path?: string;
  readonly state: FleetTenantState;
  readonly since: string;
  readonly attempts: number;
  readonly runId?: string;
  /** The run that took its place when it was reset. */
  readonly currentRunId?: string;
  readonly startedAt?: string;
  readonly failure?: StepFailure;
  /** When it is taken up again by itself: its window, its retry, the next look at somebody else's upgrade. */
  readonly notBefore?: string;
  readonly stopped?: boolean;
  readonly takingBack?: boolean;
  readonly site?: string;
  /** As the fleet file has them. */
  readonly labels?: Labels;
}

/** Which tenants a list or a report is about; all where nothing is said. */
export interface TenantFilter {
  readonly states?: readonly FleetTenantState[];
  readonly wave?: string;
  /** By any name that they answer to. */
  readonly tenants?: readonly string[];
}

export function tenantLines(
  spec: FleetSpec,
  entries: FleetState['entries'],
  filter: TenantFilter = {},
): TenantLine[] {
  const starts = waveStarts(spec);
  const lines = spec.waves.flatMap(({ name }, place) => {
    const [first = 0, next = 0] = starts.slice(place, place + 2);
    return Array.from({ length: next - first }, (_, offset) => lineOf(spec, entries, first + offset, name));
  });
  const called = filter.tenants && new Set(tenantsCalled(spec, filter.tenants).indexes);
  return lines.filter(
    ({ state, wave }, index) =>
      (!filter.states || filter.states.includes(state)) &&
      (filter.wave === undefined || filter.wave === wave) &&
      (!called || called.has(index)),
  );
}

/** The tenants that answer to one of these names, as indexes in the fleet's order; and the names that nobody answers to. */
export function tenantsCalled(
  spec: FleetSpec,
  names: readonly string[],
): { readonly indexes: readonly number[]; readonly unknown: readonly string[] } {
  const wanted = new Set(names);
  const known = new Set<string>();
  const indexes = spec.tenants.flatMap((tenant, index) => {
    const answersTo = namesOf(spec, tenant).filter((own) => wanted.has(own));
    for (const own of answersTo) known.add(own);
    return answersTo.length > 0 ? [index] : [];
  });
  return { indexes, unknown: names.filter((name) => !known.has(name)) };
}

/**
 * A tenant answers to its name, and to its namespace after its cluster as the file calls it, the cluster's context, or
 * its address.
 */
function namesOf(spec: FleetSpec, tenant: FleetTenant): readonly string[] {
  const { cluster, context, name = context } = at(spec.clusters, tenant.cluster);
  const places = [name, context, cluster].map((place) => `${place}/${tenant.namespace}`);
  return [nameOfTenant(spec, tenant), ...places];
}

export function lineOf(
  spec: FleetSpec,
  entries: FleetState['entries'],
  index: number,
  wave: string,
): TenantLine {
  const tenant = at(spec.tenants, index);
  const { site } = at(spec.clusters, tenant.cluster);
  const labels = labelsOf(spec, tenant);
  const entry: TenantEntry | null = entries[index] ?? null;
  const {
    attempts = 0,
    sinceMs,
    runId,
    currentRunId,
    startedMs,
    failure,
    notBeforeMs,
    stopped,
    takingBack,
  } = entry ?? {};
  return {
    name: nameOfTenant(spec, tenant),
    tenant: tenantRef(spec, index),
    wave,
    ...pathOf(spec, tenant),
    state: stateOf(entry),
    since: sinceMs === undefined ? '' : new Date(sinceMs).toISOString(),
    attempts,
    ...(runId === undefined ? {} : { runId }),
    ...(currentRunId === undefined ? {} : { currentRunId }),
    ...(startedMs === undefined ? {} : { startedAt: new Date(startedMs).toISOString() }),
    ...(failure ? { failure: withHint(failure, tenantRef(spec, index)) } : {}),
    ...(notBeforeMs === undefined ? {} : { notBefore: new Date(notBeforeMs).toISOString() }),
    ...(stopped ? { stopped } : {}),
    ...(takingBack ? { takingBack: true } : {}),
    ...(site === undefined ? {} : { site }),
    ...(labels ? { labels } : {}),
  };
}

/** The fleet remembers only what was said: what is to be done about a kind of failure is known without. */
function withHint(failure: StepFailure, tenant: TenantRef): StepFailure {
  const hint = hintOfFailure(failure);
  return hint === undefined ? failure : { ...failure, hint: aboutTenant(hint, tenant) };
}

function pathOf({ paths, profiles }: FleetSpec, { profile }: FleetTenant): Pick<TenantLine, 'path'> {
  const [first] = paths;
  if (paths.every(({ from, to }) => from === first?.from && to === first.to)) return {};
  const { from, to } = at(paths, at(profiles, profile).path);
  return { path: `${from}-${to}` };
}
