import { foundObjects } from '../../procedure/backup/found-objects.ts';
import { planTenant } from '../../procedure/preflight/inspect.ts';
import type { Look } from '../../procedure/steps/step-module.ts';
import type { PreflightReport } from '../../domain/tenant/finding.ts';
import type { PlannedStep, TenantPlan } from '../../domain/tenant/plan.ts';
import type { ResolvedPath } from '../../domain/tenant/step.ts';
import type { TenantRef } from '../../domain/tenant/tenant.ts';
import type { FoundTenant } from '../../domain/tenant/written-plan.ts';
import { Snapshot } from '../../openshift/snapshot.ts';

/** What an upgrade would do to a tenant that no check stands against. Reads only. */
export async function planFound(
  look: Look,
  tenant: TenantRef,
  path: ResolvedPath,
  { bornAsSuch }: PreflightReport,
): Promise<TenantPlan> {
  const plan = await planTenant(look, tenant, path);
  return bornAsSuch ? nothingToDo(plan) : plan;
}

/** The same as a plan file holds it, with the objects that the steps may touch. Reads only. */
export async function foundFor(
  look: Look,
  path: ResolvedPath,
  { installation, version, findings }: PreflightReport,
  { steps }: TenantPlan,
): Promise<FoundTenant> {
  return {
    installation,
    ...(version === undefined ? {} : { version }),
    findings,
    steps,
    objects: await foundObjects(new Snapshot(look.api), path.steps),
  };
}

/** What was installed as what the path leads to has other values than an upgrade sets, and rightly so. */
function nothingToDo(plan: TenantPlan): TenantPlan {
  const steps = plan.steps.map((step): PlannedStep => ({ ...step, status: 'done', changes: [] }));
  return { ...plan, steps, notes: [`it was installed as ${plan.to}`] };
}
