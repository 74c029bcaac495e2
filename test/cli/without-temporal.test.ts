import { existsSync, writeFileSync } from 'node:fs';
import type { AddressInfo, Server } from 'node:net';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { runCli } from '../support/hosted-cli.ts';
import type { SimulatedClusters } from '../support/simulated-clusters.ts';
import { openClusters } from '../support/simulated-clusters.ts';

let clusters: SimulatedClusters;
let server: Server;
/** In place of Temporal: it counts who comes. */
let address: string;
let came = 0;
let fleet: string;
beforeAll(async () => {
  clusters = await openClusters({ tenants: 1 });
  server = createServer((socket) => {
    came += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  fleet = join(clusters.folder, 'fleet.yaml');
  writeFileSync(fleet, 'name: prod\ntenants:\n  - {context: sim1, namespace: tenant-1}\n');
});
afterAll(async () => {
  server.close();
  await clusters.close();
});

const tenant = ['--context', 'sim1', '--namespace', 'tenant-1'];

test.each([
  [0, () => ['--help']],
  [0, () => ['rbac', '-n', '3scale']],
  [0, () => ['check', ...tenant]],
  [2, () => ['plan', ...tenant]],
  [2, () => ['start', ...tenant, '--dry-run']],
  [0, () => ['fleet', 'schema']],
  [0, () => ['fleet', 'discover', '--context', 'sim1']],
  [2, () => ['fleet', 'plan', '-f', fleet]],
  [2, () => ['fleet', 'start', '-f', fleet, '--dry-run']],
  [0, () => ['dev', '--stop']],
])('exit code %i, and Temporal is not touched: %s', async (code, args) => {
  const home = join(clusters.folder, 'home');
  const env = { KUBECONFIG: clusters.kubeconfig, THREESCALE_UPGRADE_HOME: home };
  for (const named of [{ TEMPORAL_ADDRESS: address }, { TEMPORAL_CONFIG_FILE: join(home, 'none.toml') }]) {
    const { exitCode, stdout, stderr } = await runCli(args(), { ...env, ...named });
    expect(exitCode).toBe(code);
    expect(stdout).not.toBe('');
    expect(stderr).not.toContain('Temporal');
  }
  expect(came).toBe(0);
  expect(existsSync(home)).toBe(false);
});
