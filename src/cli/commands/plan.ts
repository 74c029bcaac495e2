import type { Command } from 'commander';
import packageJson from '../../../package.json' with { type: 'json' };
import { shortPlanHash, writePlanFile } from '../../config/plan-file.ts';
import { command as commandLine, shellWord, WHY } from '../../domain/decisions.ts';
import { planHasChanges } from '../../domain/plan.ts';
import { tenantName } from '../../domain/tenant.ts';
import type { PlanContent } from '../../domain/written-plan.ts';
import type { ExitCode } from '../exit-codes.ts';
import { EXIT } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import type { OutputOptions, UpgradeOptions } from '../options.ts';
import { addOutputOption, addUpgradeOptions } from '../options.ts';
import type { Planned } from '../planned.ts';
import { lookForPlan } from '../planned.ts';
import type { Finish } from '../program.ts';
import { renderFindings } from '../render/findings.ts';
import { renderOutlook } from '../render/outlook.ts';
import { renderPlan } from '../render/plan.ts';
import type { UpgradeRequest } from '../request.ts';
import { upgradeRequest } from '../request.ts';
import { login } from '../via.ts';

type PlanOptions = UpgradeOptions & OutputOptions & { readonly out?: string };

export function addPlan(program: Command, io: Io, finish: Finish): void {
  const command = program
    .command('plan')
    .summary('show what an upgrade would change; changes nothing')
    .description(
      'Shows, step by step, what an upgrade would change, env values redacted. Changes nothing. With --out it is also ' +
        'written to a file: `start --plan FILE` does exactly that, or says what has moved since.\n' +
        'Exit code: 0 nothing to do, 2 changes, 3 a check stands against it (no file is written).',
    )
    .option('--out <file>', 'write what was planned there, with its hash, for `start --plan`')
    .addHelpText(
      'after',
      '\nExamples:\n  threescale-upgrade plan -c prod -n 3scale\n  threescale-upgrade plan -c prod -n 3scale -o json | jq .steps\n' +
        '  threescale-upgrade plan -c prod -n 3scale --out 3scale.plan.json',
    );
  addOutputOption(addUpgradeOptions(command)).action(async (options: PlanOptions) => {
    const request = upgradeRequest(options, io.err);
    const planned = await lookForPlan(request);
    const { out } = options;
    const hash = out === undefined || !planned.would ? undefined : write(out, planned.would.content);
    finish(showPlan(io, request, planned, { ...options, hash }));
    if (out === undefined) return;
    io.err(
      hash === undefined
        ? `No plan was written to ${out}: what is listed stands against it.`
        : `Plan ${shortPlanHash(hash)} is written to ${out}. To do exactly that:  ${startPlanned(request, out)}`,
    );
  });
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

/** Findings that block come first, and are all that is shown. */
export function showPlan(
  io: Io,
  { tenant, typed }: UpgradeRequest,
  { report, would }: Planned,
  { output, hash }: { readonly output?: string; readonly hash?: string | undefined },
): ExitCode {
  if (output === 'json') {
    const more = { ...(would ? { outlook: would.outlook } : {}), ...(hash === undefined ? {} : { hash }) };
    io.out(JSON.stringify({ ...would?.plan, findings: report.findings, ...more }, undefined, 2));
  } else {
    if (report.findings.length > 0) io.out(renderFindings(tenantName(tenant), report, io.colors));
    if (would) {
      const { plan } = would;
      const outlook = renderOutlook({ ...plan, tenant: tenantName(tenant) }, would.outlook, io.colors);
      io.out(renderPlan(plan, io.colors, commandLine(tenant, 'start', ...typed), outlook));
    }
  }
  if (!would) return EXIT.blocked;
  return planHasChanges(would.plan) ? EXIT.changes : EXIT.ok;
}
