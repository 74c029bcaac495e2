import type { PlanFile } from '../../config/plan-file.ts';
import { readPlanFile } from '../../config/plan-file.ts';
import { shortPlanHash } from '../../config/plan-format.ts';
import { readTenantFile } from '../../config/tenant-file.ts';
import { command } from '../../domain/tenant/decisions.ts';
import { differing } from '../../domain/tenant/differing-fields.ts';
import type { TenantRef } from '../../domain/tenant/tenant.ts';
import { tenantName } from '../../domain/tenant/tenant.ts';
import type { PlanContent, UpgradeChoices } from '../../domain/tenant/written-plan.ts';
import { movedSince } from '../../domain/tenant/written-plan.ts';
import { CliError } from '../cli-error.ts';
import { EXIT } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import type { UpgradeOptions } from '../options.ts';
import { typedAgain } from '../options.ts';
import type { Planned } from './planned.ts';
import { renderFindings } from './render/findings.ts';
import type { UpgradeRequest } from './request.ts';
import {
  choicesFrom,
  IMPERSONATION_SOURCE,
  impersonationOf,
  pathOfChoices,
  receiversFrom,
  tenantRequest,
} from './request.ts';

/** What a plan file asks for, and the plan that has to be found again. */
export interface PlannedRequest extends UpgradeRequest {
  readonly planned: PlanFile;
}

/** What a plan file asks for. Flags may say the same once more, and nothing else. Throws ConfigError or CliError. */
export function plannedRequest(
  file: string,
  options: UpgradeOptions,
  warn: (line: string) => void,
): PlannedRequest {
  const planned = readPlanFile(file);
  const { tenant: meant, choices, pathHash } = planned.plan;
  const named = options.file === undefined ? {} : readTenantFile(options.file);
  const { tenant, clusters } = tenantRequest(
    {
      context: options.context ?? named.context ?? meant.context,
      namespace: options.namespace ?? named.namespace ?? meant.namespace,
      ...(options.kubeconfig === undefined ? {} : { kubeconfig: options.kubeconfig }),
    },
    warn,
  );
  if (tenant.cluster !== meant.cluster || tenant.namespace !== meant.namespace)
    throw new CliError(
      `${file} is a plan of ${tenantName(meant)} (${meant.cluster}), and this would be ${tenantName(tenant)} (${tenant.cluster})`,
      {
        hint: `Name the tenant of the plan, or none; or make a plan of this one: ${planAnew(tenant)}`,
      },
    );
  refuseOtherChoices(file, planned.plan, options);
  const path = pathOfChoices(choices, warn);
  if (path.hash !== pathHash)
    throw new CliError(
      `${file} was made by another release (${planned.made.release}): its steps are not those of this one`,
      {
        hint: 'Make the plan anew with this release, or start it with the one that made it.',
        exitCode: EXIT.refused,
      },
    );
  return {
    tenant,
    clusters,
    choices,
    path,
    planned,
    typed: typedAgain(options),
    ...impersonationFor(file, choices, options),
    ...receiversFrom(options, named),
  };
}

/** Flags and a tenant file that choose anything have to choose what the plan has. */
function refuseOtherChoices(
  file: string,
  { tenant, choices: planned }: PlanContent,
  options: UpgradeOptions,
): void {
  const {
    kubeconfig: _,
    impersonationUsername: _name,
    impersonationDomain: _domain,
    notify: _notify,
    ...chosen
  } = options;
  if (typedAgain(chosen).length === 0) return;
  const tenantFile = options.file === undefined ? {} : readTenantFile(options.file);
  const other = differing(planned, choicesFrom(options, tenantFile));
  if (other.length === 0) return;
  const shown = (value: unknown): string => (value === undefined ? 'nothing' : JSON.stringify(value));
  const lines = other.map(({ path, was, is }) => `  ${path}: planned ${shown(was)}, typed ${shown(is)}`);
  throw new CliError(`what is typed is not what was planned in ${file}:\n${lines.join('\n')}`, {
    hint: `Leave these flags out: the plan has all that was chosen. Or make a plan with them: ${planAnew(tenant)}`,
    exitCode: EXIT.refused,
  });
}

/** What was typed goes along with it on its way out. */
const planAnew = (tenant: TenantRef): string => command(tenant, 'plan', '--out FILE');

/** The values of section 1.3 that were given as flags are in no file. */
function impersonationFor(
  file: string,
  { options: { impersonation } }: UpgradeChoices,
  options: UpgradeOptions,
): Pick<UpgradeRequest, 'impersonation'> {
  const given = impersonationOf(options);
  const isByFlags = impersonation?.fromSecret === IMPERSONATION_SOURCE;
  if (isByFlags && !given.impersonation)
    throw new CliError(`the values of section 1.3 are not in ${file}: they are kept in no file`, {
      hint: 'Type them once more: --impersonation-username … --impersonation-domain …',
    });
  if (!isByFlags && given.impersonation)
    throw new CliError(`the plan in ${file} takes no values of section 1.3 from flags`, {
      hint: 'Leave out --impersonation-username and --impersonation-domain.',
    });
  return given;
}

/** What a tenant has to be like still, and how that is called. */
interface Expected {
  readonly plan: PlanContent;
  /** `planned at 2026-11-27T04:00:00.000Z`. */
  readonly as: string;
  readonly hint: string;
}

/** As it was shown to a person who has agreed to it since. */
export const asShown = (plan: PlanContent): Expected => ({
  plan,
  as: 'shown',
  hint: 'Nothing was changed. Type the same command again: it shows the tenant as it is now.',
});

/** As a plan file has it. */
export const asPlanned = ({ hash, made, plan }: PlanFile): Expected => ({
  plan,
  as: `planned at ${made.at} (plan ${shortPlanHash(hash)})`,
  hint: `Nothing was changed. Look at it, and make a plan of it as it is now, with what was chosen then: ${planAnew(plan.tenant)}`,
});

/** Throws CliError with all that has moved since; nothing was changed then. */
export function requireUnmoved(
  io: Io,
  tenant: TenantRef,
  { plan, as, hint }: Expected,
  { report, would }: Planned,
): void {
  const refused = `${tenantName(tenant)} is not as it was ${as}`;
  if (!would) {
    io.err(renderFindings(tenantName(tenant), report, io.colors));
    throw new CliError(`${refused}: what is listed above stands against it now`, {
      hint,
      exitCode: EXIT.refused,
    });
  }
  const moved = movedSince(plan, would.content);
  if (moved.length === 0) return;
  const lines = moved.map((line) => `  ${line}`);
  throw new CliError([`${refused}; since then:`, ...lines].join('\n'), { hint, exitCode: EXIT.refused });
}
