import { upsertMemo } from '@temporalio/workflow';
import type { TenantProgress } from '../../../src/domain/tenant/progress.ts';
import type { TenantUpgradeInput } from '../../../src/domain/tenant/tenant-upgrade.ts';
import * as before from '../../../workflows/index.ts';

/** As the next release, but forgot `patched`: the counter-example. */
export function tenantUpgrade(input: TenantUpgradeInput): Promise<TenantProgress> {
  upsertMemo({ release: 'careless' });
  return before.tenantUpgrade(input);
}
