import type { RowsRequest } from '../../src/desk/contract.ts';
import type { FleetTenantState } from '../../src/domain/fleet/tenant/states.ts';
import { FLEET_TENANT_STATES } from '../../src/domain/fleet/tenant/states.ts';

/** What of the tenants is shown, as the address says it. */
export type Filter = Pick<RowsRequest, 'state' | 'wave' | 'cluster' | 'label' | 'text' | 'sort'>;

export const SORTS = ['plan', 'name', 'state', 'since'] as const;

/** What the address has that means nothing is left out. */
export function filterIn(query: URLSearchParams): Filter {
  const states = query
    .getAll('state')
    .filter((name): name is FleetTenantState => (FLEET_TENANT_STATES as readonly string[]).includes(name));
  const text = query.get('text') ?? '';
  const sort = SORTS.find((name) => name === query.get('sort'));
  const lists = {
    state: states,
    wave: query.getAll('wave'),
    cluster: query.getAll('cluster'),
    label: query.getAll('label'),
  };
  return {
    ...Object.fromEntries(Object.entries(lists).filter(([, list]) => list.length > 0)),
    ...(text === '' ? {} : { text }),
    ...(sort === undefined || sort === 'plan' ? {} : { sort }),
  };
}

export const isNarrowed = ({ sort: _, ...filter }: Filter): boolean => Object.keys(filter).length > 0;
