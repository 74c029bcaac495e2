/** All that is wrong with a file is said at once, each with its line: what its schema refuses, and what it means. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { fleetRequest } from '../../src/cli/fleet/request.ts';
import { upgradeRequest } from '../../src/cli/tenant/request.ts';
import { readTenantFile } from '../../src/config/tenant-file.ts';

let folder: string;
let kubeconfig: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'threescale-upgrade-mistakes-'));
  kubeconfig = join(folder, 'kubeconfig.yaml');
  writeFileSync(
    kubeconfig,
    'apiVersion: v1\nkind: Config\nclusters: [{name: c, cluster: {server: "https://127.0.0.1:1"}}]\n' +
      'users: [{name: u, user: {token: t}}]\ncontexts: [{name: eu, context: {cluster: c, user: u, namespace: n}}]\ncurrent-context: eu\n',
  );
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** The lines of what is thrown, without the folder. */
function mistakes(work: () => unknown): string[] {
  try {
    work();
  } catch (error) {
    return (error as Error).message.replaceAll(`${folder}/`, '').split('\n');
  }
  return [];
}

function file(name: string, lines: readonly string[]): string {
  const path = join(folder, name);
  writeFileSync(path, `${lines.join('\n')}\n`);
  return path;
}

test('of a tenant file', () => {
  const path = file('tenant.yaml', [
    'context: eu',
    'namespace: Shop',
    'path: 2.3-9.9',
    'images: {system: "not an image"}',
    'onFailure: panic',
    'windows:',
    '  - {opens: "61 22 * * 6", durationMinutes: 240, zone: Europe/Berlin}',
    '  - {opens: "0 22 * * 6", duration: 240, zone: Europe/Berlin}',
    '  - {opens: "0 22 * * 6", durationMinutes: 240, zone: Europe/Bärlin}',
    'freezes:',
    '  - {from: 2026-12-24, to: 2026-12-20, zone: UTC}',
    'windos: []',
  ]);
  expect(mistakes(() => readTenantFile(path))).toEqual([
    expect.stringContaining('tenant.yaml:2: namespace: is no name of a project'),
    expect.stringContaining(
      'tenant.yaml:3: path: there is no upgrade path 2.3-9.9; paths there are: 2.3-2.4',
    ),
    expect.stringContaining('tenant.yaml:4: images.system: '),
    expect.stringContaining('tenant.yaml:5: onFailure: '),
    expect.stringContaining('tenant.yaml:7: windows.0: window "61 22 * * 6" is no cron line'),
    expect.stringContaining('tenant.yaml:8: windows.1.durationMinutes: is missing'),
    expect.stringContaining('tenant.yaml:8: windows.1.duration: Unrecognized key'),
    expect.stringContaining(
      'tenant.yaml:9: windows.2: window "0 22 * * 6": "Europe/Bärlin" is no known time zone',
    ),
    expect.stringContaining('tenant.yaml:11: freezes.0: freeze 2026-12-24 to 2026-12-20 ends'),
    expect.stringContaining('tenant.yaml:12: windos: Unrecognized key'),
  ]);
});

test('of a tenant file whose windows leave no room, and which is right otherwise', () => {
  const path = file('short.yaml', ['windows:', '  - {opens: "0 22 * * 6", durationMinutes: 5, zone: UTC}']);
  expect(mistakes(() => readTenantFile(path))).toEqual([
    expect.stringMatching(/^short\.yaml:1: windows: no window .* stays open for the 60 minutes needed$/),
  ]);
  // Flags say others.
  expect(mistakes(() => readTenantFile(path, { ownWindows: false }))).toEqual([]);
});

test('of a fleet file', () => {
  const path = file('fleet.yaml', [
    'name: prod',
    'maxConcurrent: many',
    'windows:',
    '  - {opens: "0 22 * * 6", durationMinutes: no, zone: UTC}',
    '  - {opens: "0 22 31 2 *", durationMinutes: 240, zone: UTC}',
    'tenants:',
    '  - {context: us, namespace: a}',
    '  - {context: eu, namespace: a, onFailure: panic}',
    '  - {context: eu, namespace: a}',
    'waves:',
    '  - {name: first, select: {tenants: [nobody]}, approval: perhaps}',
    '  - {name: rest, select: {rest: true}}',
  ]);
  expect(mistakes(() => fleetRequest({ file: path, kubeconfig }))).toEqual([
    expect.stringContaining('fleet.yaml:2: maxConcurrent: must be a whole number'),
    expect.stringContaining('fleet.yaml:4: windows.0.durationMinutes: must be a whole number'),
    expect.stringContaining('fleet.yaml:5: windows.1: window "0 22 31 2 *" never opens'),
    expect.stringContaining('fleet.yaml:7: tenants.0'),
    expect.stringContaining('fleet.yaml:8: tenants.1.onFailure'),
    expect.stringContaining('fleet.yaml:9: tenants.2'),
    expect.stringContaining('fleet.yaml:11: waves.0'),
    expect.stringContaining('fleet.yaml:11: waves.0'),
  ]);
});

test('what selects tenants is not left out: nothing seems wrong that is not', () => {
  const path = file('labels.yaml', [
    'name: prod',
    'tenants:',
    '  - {context: eu, namespace: a, lables: {ring: one}}',
    'waves:',
    '  - {name: first, select: {labels: {ring: one}}}',
    '  - {name: rest, select: {rest: true}}',
  ]);
  expect(mistakes(() => fleetRequest({ file: path, kubeconfig }))).toEqual([
    'labels.yaml:3: tenants.0.lables: Unrecognized key: "lables"',
  ]);
});

test('flags that are wrong, and a kubeconfig that is not there', () => {
  const options = {
    image: { apache: 'x' },
    logs: true,
    kubeconfig: join(folder, 'none.yaml'),
    onFailure: 'panic',
    path: '2.3-9.9',
    windowOpens: '0 22 * * 6',
  };
  expect(mistakes(() => upgradeRequest(options))).toEqual([
    expect.stringContaining('there is no kubeconfig at none.yaml'),
    '--image apache=…: there is no such image',
    'there is no upgrade path 2.3-9.9',
    '--on-failure panic: there is no such policy',
    '--window-opens, --window-minutes and --window-zone need each other',
  ]);
});

test('flags that are wrong, a kubeconfig that is not there, and a file', () => {
  const path = file('policy.yaml', ['context: eu', 'namespace: n', 'onFailure: panic']);
  const options = { image: { apache: 'x' }, logs: true, kubeconfig: join(folder, 'none.yaml'), file: path };
  expect(mistakes(() => upgradeRequest(options))).toEqual([
    expect.stringContaining('policy.yaml:3: onFailure: '),
    expect.stringContaining('there is no kubeconfig at none.yaml'),
    '--image apache=…: there is no such image',
  ]);
});
