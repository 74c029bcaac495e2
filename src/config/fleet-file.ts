import { z } from 'zod';
import type { FleetFile } from '../domain/fleet-file/fleet-file.ts';
import type { Place, Remark } from '../domain/fleet-file/remarks.ts';
import { FLEET_LIMITS } from '../domain/fleet/spec.ts';
import { ConfigError } from './config-error.ts';
import { countTenants } from './count-tenants.ts';
import { FleetCalendars } from './fleet-calendars.ts';
import { fleetFileSchema } from './fleet-schema.ts';
import { openYaml, sayProblem } from './read-yaml.ts';

/** With those that it excludes. */
const MOST_LISTED = 2 * FLEET_LIMITS.tenants;
const HINT = 'Nothing was changed. See docs/fleet-file.md.';

/** A fleet file that its schema accepts; whether it makes a fleet is said by `resolveFleet`. */
export interface OpenFleetFile {
  readonly data: FleetFile;
  /** Of the file, and of the calendars that it names. */
  readonly text: string;
  lineOf(place: Place): number;
  /** A remark with the file and its line. */
  say(remark: Remark): string;
}

/** Calendars are read with it, as they stand at `nowMs`. Throws ConfigError. */
export function openFleetFile(file: string, nowMs: number = Date.now()): OpenFleetFile {
  const { data, text, lineOf } = openYaml(file, fleetFileSchema, {
    kind: 'fleet',
    hint: HINT,
    glance: tooManyTenants,
  });
  const calendars = new FleetCalendars(file, nowMs);
  const say = ({ place, message, other }: Remark): string => {
    const clash = other ? ` (see line ${lineOf(other)})` : '';
    return sayProblem(file, lineOf, { place, message: `${message}${clash}` });
  };
  return { data: calendars.into(data), text: text + calendars.text, lineOf, say };
}

function tooManyTenants(text: string): string | undefined {
  const count = countTenants(text);
  if (count <= MOST_LISTED) return undefined;
  return (
    `lists ${count} tenants: at most ${MOST_LISTED} are read, of which ${FLEET_LIMITS.tenants} may be left ` +
    'without the excluded ones: make several fleets of them'
  );
}

/** All problems of a file, in the order of its lines. */
export function fleetFileError({ lineOf, say }: OpenFleetFile, problems: readonly Remark[]): ConfigError {
  const inOrder = [...problems].sort((a, b) => lineOf(a.place) - lineOf(b.place));
  return new ConfigError(inOrder.map(say).join('\n'), HINT);
}

/** JSON Schema of the fleet file, for editors. */
export function fleetJsonSchema(): unknown {
  return z.toJSONSchema(fleetFileSchema, { io: 'input', target: 'draft-7' });
}
