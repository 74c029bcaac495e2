import type { Alias, Document, Node, Pair, YAMLMap } from 'yaml';
import { isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { plainDeep } from '../../domain/text/plain-text.ts';
import type { FileKind } from './bounded-file.ts';
import { ConfigError } from './config-error.ts';
import type { Problem, Spare } from './despite-schema.ts';
import { despite } from './despite-schema.ts';
import { readText } from './read-text.ts';
import type { Aliases } from './yaml-aliases.ts';
import { followAliases, isMergeKey, mergedBy } from './yaml-aliases.ts';

const HINT = 'See docs/tenant-file.md.';

/** A file that its schema accepts. */
export interface YamlFile<T> {
  readonly data: T;
  readonly text: string;
  /** The line of a place in it, or of the nearest place above that is there. */
  lineOf(place: readonly PropertyKey[]): number;
}

interface Reading<T> {
  readonly kind: FileKind;
  readonly hint?: string;
  /** A look at the text before it is parsed: what is wrong with it at first sight. */
  readonly glance?: (text: string) => string | undefined;
  /** What is wrong with what it means: told together with what its schema refuses. */
  readonly meaning?: (data: T, found: Found) => readonly Problem[];
  /** What may be left out of it where its schema refuses something, so that what all else means is told as well. */
  readonly spare?: (place: readonly PropertyKey[]) => Spare | undefined;
}

interface Found {
  readonly lineOf: LineOf;
  /** What its schema refuses is left out of the data. */
  readonly isRefused: boolean;
}

export type LineOf = (place: readonly PropertyKey[]) => number;

/** Reads a YAML file by its schema. Throws ConfigError with every problem, each with its line; never half accepts. */
export function readYaml<S extends z.ZodType>(
  file: string,
  schema: S,
  reading: Reading<z.output<S>>,
): z.output<S> {
  return openYaml(file, schema, reading).data;
}

/** As `readYaml`, for a reader that has more to say about the file. */
export function openYaml<S extends z.ZodType>(
  file: string,
  schema: S,
  { kind, hint = HINT, glance, meaning = () => [], spare = () => undefined }: Reading<z.output<S>>,
): YamlFile<z.output<S>> {
  const text = readText(file, kind, hint);
  const seen = glance?.(text);
  if (seen !== undefined) throw new ConfigError(`${file} ${seen}`, hint, file);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, merge: true });
  const aliases = aliasesOf(document);
  if ('message' in aliases) {
    const { line, col } = lines.linePos(aliases.offset);
    throw new ConfigError(`${file}:${line}:${col} ${aliases.message}`, hint, `${file}:${line}`);
  }
  const lineOf = (place: readonly PropertyKey[]): number =>
    lines.linePos(offsetOf(document, aliases, place)).line;
  const raw: unknown = document.toJS({ maxAliasCount: -1 }) ?? {};
  const parsed = schema.safeParse(raw);
  const refused = parsed.success ? [] : parsed.error.issues.flatMap(problemsOf);
  const left = parsed.success ? parsed.data : despite(schema, raw, refused, spare);
  const data = left === undefined ? undefined : plainDeep(left);
  const problems = [
    ...refused,
    ...(data === undefined ? [] : meaning(data, { lineOf, isRefused: !parsed.success })),
  ];
  if (data !== undefined && problems.length === 0) return { data, text, lineOf };
  throw problemsIn(file, problems, lineOf, hint);
}

/** All problems of a file, in the order of its lines. */
export function problemsIn(
  file: string,
  problems: readonly Problem[],
  lineOf: LineOf,
  hint: string,
): ConfigError {
  const lines = problems
    .map((problem) => ({ line: lineOf(problem.place), said: sayProblem(file, lineOf, problem) }))
    .sort((a, b) => a.line - b.line);
  const [first] = lines;
  const said = [...new Set(lines.map((line) => line.said))];
  return new ConfigError(said.join('\n'), hint, first === undefined ? file : `${file}:${first.line}`);
}

/** `fleet.yaml:12: tenants.3.name: …`. */
export function sayProblem(file: string, lineOf: LineOf, { place, message }: Problem): string {
  const where = place.length > 0 ? `${place.map(String).join('.')}: ` : '';
  return `${file}:${lineOf(place)}: ${where}${message}`;
}

/** The library's own first error goes before what is wrong with aliases, which it would tell without a place. */
function aliasesOf(document: Document): Aliases {
  const [error] = document.errors;
  if (!error) {
    const aliases = followAliases(document);
    return 'message' in aliases ? { ...aliases, message: `does not parse: ${aliases.message}` } : aliases;
  }
  const [offset] = error.pos;
  if (error.code === 'MULTIPLE_DOCS')
    return {
      offset,
      message:
        'begins a second document (---): one file says one thing; make a file of each, or take the line out',
    };
  return { offset, message: `does not parse: ${error.message}` };
}

function problemsOf(issue: z.core.$ZodIssue): Problem[] {
  // One of several shapes, without words of its own: the shape that was meant is the one that lacks least.
  if (issue.code === 'invalid_union' && issue.message === 'Invalid input') {
    const [nearest] = [...issue.errors].sort((a, b) => lacks(a) - lacks(b));
    if (nearest?.length)
      return nearest.flatMap((one) => problemsOf({ ...one, path: [...issue.path, ...one.path] }));
  }
  // A key that is not known has a line of its own.
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      place: [...issue.path, key],
      message: `Unrecognized key: "${key}"`,
    }));
  }
  if (issue.message.endsWith('received undefined')) return [{ place: issue.path, message: 'is missing' }];
  const message = issue.code === 'invalid_key' ? (issue.issues[0]?.message ?? issue.message) : issue.message;
  return [{ place: issue.path, message }];
}

const lacks = (issues: readonly z.core.$ZodIssue[]): number =>
  issues.reduce((sum, issue) => sum + (issue.code === 'unrecognized_keys' ? issue.keys.length : 1), 0);

/** Of a map's key, of a list's item, or of the nearest one above that is there. */
function offsetOf(
  document: Document,
  { targets }: Extract<Aliases, { targets: unknown }>,
  place: readonly PropertyKey[],
): number {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const step of place) {
    if (isAlias(node)) node = targets.get(node);
    if (isMap(node)) {
      const pair = pairOf(node, step, targets);
      if (!pair) break;
      offset = startOf(pair.key) ?? offset;
      node = pair.value;
    } else if (isSeq(node) && typeof step === 'number') {
      node = node.items[step];
      offset = startOf(node) ?? offset;
    } else break;
  }
  return offset;
}

/** Its own, or the one that a merge key brings first. */
function pairOf(
  map: YAMLMap,
  step: PropertyKey,
  targets: ReadonlyMap<Alias, Node>,
): Pair<unknown, unknown> | undefined {
  const own = map.items.find(
    ({ key }) => isScalar(key) && !isMergeKey(key) && String(key.value) === String(step),
  );
  if (own) return own;
  for (const { value } of map.items.filter(({ key }) => isMergeKey(key))) {
    for (const source of mergedBy(value, targets)) {
      const pair = isMap(source) ? pairOf(source, step, targets) : undefined;
      if (pair) return pair;
    }
  }
  return undefined;
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}
