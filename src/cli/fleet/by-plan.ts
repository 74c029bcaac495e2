import picocolors from 'picocolors';
import packageJson from '../../../package.json' with { type: 'json' };
import type { FleetPlanFile } from '../../config/fleet/fleet-plan-file.ts';
import { readFleetPlan } from '../../config/fleet/fleet-plan-file.ts';
import { shortPlanHash } from '../../config/plan-format.ts';
import { shellWord, WHY } from '../../domain/tenant/decisions.ts';
import type { FleetSpec } from '../../domain/fleet/spec/spec.ts';
import { at, tenantKey } from '../../domain/fleet/spec/spec.ts';
import { specDiff } from '../../domain/fleet/spec/diff.ts';
import type { FleetPlanContent, MovedTenants, TenantNow } from '../../domain/fleet/spec/written-plan.ts';
import {
  isCarriedOut,
  movedContexts,
  movedOf,
  movedTogether,
  plannedAlike,
} from '../../domain/fleet/spec/written-plan.ts';
import { someOf } from '../../domain/text/some-of.ts';
import { CliError } from '../cli-error.ts';
import { EXIT } from '../exit-codes.ts';
import type { TenantLook } from './look.ts';
import { lookAtFleet } from './look.ts';
import type { FleetRequest } from './request.ts';
import { fleetCommand } from './fleet-command.ts';
import type { Io } from '../io.ts';
import { differenceLines } from './render/diff.ts';
import { plural } from './render/state.ts';

/** Tenants and lines of one kind that a refusal names. */
const NAMED = 10;
const LINES = 20;
/** A refusal goes into JSON too. */
const PLAIN = picocolors.createColors(false);

/** How a fleet's plan is held against what is there. */
export interface ByPlan {
  readonly request: FleetRequest;
  /** The fleet's file. */
  readonly file: string;
  readonly planned: FleetPlanFile;
}

/** What a start by a plan finds: all as it was planned, or all of it done, as the tenants themselves show. */
export interface StandsByPlan {
  readonly stand: 'as-planned' | 'carried-out';
  readonly looks: readonly TenantLook[];
}

/** The plan of this very fleet. Throws ConfigError or CliError. */
export function plannedFleet(plan: string, { spec }: FleetRequest, file: string): FleetPlanFile {
  const planned = readFleetPlan(plan);
  const { name } = planned.plan.fleet;
  if (name === spec.name) return planned;
  throw new CliError(`${plan} is a plan of the fleet ${name}, and ${file} is of the fleet ${spec.name}`, {
    hint: `Name the file of the fleet ${name} with --file; or make a plan of this one: ${planAnew(file)}`,
  });
}

const planAnew = (file: string): string => `threescale-upgrade fleet plan -f ${shellWord(file)} --out FILE`;

/** Looks at every tenant once more. Throws CliError with all that has moved since it was planned. */
export async function standsByPlan(io: Pick<Io, 'err'>, by: ByPlan): Promise<StandsByPlan> {
  const { request, planned } = by;
  const { spec, clusters } = request;
  const alike = plannedAlike(planned.plan, spec);
  const wanted = spec.tenants.flatMap((tenant, index) => (alike.has(tenantKey(spec, tenant)) ? [index] : []));
  const looks = await lookAtFleet({
    ...{ spec, wanted, forPlan: true, say: io.err },
    // Whoever looks lets go of the clusters; a worker needs them still.
    clusters: clusters.copy(),
  });
  const file = movedFile(planned, spec);
  const tenants = looks.flatMap((look) => {
    const before = alike.get(tenantKey(spec, at(spec.tenants, look.index)));
    if (!before) return [];
    const now = nowOf(look, spec);
    const isDone = isCarriedOut(now);
    const lines = movedOf(before, now);
    const isNew = isDone && !isCarriedOut({ status: 'planned', found: before });
    return [{ name: look.name, isDone, isNew, lines: isNew ? ['it is upgraded, and was not'] : lines }];
  });
  const moved = movedTogether(tenants);
  if (file.length === 0 && moved.length === 0) return { stand: 'as-planned', looks };
  if (file.length === 0 && tenants.every(({ isDone }) => isDone)) return { stand: 'carried-out', looks };
  throw refused(by, { file, moved, someDone: tenants.some(({ isNew }) => isNew) });
}

