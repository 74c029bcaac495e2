import { backupSecretName } from '../../tenant/backup-name.ts';
import type { SearchAttributeValues } from '../../tenant/search-attributes.ts';
import { attributesOfTenant } from '../../tenant/search-attributes.ts';
import type { ResolvedPath } from '../../tenant/step.ts';
import type { TenantUpgradeInput } from '../../tenant/tenant-upgrade.ts';
import { actorOf } from '../../tenant/tenant.ts';
import type { Ledger } from '../ledger.ts';
import { estimateOf } from '../rules/forecast.ts';
import { at, fleetWorkflowId, tenantRef } from '../spec/spec.ts';

/** What a run of a tenant is started with: the path of its plan, or the way back where it is to be taken back. */
export function runInput(
  { spec, counts, head, forecast }: Ledger,
  index: number,
  { visible }: { readonly visible: boolean },
): TenantUpgradeInput {
  const tenant = at(spec.tenants, index);
  const entry = counts.entry(index);
  const profile = (entry?.newPlan ? tenant.next : undefined) ?? tenant.profile;
  const { path, windows, onFailure, onClose, logs } = at(spec.profiles, profile);
  const { site } = at(spec.clusters, tenant.cluster);
  const takenBackRun = entry?.takingBack && entry.backupOf;
  const actor = actorOf(entry?.takingBack ?? head.startedBy);
  return {
    tenant: tenantRef(spec, index),
    path: at(spec.paths, path),
    // What is taken back at an operator's word does not wait for a window.
    windows:
      takenBackRun === undefined
        ? { ...at(spec.windows, windows), estimate: estimateOf(forecast) }
        : { windows: [], freezes: [] },
    onFailure,
    onClose,
    ...(logs === false ? { logs } : {}),
    startedBy: { ...actor, why: `fleet ${spec.name}: ${actor.why}` },
    retries: spec.retries,
    fleet: { workflowId: fleetWorkflowId(spec.name) },
    ...(site === undefined ? {} : { site }),
    ...(visible ? { visible: true } : {}),
    ...(takenBackRun === undefined ? {} : { takeBack: { backup: backupSecretName(takenBackRun) } }),
    ...(entry?.takingBack || entry?.backupOf === undefined ? {} : { backupOf: entry.backupOf }),
  };
}

/** By which a run of a tenant is found. */
export function runAttributes(
  { spec, counts }: Ledger,
  index: number,
  { path, namesClusters }: { readonly path: ResolvedPath; readonly namesClusters: boolean },
): SearchAttributeValues {
  return {
    ...attributesOfTenant(tenantRef(spec, index), path, { unnamed: !namesClusters }),
    ThreescaleFleet: spec.name,
    ThreescaleWave: at(spec.waves, counts.waveOf(index)).name,
  };
}
