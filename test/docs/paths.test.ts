/** The documents that lead through the sources: no file or folder that they name is missing. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const TOP_FOLDERS = readdirSync(ROOT, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== 'node_modules')
  .map(({ name }) => name);
const PLACEHOLDER = /<[a-z-]+>/g;

/** The words between backticks that are paths: a file's name, a folder's, or what lies in a folder of ours. */
const pathsIn = (line: string): string[] =>
  [...line.matchAll(/`([\w.@<>/-]+)`/g)]
    .map(([, word = '']) => word)
    .filter(
      (word) =>
        /(^|[^.])\.(ts|js|json|md|ya?ml)$|\/$/.test(word) || TOP_FOLDERS.includes(word.split('/')[0] ?? ''),
    )
    .filter((word) => word.includes('/') || word.includes('.'));

/** Whether something is there by that name, whatever stands for a placeholder. */
function isThere(path: string): boolean {
  const [folder = '', name] = path.split(/\/(?=[^/]*<[^/]*$)/);
  if (name === undefined) return existsSync(join(ROOT, path));
  const pattern = new RegExp(`^${name.replace(PLACEHOLDER, '[\\w.-]+')}$`);
  return (
    existsSync(join(ROOT, folder)) && readdirSync(join(ROOT, folder)).some((entry) => pattern.test(entry))
  );
}

/** A path is one from the root of the repository, or from a folder that is named before it in the same line. */
function missingPaths(text: string): string[] {
  return text.split('\n').flatMap((line) => {
    const folders = [''];
    return pathsIn(line).filter((path) => {
      const found = folders.find((folder) => isThere(join(folder, path)));
      if (found === undefined) return true;
      const whole = join(found, path);
      folders.push(path.endsWith('/') ? whole : dirname(whole));
      return false;
    });
  });
}

const adrs = readdirSync(join(ROOT, 'docs/adr')).map((name) => `docs/adr/${name}`);

test.each(['docs/architecture.md', 'CONTRIBUTING.md', ...adrs])(
  'every path that %s names is there',
  (path) => {
    expect(missingPaths(read(path))).toEqual([]);
  },
);

test('a path that is not there is noticed', () => {
  const line =
    '`src/procedure/steps/<kind>.ts`, `gone.ts`, `src/cli/`: `main.ts`, `src/nowhere/`, `fleet/<name>`';
  expect(missingPaths(line)).toEqual(['gone.ts', 'src/nowhere/']);
});
