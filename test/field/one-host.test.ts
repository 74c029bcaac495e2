/** Two clusters behind one host are two clusters: what is started in one is upgraded there, and nowhere else. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { discover } from '../../src/cli/fleet/discovery.ts';
import { Clusters } from '../../src/openshift/clusters.ts';
import type { Lab } from '../support/lab.ts';
import { openLab } from '../support/lab.ts';
import type { OneHost } from '../support/one-host.ts';
import { openOneHost } from '../support/one-host.ts';
import { runCli } from '../support/hosted-cli.ts';

let lab: Lab;
let oneHost: OneHost;
let kubeconfig: string;
beforeAll(async () => {
  lab = await openLab({ clusters: 2, worker: false });
  oneHost = await openOneHost(lab.kubeconfig);
  kubeconfig = join(lab.folder, 'one-host.yaml');
  writeFileSync(kubeconfig, oneHost.kubeconfig);
  for (const cluster of ['sim1', 'sim2']) await lab.simulator.install(cluster, 'shared');
});
afterAll(async () => {
  await oneHost.close();
  await lab.close();
});

test('both are found, each with a server of its own', async () => {
  const clusters = new Clusters(kubeconfig);
  const { found } = await discover(clusters, ['sim1', 'sim2'], {
    patterns: ['shared'],
    progress: () => undefined,
  });
  await clusters.close();
  expect(found).toMatchObject([{ namespace: 'shared' }, { namespace: 'shared' }]);
  expect(
    ['sim1', 'sim2'].map((context) => new Clusters(kubeconfig).tenant(context, 'shared').cluster),
  ).toEqual(['sim1', 'sim2'].map((name) => `${oneHost.host}/k8s/clusters/${name}`));
});

test('one is upgraded, and the other is not touched', async () => {
  const at = (context: string) => ['--kubeconfig', kubeconfig, '-c', context, '-n', 'shared'];
  const { exitCode, stdout } = await runCli(['start', ...at('sim2'), '--yes', '--why', 'change 4711']);
  expect([exitCode, stdout]).toEqual([0, expect.stringContaining('upgraded')]);
  const check = await runCli(['check', ...at('sim1')]);
  expect([check.exitCode, check.stdout]).toEqual([0, expect.stringContaining('2.3.0')]);
  const status = await runCli(['status', ...at('sim2')]);
  expect(status.exitCode).toBe(0);
}, 120_000);
