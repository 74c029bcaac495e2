/** What Node has compiled is kept for the next command; where it cannot be, the command works all the same. */
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { execa } from 'execa';
import { MAIN } from '../support/run-cli.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'compiled-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const version = (env: Readonly<Record<string, string>>) =>
  execa(process.execPath, [MAIN, '--version'], {
    extendEnv: false,
    env: { PATH: process.env['PATH'] ?? '', ...env },
  });

test('it is kept in the own cache', async () => {
  const { stdout } = await version({ XDG_CACHE_HOME: folder });
  expect(stdout).toMatch(/^\d+\.\d+\.\d+/);
  expect(readdirSync(join(folder, 'threescale-upgrade', 'compiled'))).not.toEqual([]);
});

test('a cache that is none is told by nobody', async () => {
  const file = join(folder, 'a-file');
  writeFileSync(file, '');
  const { stdout, stderr } = await version({ XDG_CACHE_HOME: file });
  expect({ isVersion: /^\d/.test(stdout), stderr }).toEqual({ isVersion: true, stderr: '' });
});

test('NODE_DISABLE_COMPILE_CACHE keeps nothing', async () => {
  await version({ XDG_CACHE_HOME: folder, NODE_DISABLE_COMPILE_CACHE: '1' });
  expect(readdirSync(folder)).toEqual([]);
});

test('a home folder that is not there is not made', async () => {
  const home = join(folder, 'nowhere');
  await version({ HOME: home });
  expect(existsSync(home)).toBe(false);
});
