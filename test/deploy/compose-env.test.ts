/** `npm run compose:env`: a password that nobody knows before, for nobody else’s eyes. */
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { execa } from 'execa';
import { composeFile } from '../support/compose-file.ts';

const SCRIPT = fileURLToPath(new URL('../../deploy/compose/env.ts', import.meta.url));

let folder = '';
let kubeconfig = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'threescale-upgrade-compose-'));
  kubeconfig = join(folder, 'clusters.yaml');
  writeFileSync(kubeconfig, 'apiVersion: v1\nkind: Config\n', { mode: 0o644 });
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const file = (): string => join(folder, '.env');
const make = (...args: string[]) =>
  execa(process.execPath, [SCRIPT, '--folder', folder, ...args], { reject: false });

const variables = (): Record<string, string> =>
  Object.fromEntries(
    [...readFileSync(file(), 'utf8').matchAll(/^(\w+)='?([^'\n]*)'?$/gm)].map(([, name = '', value = '']) => [
      name,
      value,
    ]),
  );

test('it has what docker-compose.yml needs, and is its owner’s alone', async () => {
  const { exitCode, stderr } = await make('--kubeconfig', kubeconfig);
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  expect(statSync(file()).mode & 0o777).toBe(0o600);
  const { services } = composeFile(variables());
  expect(services['worker']?.volumes).toEqual([`${kubeconfig}:/kubeconfig:ro`, 'reports:/reports']);
  expect(services['worker']?.user).not.toMatch(/^0:/);
  const password = variables()['POSTGRES_PASSWORD'] ?? '';
  expect(password.length).toBeGreaterThanOrEqual(32);
  expect(stderr).not.toContain(password);
});

test('no two have the same password, and one that is there is kept', async () => {
  await make('--kubeconfig', kubeconfig);
  const first = readFileSync(file(), 'utf8');
  chmodSync(file(), 0o644);
  const { exitCode, stderr } = await make('--kubeconfig', kubeconfig);
  expect({ exitCode, stderr }).toMatchObject({
    exitCode: 0,
    stderr: expect.stringContaining('stays as it is'),
  });
  expect(readFileSync(file(), 'utf8')).toBe(first);
  expect(statSync(file()).mode & 0o777).toBe(0o600);
  rmSync(file());
  await make('--kubeconfig', kubeconfig);
  expect(readFileSync(file(), 'utf8')).not.toBe(first);
});

test.each([
  ['that is not there', (): string => join(folder, 'nothing.yaml'), 'there is no such file'],
  ['that is a folder', (): string => folder, 'it is no file'],
])('a kubeconfig %s is one error, and nothing is written', async (_, named, why) => {
  const { exitCode, stderr } = await make('--kubeconfig', named());
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 64, stderr: expect.stringContaining(why) });
  expect(existsSync(file())).toBe(false);
});

test('one that root alone may read is given to whom the worker runs as', async () => {
  // Root's own on every machine, whoever runs this.
  const { exitCode, stderr } = await make('--kubeconfig', '/etc/shadow');
  expect({ exitCode, stderr }).toMatchObject({
    exitCode: 64,
    stderr: expect.stringMatching(/readable by root alone.*\n.* chown 1000:1000 '\/etc\/shadow'$/),
  });
  expect(existsSync(file())).toBe(false);
});

test('a wrong flag is one error', async () => {
  const { exitCode, stderr } = await make('--kubeconfg', kubeconfig);
  expect({ exitCode, stderr }).toMatchObject({
    exitCode: 64,
    stderr: expect.stringContaining('--kubeconfg'),
  });
});
