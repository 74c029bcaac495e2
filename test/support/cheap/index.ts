import { endReport } from '../../../src/domain/fleet/tenant/end-report.ts';
import type { TenantProgress } from '../../../src/domain/tenant/progress.ts';
import type { TenantUpgradeInput } from '../../../src/domain/tenant/tenant-upgrade.ts';
import { tenantKeyOf } from '../../../src/domain/tenant/tenant.ts';
import { FleetPermit } from '../../../workflows/fleet/permit.ts';

export { fleetUpgrade } from '../../../workflows/fleet/fleet-upgrade.ts';
export { tellPeople } from '../../../workflows/notify/tell-people.ts';

/** A tenant that is upgraded at once and tells its fleet, as the real one does: ten thousand of them cost minutes. */
export async function tenantUpgrade({ tenant, path, fleet }: TenantUpgradeInput): Promise<TenantProgress> {
  const at = new Date(Date.now()).toISOString();
  const progress: TenantProgress = {
    tenant,
    from: path.from,
    to: path.to,
    pathHash: path.hash,
    state: 'upgraded',
    startedAt: at,
    endedAt: at,
    steps: [],
    findings: [],
    pastPointOfNoReturn: true,
    leftovers: [],
    journal: [],
  };
  if (fleet) await new FleetPermit(fleet, tenantKeyOf(tenant)).report(endReport(progress, 'upgraded', path));
  return progress;
}
