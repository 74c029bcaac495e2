/** Whoever looks before an upgrade sees its maintenance windows, and when the next one opens. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { runCli } from '../support/hosted-cli.ts';
import type { SimulatedClusters } from '../support/simulated-clusters.ts';
import { openClusters } from '../support/simulated-clusters.ts';

let clusters: SimulatedClusters;
let env: Record<string, string>;
beforeAll(async () => {
  clusters = await openClusters({ tenants: 1 });
  env = { KUBECONFIG: clusters.kubeconfig };
  // Whatever day it is, the freeze is not over: the next opening is the first one behind it.
  const windows =
    'windows: [{opens: "0 22 * * *", durationMinutes: 240, zone: Europe/Berlin}]\nfreezes: [{from: 2020-01-01, to: "FREEZE", zone: Europe/Berlin, name: holidays}]\n';
  const until = `${new Date().getUTCFullYear() + 1}-02-01`;
  const text = windows.replace('FREEZE', `${until}T12:00`);
  write('tenant.yaml', `context: sim1\nnamespace: tenant-1\n${text}`);
  write('fleet.yaml', `name: prod\ntenants: [{context: sim1, namespace: tenant-1}]\n${text}`);
  opens = until;
});
afterAll(() => clusters.close());

let opens: string;
const write = (name: string, text: string): void => {
  writeFileSync(join(clusters.folder, name), text);
};

test.each([
  [0, 'check', 'tenant.yaml'],
  [2, 'plan', 'tenant.yaml'],
  [2, 'fleet plan', 'fleet.yaml'],
])('exit code %i, and its windows are shown: %s', async (code, command, file) => {
  const { stdout, exitCode } = await runCli([...command.split(' '), '-f', join(clusters.folder, file)], env);
  expect(exitCode).toBe(code);
  expect(stdout).toMatch(/"0 22 \* \* \*" Europe\/Berlin for 240 min, but for holidays \(.*\); opens at /);
  expect(stdout).toContain(`opens at ${opens} 21:00 UTC`);
});

test('a script is told the same', async () => {
  const { stdout } = await runCli(['check', '-f', join(clusters.folder, 'tenant.yaml'), '-o', 'json'], env);
  expect(JSON.parse(stdout)).toMatchObject({
    installation: 'from',
    windows: { windows: [{ opens: '0 22 * * *' }], freezes: [{ name: 'holidays' }] },
    window: { status: 'closed', opensAtMs: Date.parse(`${opens}T21:00Z`) },
  });
});

test('a tenant without windows is always open', async () => {
  const { stdout } = await runCli(['check', '-c', 'sim1', '-n', 'tenant-1'], env);
  expect(stdout).toContain('maintenance window: always open');
});
