import { patched, upsertMemo } from '@temporalio/workflow';
import type { FleetResult, FleetUpgradeInput } from '../../../src/domain/fleet/fleet-upgrade.ts';
import type { TenantProgress } from '../../../src/domain/tenant/progress.ts';
import type { TenantUpgradeInput } from '../../../src/domain/tenant/tenant-upgrade.ts';
import * as before from '../../../workflows/index.ts';

export { tellPeople } from '../../../workflows/index.ts';

/**
 * The workflows of a release that comes while fleets run: it does one thing more, and does it as every such change must,
 * behind `patched`. What began before goes on as it began.
 */
export function tenantUpgrade(input: TenantUpgradeInput): Promise<TenantProgress> {
  if (patched('next-release')) upsertMemo({ release: 'next' });
  return before.tenantUpgrade(input);
}

export function fleetUpgrade(input: FleetUpgradeInput): Promise<FleetResult> {
  if (patched('next-release')) upsertMemo({ release: 'next' });
  return before.fleetUpgrade(input);
}
