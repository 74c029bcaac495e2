import { createHash } from 'node:crypto';
import { realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import type { PlanContent } from '../domain/written-plan.ts';
import { ConfigError } from './config-error.ts';
import type { PlanMade } from './plan-schema.ts';
import { contentOf, planFileSchema } from './plan-schema.ts';
import { readYaml, whyNotRead } from './read-yaml.ts';

const FORMAT = 'threescale-upgrade plan';
const FORMAT_VERSION = 1;
const HINT =
  'Write one as in: threescale-upgrade plan --context prod --namespace 3scale --out 3scale.plan.json';

/** A plan as a file holds it. */
export interface PlanFile {
  /** SHA-256 over what was planned: a plan of the same state with the same choices has the same. */
  readonly hash: string;
  readonly made: PlanMade;
  readonly plan: PlanContent;
}

/** Writes it as a whole or not at all, for its owner's eyes only; answers with its hash. Throws ConfigError. */
export function writePlanFile(file: string, made: PlanMade, plan: PlanContent): string {
  const hash = hashOf(plan);
  const text = JSON.stringify({ format: FORMAT, formatVersion: FORMAT_VERSION, hash, made, plan }, null, 2);
  try {
    writeWhole(placeOf(file), `${text}\n`);
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    throw new ConfigError(
      `${file} cannot be written: ${whyNotRead(error)}`,
      'Name a file with --out in a folder that is there, may be written to, and has space left.',
      file,
    );
  }
  return hash;
}

function writeWhole(place: string, text: string): void {
  const next = `${place}.${process.pid}.part`;
  try {
    writeFileSync(next, text, { mode: 0o600, flag: 'wx' });
    renameSync(next, place);
  } catch (error) {
    rmSync(next, { force: true });
    throw error;
  }
}

/**
 * Where a link leads. What is there and is no ordinary file (a device, a pipe, a folder) is refused: the plan would take its
 * place, and root's `--out /dev/null` would take the device from the whole machine.
 */
function placeOf(file: string): string {
  const there = statSync(file, { throwIfNoEntry: false });
  if (!there) return file;
  if (!there.isFile())
    throw new ConfigError(
      `${file} cannot be written: it is no ordinary file`,
      'Name an ordinary file with --out; it may be a new one.',
      file,
    );
  return realpathSync(file);
}

/** Throws ConfigError where it is no plan, of another release's format, or not as it was written. */
export function readPlanFile(file: string): PlanFile {
  const { hash, made, plan } = readYaml(file, planFileSchema, {
    kind: 'plan',
    hint: HINT,
    glance: (text) => whatIsWrong(file, text),
  });
  return { hash, made, plan: contentOf(plan) };
}

/** First 12 digits, as people compare them. */
export const shortPlanHash = (hash: string): string => hash.slice(0, 12);

/** What keeps it from being a plan of ours, in one clear error; undefined where nothing does. */
function whatIsWrong(file: string, text: string): string | undefined {
  const parsed = parsedJson(file, text);
  if (typeof parsed !== 'object' || parsed === null || !('format' in parsed) || parsed.format !== FORMAT)
    return 'is no plan that `plan --out` has written';
  const { formatVersion, hash, plan } = parsed as Record<string, unknown>;
  if (formatVersion !== FORMAT_VERSION)
    throw new ConfigError(
      `${at(file, text, '"formatVersion"')} is a plan of format ${JSON.stringify(formatVersion)}, and this release reads format ${FORMAT_VERSION}`,
      'Make the plan anew with this release, or start it with the one that made it.',
      at(file, text, '"formatVersion"'),
    );
  if (hash !== hashOf(plan))
    throw new ConfigError(
      `${at(file, text, '"hash"')} the plan was edited since it was written: its hash is not that of what it says`,
      'A plan is not edited but made anew, by `plan --out` with other flags.',
      at(file, text, '"hash"'),
    );
  return undefined;
}

function parsedJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const message = error instanceof Error ? error.message : '';
    const [, place] = /at position (\d+)/.exec(message) ?? [];
    const read = place === undefined ? text.trimEnd() : text.slice(0, Number(place));
    const where = `${file}:${lineAfter(read)}`;
    throw new ConfigError(`${where} is no plan: it is not JSON`, HINT, where);
  }
}

function at(file: string, text: string, word: string): string {
  return `${file}:${lineAfter(text.slice(0, Math.max(0, text.indexOf(word))))}`;
}

const lineAfter = (text: string): number => text.split('\n').length;

function hashOf(plan: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(plan, inOrder) ?? '')
    .digest('hex');
}

/** The same whatever order fields are written in. */
function inOrder(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
