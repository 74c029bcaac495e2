import { canonicalJson } from '../fleet/file/canonical-json.ts';
import { isImageReference } from '../tenant/image-reference.ts';
import { isObjectName, shownName } from '../text/names.ts';
import type { PathOptions, UpgradePath } from './upgrade-path.ts';
import { NEVER_LEFT, PATHS } from './index.ts';
import type { DeploymentConfigRef, Step } from '../tenant/step-kinds.ts';
import { isOfKind, pausedConfigs, stepsOf } from '../tenant/step.ts';

/**
 * What a worker may be told to do: the steps that its own paths yield, and nothing else. The steps of a running upgrade
 * come from Temporal, so whoever can write there could have written them.
 */

/** Every choice that decides which steps a path has; what a choice only fills in is checked by FILLED_IN. */
function choicesAlong({ components: all }: UpgradePath): readonly PathOptions[] {
  const components = Object.fromEntries(all.map((name) => [name, 'follow' as const]));
  return [false, true].flatMap((releaseEverywhere) => [
    { releaseEverywhere, components },
    { releaseEverywhere, components, impersonation: { fromSecret: 'any' } },
  ]);
}

/** Fields that the options of a path fill in, each with what it may hold. */
const FILLED_IN: ReadonlyMap<string, (value: unknown) => boolean> = new Map([
  ['image', isImageReference],
  ['fromSecret', isObjectName],
]);

/** Fields that a choice adds, each with what it may hold: absent where nobody has chosen. */
const ADDED: ReadonlyMap<string, (value: unknown) => boolean> = new Map([
  ['imageChosen', isTrue],
  ['replacesLatest', isTrue],
]);

/** Lists of which a choice adds items, or says something of one: what of an item is the path's own; undefined where it is none. */
const CHOSEN_ITEMS: ReadonlyMap<string, (item: unknown) => unknown> = new Map([
  ['runs', withoutLeft],
  ['deploymentConfigs', (item) => (isOwnToPause(item) ? undefined : item)],
  ['after', (item) => (typeof item === 'string' && isOwnRollOut(item) ? undefined : item)],
]);

/** Words for people: another release may have had others. */
const WORDS: readonly string[] = ['title', 'guide'];

/** Fields that upgrades of earlier releases do not have: without them the strictest counts. */
const LATER: readonly string[] = ['checks', 'runs', 'containers'];

/** Lists whose order says something; that of the others does not. */
const IN_ORDER: readonly string[] = ['command', 'hostEnv'];

interface Versions {
  readonly from?: unknown;
  readonly to?: unknown;
}

/** Every list of steps that a path can have; undefined where there is no such path. */
function listsOf({ from, to }: Versions): readonly (readonly Step[])[] | undefined {
  const path = PATHS.find((known) => known.from === from && known.to === to);
  return path && choicesAlong(path).map((options) => path.steps(options));
}

/** Why a step is none that the path `from` → `to` can have; undefined where it is one. */
export function stepProblem(versions: Versions, step: unknown): string | undefined {
  const lists = listsOf(versions);
  return lists ? problemAmong(lists.flat(), step) : NO_PATH;
}

/** As stepProblem, of a whole path: it has to have all the steps, each once. */
export function pathProblem(path: Versions & { readonly steps?: unknown }): string | undefined {
  const lists = listsOf(path);
  if (!lists) return NO_PATH;
  const { steps } = path;
  if (!Array.isArray(steps)) return 'the path has no list of steps';
  for (const step of steps as readonly unknown[]) {
    const problem = problemAmong(lists.flat(), step);
    if (problem !== undefined) return problem;
  }
  const ids = idsOf(steps as readonly Step[]);
  const isOnce = new Set((steps as readonly Step[]).map(({ id }) => id)).size === steps.length;
  return isOnce && lists.some((list) => idsOf(list) === ids)
    ? undefined
    : 'the steps are not all the steps of the path, each once';
}

const NO_PATH = 'there is no such upgrade path';

const isChosen = isOfKind('follow-image-stream');

/** Of those that are no choice. */
const idsOf = (steps: readonly Step[]): string =>
  steps
    .filter((step) => !isChosen(step) && !isTakenAlong(step))
    .map(({ id }) => id)
    .sort()
    .join(' ');

function everyStep(): readonly Step[] {
  return PATHS.flatMap((path) => choicesAlong(path).flatMap((options) => path.steps(options)));
}

/** Every DeploymentConfig that some path touches, whatever is chosen. */
const OF_PATHS: ReadonlySet<string> = new Set(
  everyStep().flatMap((step) => [
    ...pausedConfigs([step]).map(({ name }) => name),
    ...('deploymentConfig' in step ? [step.deploymentConfig] : []),
  ]),
);

