import { CliError } from '../../cli/cli-error.ts';
import type { RowsRequest, ViewRequest } from '../contract.ts';
import type { FleetTenantState } from '../../domain/fleet/tenant/states.ts';
import { FLEET_TENANT_STATES } from '../../domain/fleet/tenant/states.ts';
import type { TenantRef } from '../../domain/tenant/tenant.ts';

/** The parameters of a request. */
export interface Query {
  one(name: string): string | undefined;
  all(name: string): readonly string[] | undefined;
}

const LONGEST = 300;
const SORTS = ['plan', 'name', 'state', 'since'] as const;

/** Which view is asked for. Throws CliError. */
export function viewRequest(query: Query): ViewRequest {
  const view = query.one('view');
  switch (view) {
    case 'needs-me':
    case 'fleets':
    case 'tenants':
      return { view };
    case 'fleet':
      return { view, fleet: required(query, 'fleet') };
    case 'tenant': {
      const fleet = query.one('fleet');
      return { view, ...tenantAsked(query), ...(fleet === undefined ? {} : { fleet }) };
    }
    default:
      throw new CliError('view is none of needs-me, fleets, fleet, tenants and tenant');
  }
}

/** Which tenant is asked for. Throws CliError. */
export function tenantAsked(query: Query): TenantRef {
  const cluster = required(query, 'cluster');
  return { cluster, context: query.one('context') ?? cluster, namespace: required(query, 'namespace') };
}

/** Which rows are asked for. Throws CliError. */
export function rowsRequest(query: Query): RowsRequest {
  const [state, wave, cluster, label] = ['state', 'wave', 'cluster', 'label'].map((name) => query.all(name));
  const sort = query.one('sort');
  const text = query.one('text');
  return {
    ...numbered(query, 'offset', 0),
    ...numbered(query, 'limit', 1),
    ...(state ? { state: state.map(stateNamed) } : {}),
    ...(wave ? { wave } : {}),
    ...(cluster ? { cluster } : {}),
    ...(label ? { label } : {}),
    ...(text === undefined ? {} : { text: text.slice(0, LONGEST) }),
    ...(sort === undefined ? {} : { sort: sortNamed(sort) }),
  };
}

function required(query: Query, name: string): string {
  const value = query.one(name);
  if (value !== undefined && value !== '' && value.length <= LONGEST) return value;
  throw new CliError(`the parameter ${name} is missing, or too long`);
}

function numbered(query: Query, name: 'offset' | 'limit', least: number): Pick<RowsRequest, typeof name> {
  const text = query.one(name);
  if (text === undefined) return {};
  const value = Number(text);
  if (!Number.isInteger(value) || value < least)
    throw new CliError(`${name} is no whole number from ${least}`);
  return { [name]: value };
}

function stateNamed(name: string): FleetTenantState {
  const state = FLEET_TENANT_STATES.find((one) => one === name);
  if (state) return state;
  throw new CliError(`there is no state ${name}`, { hint: `States: ${FLEET_TENANT_STATES.join(', ')}` });
}

function sortNamed(name: string): (typeof SORTS)[number] {
  const sort = SORTS.find((one) => one === name);
  if (sort) return sort;
  throw new CliError(`there is no order ${name}`, { hint: `Orders: ${SORTS.join(', ')}` });
}
