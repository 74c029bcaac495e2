import { readFileSync } from 'node:fs';
import type { Alias, Document } from 'yaml';
import { isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument, visit } from 'yaml';
import type { z } from 'zod';
import { plainDeep } from '../domain/plain-text.ts';
import { ConfigError } from './config-error.ts';

const HINT = 'See docs/tenant-file.md.';

/** A file that its schema accepts. */
export interface YamlFile<T> {
  readonly data: T;
  readonly text: string;
  /** The line of a place in it, or of the nearest place above that is there. */
  lineOf(place: readonly PropertyKey[]): number;
}

/** Reads a YAML file by its schema. Throws ConfigError with every problem, each with its line; never half accepts. */
export function readYaml<S extends z.ZodType>(file: string, schema: S): z.output<S> {
  return openYaml(file, schema).data;
}

/** As `readYaml`, for a reader that has more to say about the file. */
export function openYaml<S extends z.ZodType>(
  file: string,
  schema: S,
  hint: string = HINT,
): YamlFile<z.output<S>> {
  const text = readText(file);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const broken = whyBroken(document);
  if (broken) {
    const { line, col } = lines.linePos(broken.offset);
    throw new ConfigError(`${file}:${line}:${col} does not parse: ${broken.message}`, hint);
  }
  const lineOf = (place: readonly PropertyKey[]): number => lines.linePos(offsetOf(document, place)).line;
  const parsed = schema.safeParse(contentOf(file, document, hint));
  if (parsed.success) return { data: plainDeep(parsed.data), text, lineOf };
  const problems = parsed.error.issues.flatMap(problemsOf).sort((a, b) => lineOf(a.place) - lineOf(b.place));
  throw new ConfigError(problems.map((problem) => sayProblem(file, lineOf, problem)).join('\n'), hint);
}

/** `fleet.yaml:12: tenants.3.name: …`. */
export function sayProblem(
  file: string,
  lineOf: (place: readonly PropertyKey[]) => number,
  { place, message }: { readonly place: readonly PropertyKey[]; readonly message: string },
): string {
  const where = place.length > 0 ? `${place.map(String).join('.')}: ` : '';
  return `${file}:${lineOf(place)}: ${where}${message}`;
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new ConfigError(
      `${file} cannot be read: ${whyNotRead(error)}`,
      'Name a file that is there with --file.',
    );
  }
}

/** `ENOENT`. */
export function whyNotRead(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error
    ? String(error.code)
    : 'it cannot be opened';
}

/** The library's own first error, or an alias of nothing, which it would tell without a place. */
function whyBroken(document: Document): { readonly offset: number; readonly message: string } | undefined {
  const [error] = document.errors;
  if (error) return { offset: error.pos[0], message: error.message };
  const { source, range } = deadAlias(document) ?? {};
  if (source === undefined) return undefined;
  const message = `the alias *${source} stands for nothing: no &${source} comes before it`;
  return { offset: range?.[0] ?? 0, message };
}

/** The first alias that no anchor stands before. */
function deadAlias(document: Document): Alias | undefined {
  let dead: Alias | undefined;
  visit(document, {
    Alias: (_, alias) => {
      if (alias.resolve(document)) return undefined;
      dead = alias;
      return visit.BREAK;
    },
  });
  return dead;
}

/** Throws ConfigError for aliases that blow up. */
function contentOf(file: string, document: Document, hint: string): unknown {
  try {
    return document.toJS() ?? {};
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new ConfigError(`${file} does not parse: ${why}`, hint);
  }
}

function problemsOf(issue: z.core.$ZodIssue): { place: readonly PropertyKey[]; message: string }[] {
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
function offsetOf(document: Document, place: readonly PropertyKey[]): number {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const step of place) {
    if (isAlias(node)) node = node.resolve(document);
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
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

function startOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}
