import type { StepFailure } from '../progress.ts';
import type { TenantRef } from '../tenant.ts';
import type { FleetSpec } from './spec.ts';
import { at, nameOfTenant, waveStarts } from './spec.ts';
import type { FleetState, FleetTenantState, TenantEntry } from './state.ts';

/** One tenant, as lists and reports show it. */
export interface TenantLine {
  readonly name: string;
  readonly tenant: TenantRef;
  readonly wave: string;
  readonly state: FleetTenantState;
  readonly since: string;
  readonly attempts: number;
  readonly runId?: string;
  readonly startedAt?: string;
  readonly failure?: Pick<StepFailure, 'type' | 'message'>;
  /** When it is taken up again by itself: its window, its retry, the next look at somebody else's upgrade. */
  readonly notBefore?: string;
  readonly stopped?: boolean;
  readonly takingBack?: boolean;
  readonly site?: string;
}

export interface TenantFilter {
  readonly states?: readonly FleetTenantState[];
  readonly wave?: string;
  /** Names, or `context/namespace`. */
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
  return lines.filter(
    ({ state, wave, name, tenant }) =>
      (!filter.states || filter.states.includes(state)) &&
      (filter.wave === undefined || filter.wave === wave) &&
      (!filter.tenants || filter.tenants.some((wanted) => isCalled(wanted, name, tenant))),
  );
}

/** A tenant answers to its name, to `context/namespace`, and to `cluster/namespace`. */
export function isCalled(wanted: string, name: string, { cluster, context, namespace }: TenantRef): boolean {
  return [name, `${context}/${namespace}`, `${cluster}/${namespace}`].includes(wanted);
}

export function lineOf(
  spec: FleetSpec,
  entries: FleetState['entries'],
  index: number,
  wave: string,
): TenantLine {
  const tenant = at(spec.tenants, index);
  const { cluster, context, site } = at(spec.clusters, tenant.cluster);
  const entry: TenantEntry | null = entries[index] ?? null;
  const { attempts = 0, sinceMs, runId, startedMs, failure, notBeforeMs, stopped, takingBack } = entry ?? {};
  return {
    name: nameOfTenant(spec, tenant),
    tenant: { cluster, context, namespace: tenant.namespace },
    wave,
    state: entry?.state ?? 'pending',
    since: sinceMs === undefined ? '' : new Date(sinceMs).toISOString(),
    attempts,
    ...(runId === undefined ? {} : { runId }),
    ...(startedMs === undefined ? {} : { startedAt: new Date(startedMs).toISOString() }),
    ...(failure ? { failure } : {}),
    ...(notBeforeMs === undefined ? {} : { notBefore: new Date(notBeforeMs).toISOString() }),
    ...(stopped ? { stopped } : {}),
    ...(takingBack ? { takingBack: true } : {}),
    ...(site === undefined ? {} : { site }),
  };
}
