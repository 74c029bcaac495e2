/**
 * Nobody waits for what is not used: help, the version and wrong flags need the definitions of the commands only. What a
 * command does is imported when it is called; so the program itself reaches few packages, and none that is heavy.
 */
import { readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import ts from 'typescript';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** What a module imports before it runs; types are gone by then, and what it imports when it is called comes later. */
function importsOf(file: string): string[] {
  const source = ts.createSourceFile(file, readFileSync(join(ROOT, file), 'utf8'), ts.ScriptTarget.Latest);
  return source.statements.flatMap((statement) => {
    const isErased =
      (ts.isImportDeclaration(statement) && statement.importClause?.isTypeOnly) ||
      (ts.isExportDeclaration(statement) && statement.isTypeOnly);
    if (isErased || !(ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement))) return [];
    const { moduleSpecifier: from } = statement;
    return from && ts.isStringLiteral(from) ? [from.text] : [];
  });
}

const packageOf = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

/** Every package that a module reaches, with the shortest chain of imports that leads to it. */
function packagesOf(entry: string): Map<string, string> {
  const packages = new Map<string, string>();
  const chains = new Map([[entry, entry]]);
  // Modules that are found on the way come behind: the nearest are seen first.
  for (const [file, chain] of chains) {
    for (const specifier of file.endsWith('.ts') ? importsOf(file) : []) {
      if (specifier.startsWith('node:')) continue;
      const isOwn = specifier.startsWith('.');
      const found = isOwn ? normalize(join(dirname(file), specifier)) : packageOf(specifier);
      const known = isOwn ? chains : packages;
      if (!known.has(found)) known.set(found, `${chain} → ${found}`);
    }
  }
  return packages;
}

test.each([
  ['src/cli/run-command.ts', ['commander', 'picocolors', 'zod']],
  ['src/cli/completion/main.ts', ['yaml']],
  ['src/cli/main.ts', []],
])('%s reaches no package but %j', (entry, light) => {
  const packages = packagesOf(entry);
  // Each of the others stands here with the imports that lead to it: import what needs it when it is called.
  const others = [...packages].filter(([name]) => !light.includes(name)).map(([, chain]) => chain);
  expect(others).toEqual([]);
  expect([...packages.keys()].sort()).toEqual(light);
});

test('what is imported is found, and what is heavy is told with the way to it', () => {
  const chain = packagesOf('src/cli/tenant/actions/watch.ts').get('@temporalio/client');
  expect(chain).toMatch(/^src\/cli\/tenant\/actions\/watch\.ts → src\/.* → @temporalio\/client$/);
});

test.each([
  ...['watch', 'list', 'report', 'control', 'start'].map((name) => ['tenant', name] as const),
  ...['look', 'list', 'report'].map((name) => ['fleet', name] as const),
])('the worker is loaded where one runs: not by %s %s itself', (wing, action) => {
  const packages = packagesOf(`src/cli/${wing}/actions/${action}.ts`);
  expect(packages.get('@temporalio/worker')).toBeUndefined();
  expect(packages.get('@temporalio/testing')).toBeUndefined();
});

test('check asks nothing of Temporal, and loads nothing of it', () => {
  const temporal = [...packagesOf('src/cli/tenant/actions/check.ts')].filter(([name]) =>
    name.startsWith('@temporalio/'),
  );
  expect(temporal.map(([, chain]) => chain)).toEqual([]);
});
