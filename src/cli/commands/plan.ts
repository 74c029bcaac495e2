import type { Command } from 'commander';
import { planTenant } from '../../../activities/inspect.ts';
import { preflight } from '../../../activities/preflight.ts';
import { command as commandLine } from '../../domain/decisions.ts';
import { isBlocked } from '../../domain/finding.ts';
import type { PlannedStep, TenantPlan } from '../../domain/plan.ts';
import { planHasChanges } from '../../domain/plan.ts';
import { tenantName } from '../../domain/tenant.ts';
import type { ExitCode } from '../exit-codes.ts';
import { EXIT } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { lookAt } from '../look.ts';
import type { OutputOptions, UpgradeOptions } from '../options.ts';
import { addOutputOption, addUpgradeOptions } from '../options.ts';
import type { Finish } from '../program.ts';
import { renderFindings } from '../render/findings.ts';
import { renderPlan } from '../render/plan.ts';
import type { UpgradeRequest } from '../request.ts';
import { upgradeRequest } from '../request.ts';

export function addPlan(program: Command, io: Io, finish: Finish): void {
  const command = program
    .command('plan')
    .summary('show what an upgrade would change; changes nothing')
    .description(
      'Shows, step by step, what an upgrade would change, env values redacted. Changes nothing.\n' +
        'Exit code: 0 nothing to do, 2 changes, 3 a check stands against it.',
    )
    .addHelpText(
      'after',
      '\nExamples:\n  threescale-upgrade plan -c prod -n 3scale\n  threescale-upgrade plan -c prod -n 3scale -o json | jq .steps',
    );
  addOutputOption(addUpgradeOptions(command)).action(async (options: UpgradeOptions & OutputOptions) => {
    finish(await showPlan(io, upgradeRequest(options, io.err), options.output));
  });
}

/** Findings that block come first, and are all that is shown: a plan that cannot be carried out is none. */
export async function showPlan(
  io: Io,
  request: UpgradeRequest,
  output: string | undefined,
): Promise<ExitCode> {
  const { tenant, path } = request;
  const { report, plan } = await lookAt(request, async (look) => {
    const found = await preflight(look, path);
    if (isBlocked(found)) return { report: found, plan: undefined };
    const planned = await planTenant(look, tenant, path);
    return { report: found, plan: found.bornAsSuch ? nothingToDo(planned) : planned };
  });
  if (output === 'json') io.out(JSON.stringify({ ...plan, findings: report.findings }, undefined, 2));
  else {
    if (report.findings.length > 0) io.out(renderFindings(tenantName(tenant), report, io.colors));
    if (plan) io.out(renderPlan(plan, io.colors, commandLine(tenant, 'start', ...request.typed)));
  }
  if (!plan) return EXIT.blocked;
  return planHasChanges(plan) ? EXIT.changes : EXIT.ok;
}

/** What was installed as what the path leads to has other values than an upgrade sets, and rightly so. */
function nothingToDo(plan: TenantPlan): TenantPlan {
  const steps = plan.steps.map((step): PlannedStep => ({ ...step, status: 'done', changes: [] }));
  return { ...plan, steps, notes: [`it was installed as ${plan.to}`] };
}
