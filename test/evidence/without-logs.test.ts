/** Whoever does not want the ends of logs shown says so by a flag, in a file, or by not granting the right to read them. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { preflight } from '../../src/procedure/preflight/preflight.ts';
import type { UpgradeOptions } from '../../src/cli/options.ts';
import { upgradeRequest } from '../../src/cli/tenant/request.ts';
import { workflowIdOf } from '../../src/domain/tenant/workflow-id.ts';
import { specOf } from '../support/fleet-files.ts';
import { pathFor } from '../support/upgrade-input.ts';
import { runCli } from '../support/hosted-cli.ts';
import type { SimulatedClusters } from '../support/simulated-clusters.ts';
import { openClusters } from '../support/simulated-clusters.ts';

const folder = mkdtempSync(join(tmpdir(), 'threescale-upgrade-logs-'));
const kubeconfig = join(folder, 'kubeconfig.yaml');
let lab: SimulatedClusters;
beforeAll(async () => {
  lab = await openClusters({ timing: { rolloutMs: 5, hookMs: 5, importMs: 5, terminationMs: 5 } });
  await lab.simulator.writeKubeconfig(kubeconfig);
});
afterAll(async () => {
  await lab.close();
  rmSync(folder, { recursive: true });
});

function requested(
  options: Partial<UpgradeOptions>,
  file = '',
): { readonly logs: boolean; readonly typed: readonly string[] } {
  const path = join(folder, 'tenant.yaml');
  writeFileSync(path, `context: sim1\nnamespace: tenant\n${file}`);
  const { choices, typed, clusters } = upgradeRequest({
    image: {},
    logs: true,
    kubeconfig,
    file: path,
    ...options,
  });
  void clusters.close();
  return { logs: choices.logs, typed };
}

test('they are shown unless a flag or the tenant’s file says otherwise, and the flag is typed again', () => {
  expect(requested({}).logs).toBe(true);
  expect(requested({}, 'logs: true\n').logs).toBe(true);
  expect(requested({}, 'logs: false\n').logs).toBe(false);
  expect(requested({ logs: false }, 'logs: true\n').logs).toBe(false);
  expect(requested({ logs: false }).typed).toContain('--no-logs');
  expect(requested({}).typed).not.toContain('--no-logs');
});

test('in a fleet the most specific level says it', () => {
  const { profiles, tenants } = specOf(`name: prod
logs: false
clusters: {eu: {}, us: {logs: true}}
tenants:
  - {cluster: eu, namespace: quiet}
  - {cluster: us, namespace: loud}
  - {cluster: us, namespace: quiet-too, logs: false}
`);
  const logs = tenants.map(({ namespace, profile }) => [namespace, profiles[profile]?.logs]);
  expect(Object.fromEntries(logs)).toEqual({ quiet: false, loud: undefined, 'quiet-too': false });
});

const RULE = /pods\/log\n\s+verbs:\n\s+- get/;

test('the Role has the rights to look, and without logs not the one to read them', async () => {
  const { stdout } = await runCli(['rbac', '-n', 'tenant']);
  expect(stdout).toMatch(RULE);
  expect(stdout).toMatch(/- events\n\s+verbs:\n\s+- list/);
  const without = await runCli(['rbac', '-n', 'tenant', '--no-logs']);
  expect(without.stdout).not.toContain('pods/log');
  expect(without.stdout).toMatch(/- events\n\s+verbs:\n\s+- list/);
});

test('a check names a last rollout that failed with what is left of its pods', async () => {
  await lab.simulator.install('sim1', 'failed');
  const cluster = lab.simulator.cluster('sim1');
  cluster.faults.onWork('hook', { namespace: 'failed', name: 'system-app/pre', message: 'no' });
  const tenant = lab.clusters.tenant('sim1', 'failed');
  const api = lab.clusters.open(tenant);
  await api.patch('deploymentconfigs', 'system-app', [
    { op: 'add', path: '/spec/template/metadata/labels/changed', value: 'yes' },
  ]);
  await cluster.settle();
  const { findings } = await preflight({ api, path: pathFor(), mark: workflowIdOf(tenant) }, pathFor());
  expect(findings.find(({ check }) => check === 'last-rollout-ok')?.message).toBe(
    'the last rollout of dc/system-app failed: the pre-hook’s pod/system-app-2-hook-pre, container lifecycle: Error, exit code 1',
  );
});
