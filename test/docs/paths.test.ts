/** What leads through the sources: no file or folder that a document or a comment names is missing. */
import { globSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { missingDocuments, missingInComments, missingPaths } from '../support/named-paths.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
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

const FOLDERS = 'src,workflows,activities,simulator,bench,torture,deploy,bin,test';
const sources = globSync([`{${FOLDERS}}/**/*.{ts,js}`, '*.js', '.*.js'], { cwd: ROOT });

test('no comment cites a file that is not in the repository, and no message a document', () => {
  const missing = sources.flatMap((path) =>
    [...missingInComments(read(path), path), ...missingDocuments(read(path))].map(
      (word) => `${path}: ${word}`,
    ),
  );
  expect(sources.length).toBeGreaterThan(500);
  expect(missing).toEqual([]);
});

test('a comment that cites what is not there is noticed', () => {
  const [gone, there] = ['GONE' + '.md', 'docs/cli.md'];
  const source = `/** As ${gone} says, and ${there}. */\n// src/nowhere/x.ts, x.ts\nconst at = 'docs/${gone}';`;
  expect(missingInComments(source, 'src/a.ts')).toEqual([gone, 'src/nowhere/x.ts']);
  expect(missingDocuments(source)).toEqual([`docs/${gone}`]);
});
