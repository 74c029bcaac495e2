import type { FleetFile, Select, WaveEntry } from './fleet-file.ts';
import type { ListedTenant, ListedTenants } from './listed-tenants.ts';
import { noTenant } from './listed-tenants.ts';
import { matches } from '../spec/labels.ts';
import type { Place, Remarks } from './remarks.ts';
import { someOf } from '../../text/some-of.ts';
import { ordered } from './tenant-order.ts';

/** A wave with its tenants, in the order in which they are taken up. */
export interface FilledWave {
  readonly entry: WaveEntry;
  readonly place: Place;
  readonly tenants: readonly ListedTenant[];
}

export const ALL: WaveEntry = { name: 'all', select: { rest: true }, soakMinutes: 0, approval: 'none' };

/**
 * Waves that name their tenants (labels, tenants) get those first, wherever they stand; the others (count, percent,
 * rest) share what nobody names, in order. A file without waves has one, `all`.
 */
export function fillWaves(file: FleetFile, listed: ListedTenants, remarks: Remarks): FilledWave[] {
  const waves = file.waves.length > 0 ? file.waves : [ALL];
  checkNames(waves, remarks);
  const tenants = ordered(listed.included, file.order);
  const claims = new Map<ListedTenant, number>();
  waves.forEach(({ select }, wave) => {
    claim(named(select, wave, { tenants, listed, remarks }), wave, { waves, claims, remarks });
  });
  let rest = tenants.filter((tenant) => !claims.has(tenant));
  waves.forEach(({ select }, wave) => {
    const size = sizeOf(select, rest.length);
    for (const tenant of rest.slice(0, size)) claims.set(tenant, wave);
    rest = rest.slice(size);
  });
  if (rest.length > 0) {
    const names = someOf(rest.map(({ title }) => title));
    remarks.problem(
      ['waves'],
      `${rest.length} ${rest.length === 1 ? 'tenant is' : 'tenants are'} in no wave (${names}): add a wave with select: {rest: true}, or exclude them`,
    );
  }
  const members: ListedTenant[][] = waves.map(() => []);
  for (const tenant of tenants) members[claims.get(tenant) ?? -1]?.push(tenant);
  return waves.map((entry, wave) => ({
    entry,
    place: file.waves.length > 0 ? ['waves', wave] : [],
    // Those of a wave are spread among themselves.
    tenants: ordered(members[wave] ?? [], file.order),
  }));
}

/** Rounded up, at least one where there is any. */
function sizeOf({ count, percent, rest }: Select, left: number): number {
  if (rest) return left;
  if (count !== undefined) return Math.min(count, left);
  if (percent === undefined) return 0;
  // Hundredths of a percent as whole numbers, as budgets count them.
  return Math.ceil((Math.round(percent * 100) * left) / 10_000);
}

interface Known {
  readonly tenants: readonly ListedTenant[];
  readonly listed: ListedTenants;
  readonly remarks: Remarks;
}

function named(select: Select, wave: number, { tenants, listed, remarks }: Known): readonly ListedTenant[] {
  const { labels } = select;
  if (labels) return tenants.filter(({ entry }) => matches(labels, entry.labels));
  const seen = new Set<ListedTenant>();
  select.tenants?.forEach((name, index) => {
    const place = ['waves', wave, 'select', 'tenants', index];
    const tenant = listed.named(name);
    if (!tenant) {
      if (!listed.isUnplaced(name)) remarks.problem(place, noTenant(name, listed.all));
    } else if (listed.excluded.has(tenant)) remarks.problem(place, `${name} is excluded: take it out of one`);
    else if (seen.has(tenant)) remarks.problem(place, `${name} is in this list already: take it out`);
    else seen.add(tenant);
  });
  return [...seen];
}

interface Claims {
  readonly waves: readonly WaveEntry[];
  readonly claims: Map<ListedTenant, number>;
  readonly remarks: Remarks;
}

/** A tenant is in one wave only. */
function claim(tenants: readonly ListedTenant[], wave: number, { waves, claims, remarks }: Claims): void {
  const twice = new Map<number, string[]>();
  for (const tenant of tenants) {
    const before = claims.get(tenant);
    if (before === undefined) claims.set(tenant, wave);
    else twice.set(before, [...(twice.get(before) ?? []), tenant.title]);
  }
  for (const [before, titles] of twice) {
    remarks.problem(
      ['waves', wave, 'select'],
      `${someOf(titles)} ${titles.length > 1 ? 'are' : 'is'} selected by wave ${waves[before]?.name} already, and ` +
        `by wave ${waves[wave]?.name} again: narrow one of the two selectors`,
      ['waves', before, 'select'],
    );
  }
}

function checkNames(waves: readonly WaveEntry[], remarks: Remarks): void {
  const seen = new Map<string, number>();
  waves.forEach(({ name }, wave) => {
    const before = seen.get(name);
    if (before === undefined) seen.set(name, wave);
    else
      remarks.problem(['waves', wave, 'name'], `the name ${name} is taken: use another`, ['waves', before]);
  });
}
