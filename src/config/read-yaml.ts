import { readFileSync } from 'node:fs';
import type { Document } from 'yaml';
import { isNode, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { ConfigError } from './config-error.ts';

const HINT = 'See docs/tenant-file.md.';

/** Reads a YAML file by its schema. Throws ConfigError with every problem, each with its line; never half accepts. */
export function readYaml<S extends z.ZodType>(file: string, schema: S): z.output<S> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : 'it cannot be opened';
    throw new ConfigError(`${file} cannot be read: ${why}`, 'Name a file that is there with --file.');
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [broken] = document.errors;
  if (broken) {
    const { line, col } = lines.linePos(broken.pos[0]);
    throw new ConfigError(`${file}:${line}:${col} does not parse: ${broken.message}`, HINT);
  }
  const parsed = schema.safeParse(document.toJS() ?? {});
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => {
    const { line } = lines.linePos(offsetOf(document, issue.path));
    const where = issue.path.length > 0 ? `${issue.path.map(String).join('.')}: ` : '';
    return `${file}:${line}: ${where}${issue.message}`;
  });
  throw new ConfigError(problems.join('\n'), HINT);
}

/** Of the node itself, or of the nearest one that is there. */
function offsetOf(document: Document, path: readonly PropertyKey[]): number {
  for (let length = path.length; length >= 0; length -= 1) {
    const node: unknown = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return 0;
}