export const isOfPath = (deploymentConfig: string): boolean => OF_PATHS.has(deploymentConfig);

/** Every Secret that some path creates, whatever is chosen. */
export function knownSecrets(): ReadonlySet<string> {
  return new Set(stepsOf(everyStep(), 'create-secret').map(({ secret }) => secret));
}

function problemAmong(known: readonly Step[], step: unknown): string | undefined {
  if (typeof step !== 'object' || step === null) return 'a step is no step';
  const fields = new Map<string, unknown>(Object.entries(step));
  if (isTakenAlong(step)) return takenAlongProblem(known, fields);
  const alike = known.filter(({ id }) => id === fields.get('id'));
  const name = shownName(fields.get('id'));
  if (alike.length === 0) return `step ${name} is none of the path`;
  const differing = alike.map((candidate) => firstDifference(candidate, fields));
  if (differing.includes(undefined)) return undefined;
  return `step ${name}: ${shownField(differing[0])} is not as the path has it`;
}

/** The owner's own may be rolled out, and nothing else: as the component does beside which it rolls. */
function takenAlongProblem(known: readonly Step[], fields: ReadonlyMap<string, unknown>): string | undefined {
  const name = fields.get('deploymentConfig');
  if (!isObjectName(name) || fields.get('id') !== `roll-out-${name}` || !isOwnRollOut(`roll-out-${name}`))
    return `step ${shownName(fields.get('id'))}: deploymentConfig is none that may be taken along`;
  const alike = stepsOf(known, 'roll-out').filter((step) => step.pointOfNoReturn !== true);
  const asItself = alike.map((step) =>
    firstDifference(
      { ...step, id: `roll-out-${name}`, deploymentConfig: name, optional: true, takenAlong: true } as Step,
      fields,
    ),
  );
  return asItself.includes(undefined)
    ? undefined
    : `step ${shownName(fields.get('id'))}: ${shownField(asItself[0])} is not as a path has it`;
}

function isTrue(value: unknown): boolean {
  return value === true;
}

const isTakenAlong = (item: unknown): boolean =>
  typeof item === 'object' && item !== null && 'takenAlong' in item;

function isOwnToPause(item: unknown): boolean {
  if (typeof item !== 'object' || item === null) return false;
  const { name, ...rest } = item as { readonly name?: unknown };
  const own: Omit<DeploymentConfigRef, 'name'> = { optional: true, takenAlong: true };
  return (
    typeof name === 'string' && isOwnRollOut(`roll-out-${name}`) && canonicalJson(rest) === canonicalJson(own)
  );
}

/** Of a DeploymentConfig that no path knows. */
function isOwnRollOut(id: string): boolean {
  const name = id.replace(/^roll-out-/, '');
  return name !== id && isObjectName(name) && !OF_PATHS.has(name);
}

const isNeverLeft = (name: unknown): boolean => typeof name === 'string' && NEVER_LEFT.includes(name);

function withoutLeft(item: unknown): unknown {
  if (typeof item !== 'object' || item === null) return item;
  const { left, ...rest } = item as { readonly left?: unknown; readonly deploymentConfig?: unknown };
  return left === undefined || (left === true && !isNeverLeft(rest.deploymentConfig)) ? rest : item;
}

/** Fields of steps are words in camel case; what is none may hold anything. */
const shownField = (name = ''): string => (/^[A-Za-z]{1,40}$/.test(name) ? name : 'a field that no step has');

/** The first field that is not as it is known; undefined where all are. */
function firstDifference(known: Step, given: ReadonlyMap<string, unknown>): string | undefined {
  const wanted = new Map<string, unknown>(Object.entries(known));
  const names = [...wanted.keys(), ...[...given.keys()].filter((name) => !wanted.has(name))];
  return names.find((name) => !WORDS.includes(name) && !isAsKnown(name, wanted.get(name), given.get(name)));
}

function isAsKnown(name: string, wanted: unknown, given: unknown): boolean {
  if (given === undefined && LATER.includes(name)) return true;
  if (wanted === undefined && ADDED.has(name))
    return given === undefined || ADDED.get(name)?.(given) === true;
  const isFilledIn = wanted === undefined ? undefined : FILLED_IN.get(name);
  return isFilledIn ? isFilledIn(given) : textOf(name, wanted) === textOf(name, given);
}

/** The same text for the same value; undefined for one that is absent. */
function textOf(name: string, value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (!Array.isArray(value) || IN_ORDER.includes(name)) return canonicalJson(value);
  const ownOf = CHOSEN_ITEMS.get(name) ?? ((item: unknown) => item);
  const own = value.map((item: unknown) => ownOf(item)).filter((item) => item !== undefined);
  return canonicalJson(own.map((part) => canonicalJson(part)).sort());
}
