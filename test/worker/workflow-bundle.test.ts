import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { bundleOfSources } from '../../src/worker/workflow-bundle.ts';

const before = process.env.XDG_CACHE_HOME;
let folder: string;
let workflowsPath: string;
const write = (said: string): void => {
  writeFileSync(workflowsPath, `export const greet = async (): Promise<string> => '${said}';\n`);
};
const keptFile = (): string => join(folder, 'cache/threescale-upgrade/workflow-bundles', kept()[0] ?? '');
const kept = (): string[] => readdirSync(join(folder, 'cache/threescale-upgrade/workflow-bundles'));
const bundle = async (): Promise<string> => (await bundleOfSources({ encrypts: false, workflowsPath })).code;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'workflow-bundle-'));
  workflowsPath = join(folder, 'index.ts');
  symlinkSync(fileURLToPath(new URL('../../node_modules', import.meta.url)), join(folder, 'node_modules'));
  process.env.XDG_CACHE_HOME = join(folder, 'cache');
  write('one');
});
afterEach(() => {
  if (before === undefined) delete process.env.XDG_CACHE_HOME;
  else process.env.XDG_CACHE_HOME = before;
  rmSync(folder, { recursive: true, force: true });
});

test('what was made of the same sources is used again, and of others never', async () => {
  const one = await bundle();
  expect(await bundle()).toBe(one);
  expect(kept()).toHaveLength(1);

  write('another');
  const another = await bundle();
  expect(another).toContain("'another'");
  expect(kept()).toHaveLength(2);

  write('one');
  expect(await bundle()).toBe(one);
  expect(kept()).toHaveLength(2);
});

test('where nothing can be kept it is made all the same', async () => {
  writeFileSync(join(folder, 'cache'), 'no folder');
  expect(await bundle()).toContain("'one'");
});

test('what is edited while it is bundled is not kept as what was there before', async () => {
  const made = bundle();
  write('another');
  await made;
  write('one');
  expect((await bundle()).includes("'one'")).toBe(true);
});

test('what cannot be read, or was cut short, is made anew', async () => {
  const one = await bundle();
  const file = keptFile();
  writeFileSync(file, readFileSync(file, 'utf8').slice(0, 10_000));
  expect((await bundle()) === one).toBe(true);
  rmSync(file);
  mkdirSync(file);
  expect((await bundle()) === one).toBe(true);
});

test('the lock of an editor, which leads nowhere, is no source', async () => {
  symlinkSync('me@host.4711:1', join(folder, '.#index.ts'));
  expect(await bundle()).toContain("'one'");
});
