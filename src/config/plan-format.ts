import { createHash } from 'node:crypto';
import { canonicalJson } from '../domain/fleet/file/canonical-json.ts';
import { ConfigError } from './reading/config-error.ts';

/** What tells plans apart: of one tenant, and of a fleet. */
export interface PlanFormat {
  readonly format: string;
  readonly version: number;
  /** The command that writes one. */
  readonly writtenBy: string;
  /** How one is had. */
  readonly hint: string;
  /** What is said of a plan of the other kind. */
  readonly other: { readonly format: string; readonly said: string; readonly hint: string };
}

const FLEET = 'fleet plan of threescale-upgrade';
const TENANT = 'threescale-upgrade plan';

export const TENANT_PLAN: PlanFormat = {
  format: TENANT,
  version: 1,
  writtenBy: 'plan --out',
  hint: 'Write one as in: threescale-upgrade plan --context prod --namespace 3scale --out 3scale.plan.json',
  other: {
    format: FLEET,
    said: 'is the plan of a fleet, and not of one tenant',
    hint: 'Start the fleet by it as in: threescale-upgrade fleet start -f FILE --plan fleet.plan.json',
  },
};

export const FLEET_PLAN: PlanFormat = {
  format: FLEET,
  version: 1,
  writtenBy: 'fleet plan --out',
  hint: 'Write one as in: threescale-upgrade fleet plan -f FILE --out fleet.plan.json',
  other: {
    format: TENANT,
    said: 'is the plan of one tenant, and not of a fleet',
    hint: 'Start the tenant by it as in: threescale-upgrade start --plan 3scale.plan.json',
  },
};

/** First 12 digits, as people compare them. */
export const shortPlanHash = (hash: string): string => hash.slice(0, 12);

/** SHA-256, the same whatever order fields are written in. */
export const hashOfPlan = (plan: unknown): string =>
  createHash('sha256').update(canonicalJson(plan)).digest('hex');

/** The JSON of a plan of this kind that was not edited. Throws ConfigError, in one clear error. */
export function openPlan(file: string, text: string, kind: PlanFormat): unknown {
  const parsed = parsedJson(file, text, kind);
  const found =
    typeof parsed === 'object' && parsed !== null && 'format' in parsed ? parsed.format : undefined;
  if (found === kind.other.format) throw new ConfigError(`${file} ${kind.other.said}`, kind.other.hint, file);
  if (found !== kind.format)
    throw new ConfigError(`${file} is no plan that \`${kind.writtenBy}\` has written`, kind.hint, file);
  const { formatVersion, hash, plan } = parsed as Record<string, unknown>;
  if (formatVersion !== kind.version)
    throw new ConfigError(
      `${at(file, text, '"formatVersion"')} is a plan of format ${JSON.stringify(formatVersion)}, and this release reads format ${kind.version}`,
      'Make the plan anew with this release, or start it with the one that made it.',
      at(file, text, '"formatVersion"'),
    );
  if (plan === undefined || hash !== hashOfPlan(plan))
    throw new ConfigError(
      `${at(file, text, '"hash"')} the plan was edited since it was written: its hash is not that of what it says`,
      `A plan is not edited but made anew, by \`${kind.writtenBy}\`.`,
      at(file, text, '"hash"'),
    );
  return parsed;
}

function parsedJson(file: string, text: string, { hint }: PlanFormat): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const message = error instanceof Error ? error.message : '';
    const [, place] = /at position (\d+)/.exec(message) ?? [];
    const read = place === undefined ? text.trimEnd() : text.slice(0, Number(place));
    const where = `${file}:${lineAfter(read)}`;
    throw new ConfigError(`${where} is no plan: it is not JSON`, hint, where);
  }
}

function at(file: string, text: string, word: string): string {
  return `${file}:${lineAfter(text.slice(0, Math.max(0, text.indexOf(word))))}`;
}

const lineAfter = (text: string): number => text.split('\n').length;
