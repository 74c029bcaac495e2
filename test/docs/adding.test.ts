/** A kind of step and a path are added as the documents say, on a copy of the sources, and a tenant and a fleet are upgraded with them. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { execa } from 'execa';
import { copySources, doAsTold } from '../support/as-documented.ts';
import type { SimulatedClusters } from '../support/simulated-clusters.ts';
import { openClusters } from '../support/simulated-clusters.ts';

const PATH = '2.4-2.4-complete';
const KEY = 'service_discovery.yml';
const copy = mkdtempSync(join(tmpdir(), 'threescale-upgrade-copy-'));
let lab: SimulatedClusters;

beforeAll(async () => {
  copySources(copy);
  lab = await openClusters({ timing: { rolloutMs: 20, hookMs: 20, importMs: 20, terminationMs: 20 } });
  for (const namespace of ['one', 'two']) await lab.simulator.install('sim1', namespace);
});
afterAll(async () => {
  await cli('dev', '--stop');
  await lab.close();
  rmSync(copy, { recursive: true, force: true });
});

/** The copy's command, on Temporal and state of its own. */
async function cli(...args: readonly string[]) {
  const { stdout, stderr, exitCode } = await execa(
    process.execPath,
    [join(copy, 'src/cli/main.ts'), ...args],
    {
      reject: false,
      env: {
        NODE_OPTIONS: '',
        NO_COLOR: '1',
        KUBECONFIG: lab.kubeconfig,
        THREESCALE_UPGRADE_HOME: join(copy, 'home'),
        TEMPORAL_CONFIG_FILE: join(copy, 'none.toml'),
      },
    },
  );
  return { out: stdout, err: stderr, exitCode };
}

const on = (namespace: string) => ['-c', 'sim1', '-n', namespace, '--path', PATH];
const keyOf = async (namespace: string): Promise<string | undefined> => {
  const api = lab.clusters.open(lab.clusters.tenant('sim1', namespace));
  return (await api.get('configmaps', 'system'))?.data?.[KEY];
};

test('a kind of step is its type, its module and one line of the registry: two files are changed, one is new, besides its test', () => {
  expect(doAsTold('docs/adding-a-step.md', copy)).toEqual({
    changed: ['src/domain/tenant/step-kinds.ts', 'src/procedure/steps/index.ts'],
    added: ['src/procedure/steps/set-config-map-key.ts', 'test/steps/set-config-map-key.test.ts'],
  });
});

test('all of it type-checks', async () => {
  const { stdout } = await execa('npx', ['tsc', '--noEmit'], { cwd: copy, reject: false });
  expect(stdout).toBe('');
}, 300_000);

test('the test that the document has passes', async () => {
  const { exitCode, stderr } = await execa('npx', ['jest', 'test/steps/set-config-map-key'], {
    cwd: copy,
    reject: false,
    env: { NODE_OPTIONS: '--experimental-vm-modules' },
  });
  expect(exitCode === 0 ? '' : stderr).toBe('');
}, 300_000);

test('a path is one folder and one line', () => {
  expect(doAsTold('docs/adding-a-path.md', copy)).toEqual({
    changed: ['src/domain/paths/catalogue.ts'],
    added: ['src/domain/paths/2.4-to-2.4-complete/index.ts'],
  });
});

test('the commands know it: its Role, and why a tenant of 2.3 is none of its', async () => {
  const { out: help } = await cli('plan', '--help');
  expect(help.replaceAll(/\s+/g, ' ')).toContain('2.3-2.4 (default), 2.4-2.4-complete');
  const { out: role } = await cli('rbac', '--path', PATH);
  expect(role).toContain('configmaps');
  for (const of23 of ['imagestreamimports', 'custom-host', 'instantiate']) expect(role).not.toContain(of23);
  const { out, exitCode } = await cli('check', ...on('one'));
  expect(out).toContain('the version is 2.3.0, and this path starts from 2.4');
  expect(exitCode).toBe(3);
});

test('tenants that are on 2.4 are planned, checked and upgraded along it, alone and in a fleet', async () => {
  for (const namespace of ['one', 'two'])
    expect(await cli('start', '-c', 'sim1', '-n', namespace, '--yes', '--why', 'CHG-1')).toMatchObject({
      exitCode: 0,
    });
  expect((await cli('check', ...on('one'))).exitCode).toBe(0);
  expect((await cli('plan', ...on('one'))).out).toContain(KEY);
  const { out, exitCode } = await cli('start', ...on('one'), '--yes', '--why', 'CHG-1');
  expect(out).toContain('2.4 → 2.4-complete');
  expect([exitCode, await keyOf('one')]).toEqual([0, 'production:\n  enabled: false\n']);
  const file = join(copy, 'fleet.yaml');
  writeFileSync(
    file,
    `name: complete\npath: ${PATH}\nclusters: { sim1: {} }\ntenants: [{ name: two, cluster: sim1, namespace: two }]\n`,
  );
  const fleet = await cli('fleet', 'start', '-f', file, '--yes', '--why', 'CHG-1');
  expect([fleet.exitCode, await keyOf('two')]).toEqual([0, 'production:\n  enabled: false\n']);
  expect((await cli('fleet', 'report', 'complete')).out).toContain('2.4-complete');
}, 300_000);
