import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { openFleetFile } from '../../src/config/fleet/fleet-file.ts';
import { FILE_LIMITS } from '../../src/config/reading/bounded-file.ts';
import { readTenantFile } from '../../src/config/tenant-file.ts';
import { readKubeconfig } from '../../src/openshift/kubeconfig/kubeconfig-files.ts';
import { runCli } from '../support/run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'threescale-upgrade-limits-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const list = (count: number, write: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => write(index)).join('');

const HEAD = 'name: prod\nclusters: {eu: {}}\n';
const tenants = (count: number): string =>
  `tenants:\n${list(count, (index) => `  - {cluster: eu, namespace: n${index}}\n`)}`;

/** What reading it says. */
function said(read: () => unknown): string {
  try {
    read();
    return 'it was read';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

const padding = (bytes: number): string => `# ${'x'.repeat(bytes)}\n`;

test.each([
  ['a fleet file', 'fleet', openFleetFile, '4 MiB that a fleet file may be'],
  ['a tenant file', 'tenant', readTenantFile, '256 KiB that a tenant file may be'],
  ['a kubeconfig', 'kubeconfig', readKubeconfig, '4 MiB that a kubeconfig may be'],
] as const)('%s is not read where it is too large', (_, kind, read, why) => {
  const path = file(`${kind}.yaml`, padding(FILE_LIMITS[kind]));
  expect(said(() => read(path))).toBe(`${path} is larger than the ${why}`);
});

test('a calendar is not read where it is too large', () => {
  file('large.ics', `BEGIN:VCALENDAR\n${'X'.repeat(FILE_LIMITS.calendar)}`);
  const path = file('calendar.yaml', `${HEAD}freezes: [{calendar: large.ics, zone: UTC}]\n${tenants(1)}`);
  const [freeze] = openFleetFile(path).data.freezes ?? [];
  expect(freeze).toHaveProperty('read.problems', [
    `${join(folder, 'large.ics')} is larger than the 1 MiB that a calendar may be`,
  ]);
});

test('what never ends is not read to its end', () => {
  expect(said(() => readTenantFile('/dev/zero'))).toContain('/dev/zero is larger than the 256 KiB');
});

test('200,000 tenants are refused at once, with one clear error', async () => {
  const path = file('many.yaml', HEAD + tenants(200_000));
  const { exitCode, stderr } = await runCli(['fleet', 'plan', '-f', path]);
  expect([exitCode, stderr.split('\n')]).toEqual([
    64,
    [
      expect.stringContaining('many.yaml is larger than the 4 MiB'),
      expect.stringContaining('Nothing was changed'),
    ],
  ]);
});

test('so are those that fit into the bytes', () => {
  const path = file('more.yaml', HEAD + tenants(90_000) + 'waves: []\n');
  expect(said(() => openFleetFile(path))).toContain('more.yaml lists 90000 tenants: at most 20000 are read');
});

test('10,000 tenants that share their windows by an alias are a fleet', () => {
  const windows = 'windows: &night [{opens: "0 22 * * 6", durationMinutes: 240, zone: UTC}]\n';
  const each = list(10_000, (index) => `  - {cluster: eu, namespace: n${index}, windows: *night}\n`);
  const path = file('alias.yaml', `${HEAD}${windows}tenants:\n${each}`);
  expect(openFleetFile(path).data.tenants).toHaveLength(10_000);
});

const bomb = `x0: &x0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n${list(8, (index) => `x${index + 1}: &x${index + 1} [${Array.from({ length: 10 }, () => `*x${index}`).join(', ')}]\n`)}`;

test.each([
  ['aliases that blow up', bomb, 'more than 2000000 values'],
  [
    'an alias of itself',
    'windows: &a [*a]\n',
    '1:14 does not parse: the alias *a stands for what it is a part of',
  ],
  [
    'hundreds of thousands of aliases',
    `x: &x 1\ny:\n${list(40_000, () => '- *x\n')}`,
    'more than 20000 aliases',
  ],
  ['a list in a list in a list, and so on', `windows: ${'['.repeat(50_000)}`, 'does not parse'],
])('%s are said at once', (_, text, why) => {
  const path = file('bomb.yaml', text);
  expect(said(() => readTenantFile(path))).toContain(why);
  expect(said(() => readKubeconfig(path))).toContain('bomb.yaml');
});
