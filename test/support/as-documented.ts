import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** What the sources, and the tests of a step, need to run. */
const COPIED = [
  'package.json',
  'tsconfig.json',
  'jest.config.js',
  'jest.projects.js',
  'jest.sequencer.js',
  'src',
  'activities',
  'workflows',
  'simulator',
  'test/support',
];

/** One thing that a document tells to write, in its words: ``In `FILE`, before `LINE`:`` and the code that follows. */
interface Told {
  readonly file: string;
  /** A line of the file begins so; absent: a file of its own, or what comes at the end of one that is there. */
  readonly before: string | undefined;
  readonly code: string;
}

const TOLD = /^In `([^`]+)`(?:, before `([^`]+)`|, at the end)?:\n\n```ts\n([\s\S]*?)```$/gm;

function toldBy(document: string): Told[] {
  const text = readFileSync(join(ROOT, document), 'utf8');
  return [...text.matchAll(TOLD)].map(([, file = '', before, code = '']) => ({ file, before, code }));
}

/** A copy of the sources in a folder. */
export function copySources(folder: string): void {
  for (const name of COPIED) cpSync(join(ROOT, name), join(folder, name), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
}

/** Does what a document says; returns the files that are new, and those that are changed. Throws where a line is not there. */
export function doAsTold(
  document: string,
  folder: string,
): { readonly added: readonly string[]; readonly changed: readonly string[] } {
  const told = toldBy(document);
  const added = new Set<string>();
  const changed = new Set<string>();
  for (const { file, before, code } of told) {
    const path = join(folder, file);
    const text = existsSync(path) ? readFileSync(path, 'utf8') : undefined;
    (text === undefined ? added : changed).add(file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, before === undefined ? `${text ?? ''}${code}` : put(code, before, text ?? '', file));
  }
  return { added: [...added], changed: [...changed] };
}

function put(code: string, before: string, text: string, file: string): string {
  const lines = text.split('\n');
  const at = lines.findIndex((line) => line.startsWith(before));
  if (at < 0) throw new Error(`${file} has no line that begins with ${before}`);
  return [...lines.slice(0, at), ...code.trimEnd().split('\n'), ...lines.slice(at)].join('\n');
}
