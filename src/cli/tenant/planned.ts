import { preflight } from '../../procedure/preflight/preflight.ts';
import type { PreflightReport } from '../../domain/tenant/finding.ts';
import { isBlocked } from '../../domain/tenant/finding.ts';
import type { Outlook } from '../../domain/tenant/outlook.ts';
import { outlookOf } from '../../domain/tenant/outlook.ts';
import type { TenantPlan } from '../../domain/tenant/plan.ts';
import { planHasChanges } from '../../domain/tenant/plan.ts';
import type { PlanContent } from '../../domain/tenant/written-plan.ts';
import { foundFor, planFound } from './found-tenant.ts';
import { lookAt } from '../look.ts';
import type { UpgradeRequest } from './request.ts';

/** What was seen of a tenant, and what its upgrade would do. */
export interface Planned {
  readonly report: PreflightReport;
  /** Absent where a check stands against it: a plan that cannot be carried out is none. */
  readonly would?: {
    readonly plan: TenantPlan;
    readonly outlook: Outlook;
    /** What a plan file holds of it. */
    readonly content: PlanContent;
  };
}

/** All is as the upgrade would leave it, and no earlier one has left its claim: there is nothing to start. */
export const isUpgraded = ({ report, would }: Planned): boolean =>
  report.installation === 'upgraded' && report.claimed !== true && !!would && !planHasChanges(would.plan);

/** Looks at a tenant, reading only, and lets go of its cluster. */
export async function lookForPlan(request: UpgradeRequest, say: (line: string) => void): Promise<Planned> {
  const { tenant, path, choices } = request;
  return lookAt(request, say, async (look) => {
    const report = await preflight(look, path);
    if (isBlocked(report)) return { report };
    const plan = await planFound(look, tenant, path, report);
    const found = await foundFor(look, path, report, plan);
    const content: PlanContent = { tenant, choices, pathHash: path.hash, ...found };
    return {
      report,
      would: { plan, content, outlook: outlookOf({ report, plan, path, choices, nowMs: Date.now() }) },
    };
  });
}
