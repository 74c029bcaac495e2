import { afterAll, beforeAll, expect, test } from '@jest/globals';
import picocolors from 'picocolors';
import { planTenant } from '../../src/procedure/preflight/inspect.ts';
import { preflight } from '../../src/procedure/preflight/preflight.ts';
import { describeFailure } from '../../activities/boundary.ts';
import { renderPlan } from '../../src/cli/tenant/render/plan.ts';
import { renderProgress } from '../../src/cli/tenant/render/progress.ts';
import { renderReport } from '../../src/cli/tenant/render/report.ts';
import { workflowIdOf } from '../../src/domain/tenant/workflow-id.ts';
import type { Handle, Lab } from '../support/lab.ts';
import { openLab, settled, until } from '../support/lab.ts';
import { pathFor } from '../support/upgrade-input.ts';
import { secretValues } from '../support/secret-values.ts';
import { runCli } from '../support/hosted-cli.ts';

const IMPERSONATION = { username: 'very-secret-impersonator', domain: 'very-secret.example.org' };
const SOURCE = 'impersonation';
const path = pathFor({ impersonation: { fromSecret: SOURCE } });

let lab: Lab;
beforeAll(async () => {
  lab = await openLab();
});
afterAll(() => lab.close());

async function install(namespace: string): Promise<void> {
  await lab.simulator.install('sim1', namespace);
  await lab.clusters.open(lab.clusters.tenant('sim1', namespace)).create('secrets', {
    metadata: { name: SOURCE },
    data: Object.fromEntries(
      Object.entries(IMPERSONATION).map(([key, value]) => [key, Buffer.from(value).toString('base64')]),
    ),
  });
}

/** Everything Temporal keeps of a workflow: bytes as the text they are. */
async function historyText(handle: Handle): Promise<string> {
  const history = await handle.fetchHistory();
  const { raw } = await handle.describe();
  const asText = (_: string, value: unknown): unknown => {
    if (value instanceof Uint8Array) return Buffer.from(value).toString('utf8');
    if (typeof value === 'object' && value !== null && 'type' in value && value.type === 'Buffer')
      return Buffer.from((value as unknown as { data: number[] }).data).toString('utf8');
    return value;
  };
  return JSON.stringify({ history, raw }, asText);
}

function expectNone(namespace: string, text: string): void {
  const secrets = secretValues(lab.cluster, namespace);
  expect(secrets.length).toBeGreaterThan(20);
  expect(secrets).toContain(IMPERSONATION.username);
  expect(secrets.filter((secret) => text.includes(secret))).toEqual([]);
}

test('the search finds what it looks for', async () => {
  await install('found');
  const [secret = ''] = secretValues(lab.cluster, 'found');
  expect(() => {
    expectNone('found', `a text with ${secret} in it`);
  }).toThrow();
});

test('no value of an installation is in a plan, a check, a history, a screen or a report of its upgrade', async () => {
  await install('upgraded');
  const tenant = lab.clusters.tenant('sim1', 'upgraded');
  const look = { api: lab.clusters.open(tenant), path, mark: workflowIdOf(tenant) };
  const colors = picocolors.createColors(false);
  const plan = await planTenant(look, tenant, path);
  expectNone('upgraded', JSON.stringify(plan) + renderPlan(plan, colors, { start: 'start' }));
  expectNone('upgraded', JSON.stringify(await preflight(look, path)));
  const handle = await lab.start('upgraded', { path: { impersonation: { fromSecret: SOURCE } } });
  const progress = await settled(handle);
  expect(progress.state).toBe('upgraded');
  expectNone('upgraded', await historyText(handle));
  expectNone('upgraded', JSON.stringify(progress) + renderReport(progress));
  expectNone('upgraded', renderProgress(progress, { nowMs: 0, colors }));
});

test('nor of one that fails, is held, edited by others and reverted', async () => {
  await install('reverted');
  const { faults } = lab.cluster;
  faults.onWork('rollout', { namespace: 'reverted', name: 'zync', message: 'crash loop' });
  faults.onRequest(
    { method: 'PATCH', path: /reverted\/deploymentconfigs\/system-app$/, times: 1, after: 1 },
    { kind: 'status', code: 500, reason: 'InternalError' },
  );
  const handle = await lab.start('reverted', {
    path: { impersonation: { fromSecret: SOURCE } },
    onFailure: 'hold',
  });
  const held = await settled(handle);
  expect(held.state).toBe('held');
  const api = lab.clusters.open(lab.clusters.tenant('sim1', 'reverted'));
  const app = await api.get('deploymentconfigs', 'system-app');
  const env = app?.spec.template.spec.containers[0]?.env ?? [];
  const index = env.findIndex(({ name }) => name === 'AMP_RELEASE');
  await api.patch('deploymentconfigs', 'system-app', [
    { op: 'replace', path: `/spec/template/spec/containers/0/env/${index}/value`, value: 'very-secret-edit' },
  ]);
  await handle.executeUpdate('revert', { args: [{ by: 'test', why: 'no time' }] });
  const again = await until(handle, ({ held: now }) => now?.during === 'revert');
  expect(again.held?.failure.type).toBe('EditedByOthers');
  const text = (await historyText(handle)) + JSON.stringify(again) + renderReport(again);
  expectNone('reverted', text);
  expect(text).not.toContain('very-secret-edit');
  await handle.terminate();
});

test('nor in the error of a request that the server refuses and quotes', async () => {
  await install('refused');
  const api = lab.clusters.open(lab.clusters.tenant('sim1', 'refused'));
  const error: unknown = await api
    .patch('deploymentconfigs', 'system-app', [{ op: 'replace', path: '/spec/replicas', value: 'many' }])
    .then(
      () => undefined,
      (refused: unknown) => refused,
    );
  expect(error).toBeDefined();
  expectNone('refused', JSON.stringify(describeFailure(error)) + String(error));
  expectNone(
    'refused',
    JSON.stringify(describeFailure(new Error(secretValues(lab.cluster, 'refused').join(' ')))),
  );
});

test('nor in what the command and a worker that logs everything say', async () => {
  await install('logged');
  const flags = ['--kubeconfig', lab.kubeconfig, '--context', 'sim1', '--namespace', 'logged'];
  const impersonation = [
    '--impersonation-username',
    IMPERSONATION.username,
    '--impersonation-domain',
    IMPERSONATION.domain,
  ];
  const said = [
    await runCli(['plan', ...flags, ...impersonation, '-o', 'json']),
    await runCli(['start', ...flags, ...impersonation, '--yes', '--why', 'to log it']),
    await runCli(['report', ...flags]),
  ];
  expect(said.map(({ exitCode }) => exitCode)).toEqual([2, 0, 0]);
  expectNone('logged', said.map(({ stdout, stderr }) => stdout + stderr).join('\n'));
});