function nowOf(look: TenantLook, spec: FleetSpec): TenantNow {
  switch (look.status) {
    case 'planned':
      if (!look.found) throw new Error(`${look.name} was not looked at for a plan`);
      return { status: 'planned', found: look.found };
    case 'blocked':
      return {
        status: 'blocked',
        why: look.report.findings
          .filter(({ severity }) => severity === 'fatal')
          .map(({ message }) => message),
      };
    case 'unreachable':
      return { status: 'unreachable', why: look.why };
    case 'elsewhere': {
      const { context } = at(spec.clusters, at(spec.tenants, look.index).cluster);
      return { status: 'unreachable', why: `the kubeconfig here does not have the context ${context}` };
    }
  }
}

/** What the file means otherwise than it was meant, a line each. */
function movedFile({ made, plan: { fleet } }: FleetPlanFile, spec: FleetSpec): string[] {
  if (fleet.hash === spec.hash) return [];
  const { release } = made;
  const lines = [...movedContexts(fleet, spec), ...differenceLines(specDiff(fleet, spec), PLAIN)];
  return [
    ...(lines.length > 0 ? lines : [`it means something else (${spec.hash}) than it did (${fleet.hash})`]),
    ...(release === packageJson.version
      ? []
      : [
          `the plan was made by release ${release}, and this is ${packageJson.version}: its steps may be others`,
        ]),
  ];
}

interface Moved {
  readonly file: readonly string[];
  readonly moved: readonly MovedTenants[];
  readonly someDone: boolean;
}

function refused(
  { request: { spec }, file: name, planned }: ByPlan,
  { file, moved, someDone }: Moved,
): CliError {
  const as = `planned at ${planned.made.at} (plan ${shortPlanHash(planned.hash)})`;
  const more = moved.slice(LINES);
  const left = more.reduce((sum, { tenants }) => sum + tenants.length, 0);
  const lines = [
    `the fleet ${spec.name} is not as it was ${as}; since then:`,
    ...(file.length > 0 ? ['  the file:', ...bounded(file)] : []),
    ...moved.slice(0, LINES).flatMap(({ tenants, lines: own }) => [`  ${headOf(tenants)}:`, ...bounded(own)]),
    ...(more.length > 0 ? [`  and ${plural(left, 'tenant')} more, otherwise`] : []),
  ];
  const goOn = someDone
    ? `\nIf the fleet has ended, it goes on with those that are left: ${fleetCommand(spec.name, 'retry', '--all', WHY)}`
    : '';
  return new CliError(lines.join('\n'), {
    hint: `Nothing was started. Look at it, and make a plan of it as it is now: ${planAnew(name)}${goOn}`,
    exitCode: EXIT.refused,
  });
}

const headOf = (tenants: readonly string[]): string =>
  tenants.length === 1
    ? (tenants[0] ?? '')
    : `${plural(tenants.length, 'tenant')} (${someOf(tenants, NAMED)})`;

function bounded(lines: readonly string[]): string[] {
  const more = lines.length - LINES;
  return [...lines.slice(0, LINES), ...(more > 0 ? [`and ${more} more`] : [])].map((line) => `    ${line}`);
}

/** What a plan file holds of these looks; undefined where there is a tenant that nothing can be planned for. */
export function fleetPlanOf(spec: FleetSpec, looks: readonly TenantLook[]): FleetPlanContent | undefined {
  const tenants = looks.flatMap((look) => {
    if (look.status !== 'planned' || !look.found) return [];
    const tenant = at(spec.tenants, look.index);
    const { hash: pathHash } = at(spec.paths, at(spec.profiles, tenant.profile).path);
    return [{ tenant: tenantKey(spec, tenant), pathHash, ...look.found }];
  });
  if (tenants.length < spec.tenants.length) return undefined;
  const paths = spec.paths.map(({ from, to, hash }) => ({ from, to, hash }));
  return { fleet: { ...spec, paths }, tenants };
}
