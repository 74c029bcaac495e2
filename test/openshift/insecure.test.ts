import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { preflight } from '../../src/procedure/preflight/preflight.ts';
import { Clusters } from '../../src/openshift/clusters.ts';
import { pathFor } from '../support/upgrade-input.ts';
import { runCli } from '../support/run-cli.ts';
import type { SimulatedClusters } from '../support/simulated-clusters.ts';
import { openClusters } from '../support/simulated-clusters.ts';

let lab: SimulatedClusters;
let insecure: string;
beforeAll(async () => {
  lab = await openClusters({ clusters: 2, tenants: 1 });
  insecure = join(lab.folder, 'insecure.yaml');
  const text = readFileSync(lab.kubeconfig, 'utf8');
  writeFileSync(insecure, text.replace(/certificate-authority-data: \S+/g, 'insecure-skip-tls-verify: true'));
});
afterAll(() => lab.close());

test('a cluster whose certificate is not verified is said aloud, once, whoever opens it', () => {
  const said: string[] = [];
  const clusters = new Clusters(insecure, { warn: (line) => said.push(line) });
  const tenant = clusters.tenant('sim1', 'tenant-1');
  clusters.open(tenant);
  clusters.copy().discovery('sim1-nobody');
  expect(said).toEqual([expect.stringContaining(tenant.cluster)]);
  expect(said[0]).toContain('insecure-skip-tls-verify');
  clusters.discovery('sim2');
  expect(said).toHaveLength(2);
});

test('a worker says it of every cluster that it may come to reach', () => {
  const said: string[] = [];
  new Clusters(insecure, { warn: (line) => said.push(line) }).warnOfAll();
  expect(said).toHaveLength(2);
});

test('one that is verified is not worth a word', async () => {
  const said: string[] = [];
  const clusters = new Clusters(lab.kubeconfig, { warn: (line) => said.push(line) });
  clusters.warnOfAll();
  expect(clusters.open(clusters.tenant('sim1', 'tenant-1')).verifiesTls).toBe(true);
  expect(said).toEqual([]);
  await clusters.close();
});

test('the check has it among its findings, and lets the upgrade go on', async () => {
  const clusters = new Clusters(insecure);
  const api = clusters.open(clusters.tenant('sim1', 'tenant-1'));
  const { findings } = await preflight({ api, path: pathFor(), mark: 'mark' }, pathFor());
  expect(findings).toMatchObject([{ check: 'certificate-verified', severity: 'warning' }]);
  await clusters.close();
});

test('`check` says it on stderr, once, and in what it prints', async () => {
  const { stdout, stderr, exitCode } = await runCli([
    'check',
    '--kubeconfig',
    insecure,
    '--context',
    'sim1',
    '--namespace',
    'tenant-1',
  ]);
  expect(exitCode).toBe(0);
  expect(stderr.match(/insecure-skip-tls-verify/g)).toHaveLength(1);
  expect(stdout).toContain('the certificate of the API server is not verified');
});
