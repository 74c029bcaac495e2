import { someOf } from '../../text/some-of.ts';
import type { FleetSpec, FleetTenant, TenantProfile } from './spec.ts';
import { at, nameOfTenant, tenantKey } from './spec.ts';
import type { FleetState, TenantEntry, WaveEntry } from '../tenant/entry.ts';

/** A fleet of another file, with the memory of the one that ran. */
export interface Applied {
  readonly spec: FleetSpec;
  readonly state: FleetState;
}

/** Why a spec cannot take the place of the one that runs; undefined where it can. */
export function whyNotApplied(
  spec: FleetSpec,
  state: FleetState,
  next: FleetSpec,
  base: string,
): string | undefined {
  if (next.name !== spec.name) return `this is the fleet ${spec.name}, and the file is of ${next.name}`;
  if (state.ending) return `the fleet ${spec.name} is being aborted: nothing starts any more`;
  if (base !== standOf(spec)) {
    return `the fleet runs with another file, or with other limits (${spec.hash}), than the difference was shown against: look again`;
  }
  const kept = new Set(next.tenants.map((tenant) => tenantKey(next, tenant)));
  const lost = spec.tenants.filter(
    (tenant, index) => wasStarted(state.entries[index] ?? null) && !kept.has(tenantKey(spec, tenant)),
  );
  if (lost.length === 0) return undefined;
  const names = lost.map((tenant) => nameOfTenant(spec, tenant));
  return `${someOf(names, 5)} cannot be removed: only a tenant that was not started can; put it back into the file`;
}

/** What a difference is shown against: the file that is in force, and the limits that were set since. */
export function standOf({
  hash,
  maxConcurrent,
  maxConcurrentPerCluster,
  failureBudget,
  waves,
  notify,
}: FleetSpec): string {
  const limits = [hash, maxConcurrent, maxConcurrentPerCluster, failureBudget, waves];
  return JSON.stringify(notify ? [...limits, notify] : limits);
}

function wasStarted(entry: TenantEntry | null): boolean {
  return entry !== null && (entry.attempts > 0 || entry.runId !== undefined);
}

/**
 * The new spec with what the fleet remembers of its tenants, whatever their place. What was started keeps the plan that
 * it was started with (`next` names the new one); everything else of the new file is in force at once.
 */
export function applySpec(spec: FleetSpec, state: FleetState, next: FleetSpec): Applied {
  const known = new Map(spec.tenants.map((tenant, index) => [tenantKey(spec, tenant), index]));
  const paths = [...next.paths];
  const profiles: TenantProfile[] = [...next.profiles];
  const entries: (TenantEntry | null)[] = [];
  const tenants = next.tenants.map((tenant): FleetTenant => {
    const index = known.get(tenantKey(next, tenant));
    const entry = index === undefined ? null : (state.entries[index] ?? null);
    entries.push(entry);
    if (index === undefined || !wasStarted(entry)) return tenant;
    const before = at(spec.tenants, index);
    const current = entry?.newPlan && before.next !== undefined ? before.next : before.profile;
    const path = at(spec.paths, at(spec.profiles, current).path);
    const wanted = at(next.profiles, tenant.profile);
    if (at(next.paths, wanted.path).hash === path.hash) return tenant;
    const kept = { ...wanted, path: placeOf(paths, path, (one) => one.hash === path.hash) };
    return { ...tenant, profile: placeOf(profiles, kept, (one) => isSame(one, kept)), next: tenant.profile };
  });
  return {
    spec: { ...next, paths, profiles, tenants },
    state: { ...state, entries: entries.map(withFirstPlan), waves: wavesOf(spec, state, next) },
  };
}

/** What it was started with is its first plan from now on. */
function withFirstPlan(entry: TenantEntry | null): TenantEntry | null {
  if (!entry?.newPlan) return entry;
  const { newPlan: _newPlan, ...rest } = entry;
  return rest;
}

/** By their names; one that was done is done no more where it has got tenants that were never started. */
function wavesOf(spec: FleetSpec, state: FleetState, next: FleetSpec): WaveEntry[] {
  const known = new Map(spec.tenants.map((tenant, index) => [tenantKey(spec, tenant), index]));
  let first = 0;
  return next.waves.map(({ name, tenants }) => {
    const own = next.tenants.slice(first, first + tenants);
    first += tenants;
    const before = state.waves[spec.waves.findIndex((wave) => wave.name === name)] ?? {};
    const isNew = own.some((tenant) => {
      const index = known.get(tenantKey(next, tenant));
      return index === undefined || (state.entries[index] ?? null) === null;
    });
    if (!isNew || before.doneMs === undefined) return before;
    const { doneMs: _doneMs, ...rest } = before;
    return rest;
  });
}

/** Its place in the list, at the end where it has none yet. */
function placeOf<T>(list: T[], item: T, isIt: (one: T) => boolean): number {
  const place = list.findIndex(isIt);
  if (place >= 0) return place;
  return list.push(item) - 1;
}

function isSame(a: TenantProfile, b: TenantProfile): boolean {
  return (
    a.path === b.path &&
    a.windows === b.windows &&
    a.onFailure === b.onFailure &&
    a.onClose === b.onClose &&
    a.logs === b.logs
  );
}
