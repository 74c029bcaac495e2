import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('./', import.meta.url));
const TESTS = join(ROOT, 'test');
const ELSEWHERE = join(TESTS, 'postgres') + sep;

/**
 * The most that a test takes decides of its project, and what it imports says what that is, so that no list of tests can
 * grow old: the first of these of which it imports something, itself or by way of other files of the tests.
 */
const TAKES = {
  // Commands as processes, Temporal's dev server.
  'end-to-end': [
    'test/support/lab.ts',
    'test/support/run-cli.ts',
    'test/support/cli-process.ts',
    'execa',
    'node:child_process',
    'torture/build/build.ts',
  ],
  // The time-skipping server, or a worker that replays.
  workflow: ['test/support/time-skipping.ts', 'src/worker/replay.ts', 'src/worker/workflow-bundle.ts'],
  // An API that answers, a fleet that is played through, or what is drawn at random a hundred times.
  simulator: [
    'simulator/index.ts',
    'test/support/scripted-api.ts',
    'test/support/fleet-world.ts',
    'fast-check',
  ],
};

/** It starts Maven, once, for those who take the time-skipping server: they start no process. */
const FETCHES = 'test/support/test-server.ts';

/** The names of the projects, and the tests of each. */
export function projects() {
  const found = new Map(['unit', ...Object.keys(TAKES).toReversed()].map((name) => [name, []]));
  for (const test of allTests()) found.get(projectOf(reachedFrom(test))).push(test);
  return found;
}

/** @param {ReadonlySet<string>} reached */
function projectOf(reached) {
  const found = Object.entries(TAKES).find(([, what]) => what.some((name) => reached.has(name)));
  return found?.[0] ?? 'unit';
}

function allTests() {
  return readdirSync(TESTS, { recursive: true, encoding: 'utf8' })
    .map((name) => join(TESTS, name))
    .filter((path) => path.endsWith('.test.ts') && !path.startsWith(ELSEWHERE))
    .sort();
}

/** What these sources import while they run: paths from here, and names of packages. Of files that are no tests, nothing. */
function reachedFrom(test) {
  const reached = new Set([test]);
  // What is added meanwhile is looked at as well.
  for (const file of reached) {
    if (!file.startsWith(TESTS + sep) || file === join(ROOT, FETCHES)) continue;
    for (const name of importsOf(file)) reached.add(name);
  }
  return new Set(
    [...reached].map((name) => (name.startsWith(ROOT) ? relative(ROOT, name).replaceAll(sep, '/') : name)),
  );
}

const IMPORT = /^(?:import|export)\s(?!type\b)[^;]*?\bfrom\s+'([^']+)'|\bimport\('([^']+)'\)/gm;

/** @type {Map<string, string[]>} */
const known = new Map();

/** @param {string} file */
function importsOf(file) {
  const before = known.get(file);
  if (before) return before;
  const found = [...readFileSync(file, 'utf8').matchAll(IMPORT)]
    .map((match) => match[1] ?? match[2])
    .map((name) => (name.startsWith('.') ? resolve(dirname(file), name) : name));
  known.set(file, found);
  return found;
}
