import type { FleetFile } from './fleet-file.ts';
import type { ListedTenant } from './listed-tenants.ts';

/** In the order in which the file wants them taken up. */
export function ordered(tenants: readonly ListedTenant[], order: FleetFile['order']): ListedTenant[] {
  switch (order) {
    case 'listed':
      return [...tenants];
    case 'name':
      return [...tenants].sort((a, b) => (a.title < b.title ? -1 : a.title > b.title ? 1 : 0));
    case 'spread':
      return spread(tenants);
  }
}

/** One of each cluster, then the next of each. */
function spread(tenants: readonly ListedTenant[]): ListedTenant[] {
  const rounds: ListedTenant[][] = [];
  const taken = new Map<string, number>();
  for (const tenant of tenants) {
    const { identity } = tenant.cluster;
    const round = taken.get(identity) ?? 0;
    taken.set(identity, round + 1);
    (rounds[round] ??= []).push(tenant);
  }
  return rounds.flat();
}
