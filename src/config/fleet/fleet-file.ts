import { z } from 'zod';
import type { FleetFile } from '../../domain/fleet/file/fleet-file.ts';
import type { Remark } from '../../domain/fleet/file/remarks.ts';
import type { Resolution } from '../../domain/fleet/file/resolve-fleet.ts';
import { FLEET_LIMITS } from '../../domain/fleet/spec/spec.ts';
import type { ConfigError } from '../reading/config-error.ts';
import type { Problem, Spare } from '../reading/despite-schema.ts';
import { spareSetting } from '../reading/despite-schema.ts';
import { countTenants } from './count-tenants.ts';
import { FleetCalendars } from './fleet-calendars.ts';
import { fleetFileSchema } from './fleet-schema.ts';
import { settings } from './fleet-schema-parts.ts';
import type { LineOf } from '../reading/read-yaml.ts';
import { openYaml, problemsIn, sayProblem } from '../reading/read-yaml.ts';

/** With those that it excludes. */
const MOST_LISTED = 2 * FLEET_LIMITS.tenants;
const HINT = 'Nothing was changed. See docs/fleet-file.md.';

/** A fleet file that its schema accepts; whether it makes a fleet is said by `resolveFleet`. */
export interface OpenFleetFile {
  readonly file: string;
  readonly data: FleetFile;
  /** Of the file, and of the calendars that it names. */
  readonly text: string;
  readonly lineOf: LineOf;
  /** A remark with the file and its line. */
  say(remark: Remark): string;
}

/**
 * Calendars are read with it, as they stand at `nowMs`. Where its schema refuses something, `resolve` is asked what is
 * wrong with all else: it is told together. Throws ConfigError.
 */
export function openFleetFile(
  file: string,
  nowMs: number = Date.now(),
  resolve?: (data: FleetFile) => Resolution,
): OpenFleetFile {
  const calendars = new FleetCalendars(file, nowMs);
  const { data, text, lineOf } = openYaml(file, fleetFileSchema, {
    kind: 'fleet',
    hint: HINT,
    glance: tooManyTenants,
    spare: spareOf,
    meaning: (left, { lineOf: of, isRefused }) => {
      const resolution = isRefused ? resolve?.(calendars.into(left)) : undefined;
      return resolution?.status === 'problems'
        ? resolution.problems.map((remark) => located(remark, of))
        : [];
    },
  });
  const say = (remark: Remark): string => sayProblem(file, lineOf, located(remark, lineOf));
  return { file, data: calendars.into(data), text: text + calendars.text, lineOf, say };
}

function located({ place, message, other }: Remark, lineOf: LineOf): Problem {
  return { place, message: other ? `${message} (see line ${lineOf(other)})` : message };
}

/** What selects tenants, or says where they are, may not go: a wave might seem empty, or a tenant nowhere. */
const MAY_GO: ReadonlySet<PropertyKey> = new Set([
  ...Object.keys(settings),
  'estimate',
  'maxConcurrent',
  'maxConcurrentPerCluster',
  'failureBudget',
  'retries',
  'order',
  'notify',
  'soakMinutes',
  'approval',
]);
const LISTS: ReadonlySet<PropertyKey> = new Set(['clusters', 'tenants', 'waves']);

function spareOf(place: readonly PropertyKey[]): Spare | undefined {
  const depth = LISTS.has(place[0] ?? '') ? 2 : 0;
  return MAY_GO.has(place[depth] ?? '') ? spareSetting(place, depth) : undefined;
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
export function fleetFileError({ file, lineOf }: OpenFleetFile, problems: readonly Remark[]): ConfigError {
  return problemsIn(
    file,
    problems.map((remark) => located(remark, lineOf)),
    lineOf,
    HINT,
  );
}

/** JSON Schema of the fleet file, for editors. */
export function fleetJsonSchema(): unknown {
  return z.toJSONSchema(fleetFileSchema, { io: 'input', target: 'draft-7' });
}
