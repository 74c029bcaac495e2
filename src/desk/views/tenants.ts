import { tenantName } from '../../domain/tenant/tenant.ts';
import type { SingleTenants } from '../contract.ts';
import type { Source } from '../source/source.ts';

/** As `list` has them. */
export async function tenantsView(source: Source): Promise<SingleTenants> {
  const tenants = await source.singles();
  return { tenants: tenants.map((one) => ({ ...one, name: tenantName(one.tenant) })) };
}
