import type { FleetPlanContent } from '../../domain/fleet/spec/written-plan.ts';
import { plainDeep } from '../../domain/text/plain-text.ts';
import { FILE_LIMITS } from '../reading/bounded-file.ts';
import { ConfigError } from '../reading/config-error.ts';
import { fleetPlanSchema } from './fleet-plan-schema.ts';
import { FLEET_PLAN, hashOfPlan, openPlan } from '../plan-format.ts';
import type { PlanMade } from '../plan-schema.ts';
import { readText } from '../reading/read-text.ts';
import { writeWholeFile } from '../reading/whole-file.ts';

/** A fleet's plan as a file holds it. */
export interface FleetPlanFile {
  /** SHA-256 over the fleet's file as it was meant, and what was planned for each tenant. */
  readonly hash: string;
  readonly made: PlanMade;
  readonly plan: FleetPlanContent;
}

/** Writes it as a whole or not at all, for its owner's eyes only; answers with its hash. Throws ConfigError. */
export function writeFleetPlan(file: string, made: PlanMade, plan: FleetPlanContent): string {
  const { format, version: formatVersion } = FLEET_PLAN;
  const hash = hashOfPlan(plan);
  const { fleet, tenants } = plan;
  // A tenant a line: indented as a single plan is, a fleet's would be several times as large.
  const head = Object.entries({ format, formatVersion, hash, made }).map(
    ([key, value]) => `"${key}": ${JSON.stringify(value)}`,
  );
  const text =
    `{\n${head.join(',\n')},\n"plan": {\n"fleet": ${JSON.stringify(fleet)},\n"tenants": [\n` +
    `${tenants.map((tenant) => JSON.stringify(tenant)).join(',\n')}\n]\n}\n}\n`;
  if (Buffer.byteLength(text) > FILE_LIMITS['fleet-plan'])
    throw new ConfigError(
      `the plan of ${tenants.length} tenants is larger than a plan of a fleet may be: none is written to ${file}`,
      'Make several fleets of these tenants, with a plan each; or start the fleet without a plan.',
      file,
    );
  writeWholeFile(file, text);
  return hash;
}

/** Throws ConfigError where it is no plan of a fleet, of another release's format, or not as it was written. */
export function readFleetPlan(file: string): FleetPlanFile {
  const text = readText(file, 'fleet-plan', FLEET_PLAN.hint);
  const { data, error } = fleetPlanSchema.safeParse(openPlan(file, text, FLEET_PLAN));
  if (error) {
    const said = error.issues.map(
      ({ path, message }) => `${file}: ${path.map(String).join('.')}: ${message}`,
    );
    throw new ConfigError(said.join('\n'), FLEET_PLAN.hint, file);
  }
  const { hash, made, plan } = plainDeep(data);
  // The schema and the type say the same, but for fields that may be there and undefined.
  return { hash, made, plan: plan as FleetPlanContent };
}
