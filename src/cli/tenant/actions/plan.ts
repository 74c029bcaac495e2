import packageJson from '../../../../package.json' with { type: 'json' };
import { writePlanFile } from '../../../config/plan-file.ts';
import { shortPlanHash } from '../../../config/plan-format.ts';
import { command as commandLine, shellWord, WHY } from '../../../domain/tenant/decisions.ts';
import { planHasChanges } from '../../../domain/tenant/plan.ts';
import { tenantName } from '../../../domain/tenant/tenant.ts';
import type { PlanContent } from '../../../domain/tenant/written-plan.ts';
import type { ExitCode } from '../../exit-codes.ts';
import { EXIT } from '../../exit-codes.ts';
import type { Io } from '../../io.ts';
import type { OutputOptions, UpgradeOptions } from '../../options.ts';
import type { Planned } from '../planned.ts';
import { lookForPlan } from '../planned.ts';
import { renderFindings } from '../render/findings.ts';
import { renderOutlook } from '../render/outlook.ts';
import { renderPlan } from '../render/plan.ts';
import type { UpgradeRequest } from '../request.ts';
import { upgradeRequest } from '../request.ts';
import { login } from '../../via.ts';

export type PlanOptions = UpgradeOptions & OutputOptions & { readonly out?: string };

/** `plan` */
export async function plan(io: Io, options: PlanOptions): Promise<ExitCode> {
  const request = upgradeRequest(options, io.err);
  const planned = await lookForPlan(request, io.err);
  const { out } = options;
  const hash = out === undefined || !planned.would ? undefined : write(out, planned.would.content);
  const code = showPlan(io, request, planned, { ...options, hash });
  if (out === undefined) return code;
  io.err(
    hash === undefined
      ? `No plan was written to ${out}: what is listed stands against it.`
      : `Plan ${shortPlanHash(hash)} is written to ${out}. To do exactly that:  ${startPlanned(request, out)}`,
  );
  return code;
}

const write = (file: string, content: PlanContent): string =>
  writePlanFile(file, { at: new Date().toISOString(), by: login(), release: packageJson.version }, content);

function startPlanned({ tenant, typed }: UpgradeRequest, file: string): string {
  const secret = typed.filter((flag) => flag.endsWith(' …'));
  return commandLine(tenant, 'start', '--plan', shellWord(file), ...kubeconfigOf(typed), ...secret, WHY);
}

/** All else stands in the plan. */
function kubeconfigOf(typed: readonly string[]): string[] {
  const at = typed.indexOf('--kubeconfig');
  return at < 0 ? [] : typed.slice(at, at + 2);
}

/** Findings that block come first, and are all that is shown. `asks`: whether it is to be done is asked next. */
export function showPlan(
  io: Io,
  { tenant, typed }: UpgradeRequest,
  { report, would }: Planned,
  {
    output,
    hash,
    asks = false,
  }: { readonly output?: string; readonly hash?: string | undefined; readonly asks?: boolean },
): ExitCode {
  if (output === 'json') {
    const more = { ...(would ? { outlook: would.outlook } : {}), ...(hash === undefined ? {} : { hash }) };
    io.out(JSON.stringify({ ...would?.plan, findings: report.findings, ...more }, undefined, 2));
  } else {
    if (report.findings.length > 0) io.out(renderFindings(tenantName(tenant), report, io.colors));
    if (would) {
      const { plan } = would;
      const outlook = renderOutlook({ ...plan, tenant: tenantName(tenant) }, would.outlook, io.colors);
      const start = asks ? undefined : commandLine(tenant, 'start', ...typed);
      io.out(renderPlan(plan, io.colors, { start, outlook }));
    }
  }
  if (!would) return EXIT.blocked;
  return planHasChanges(would.plan) ? EXIT.changes : EXIT.ok;
}
