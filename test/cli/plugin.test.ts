/** `kubectl threescale-upgrade` and `oc threescale-upgrade`: both run a program of that name with an underscore, if it is on PATH. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const { bin, version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  bin: Record<string, string>;
  version: string;
};

let folder: string;
let env: Record<string, string>;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'threescale-upgrade-plugin-'));
  // As `npm install --global` and `npm link` do it.
  for (const [name, path] of Object.entries(bin)) {
    chmodSync(join(ROOT, path), 0o755);
    symlinkSync(join(ROOT, path), join(folder, name));
  }
  env = {
    PATH: `${folder}:${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`,
    HOME: folder,
    KUBECONFIG: join(folder, 'none.yaml'),
    NODE_OPTIONS: '',
  };
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const run = (command: string, ...args: string[]): { status: number | null; stdout: string; stderr: string } =>
  spawnSync(command, args, { env, encoding: 'utf8' });

test('every name is one file, which can be run by either', () => {
  expect(Object.keys(bin).sort()).toEqual(['kubectl-threescale_upgrade', 'threescale-upgrade']);
  expect(new Set(Object.values(bin)).size).toBe(1);
  expect(readFileSync(join(ROOT, bin['threescale-upgrade'] ?? ''), 'utf8')).toMatch(
    /^#!\/usr\/bin\/env node\n/,
  );
});

test('the name of the plugin is the command', () => {
  const { status, stdout } = run('kubectl-threescale_upgrade', '--version');
  expect([status, stdout.trim()]).toEqual([0, version]);
});

// Where the real ones are installed.
const clients = ['kubectl', 'oc'].filter((client) => spawnSync(client, ['version', '--client']).status === 0);

describe.each(clients)('%s', (client) => {
  test('finds it, with its flags and its exit code', () => {
    const { status, stdout } = run(client, 'threescale-upgrade', '--version');
    expect([status, stdout.trim()]).toEqual([0, version]);
    const wrong = run(client, 'threescale-upgrade', 'check', '-n', '3scale');
    expect([wrong.status, wrong.stderr]).toEqual([64, expect.stringContaining('no kubeconfig was found')]);
  });
});
