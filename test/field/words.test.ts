/** What `start` says where an upgrade ends, besides its state: why, and what to do. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Lab } from '../support/lab.ts';
import { openLab } from '../support/lab.ts';
import { runCli } from '../support/hosted-cli.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await openLab({ worker: false });
});
afterAll(() => lab.close());

const start = async (namespace: string) => {
  await lab.simulator.install('sim1', namespace);
  const at = ['--kubeconfig', lab.kubeconfig, '-c', 'sim1', '-n', namespace];
  return (...more: string[]) => runCli(['start', ...at, '--yes', '--why', 'change 4711', ...more]);
};

test('a quota that leaves no room for the backup is named where it ends, with what to do', async () => {
  const run = await start('full');
  lab.cluster.quotas.set({ namespace: 'full', name: 'small', hard: { secrets: 1 } });
  const { exitCode, stdout } = await run();
  expect(exitCode).toBe(5);
  const why = stdout.slice(stdout.lastIndexOf('reverted'));
  expect(why).toMatch(
    /because the backup was not made[^]*exceeded quota: small, requested: secrets=1, used: /,
  );
  // No right is missing.
  expect(why).not.toContain('rbac');
  expect(why).toContain('Raise the quota, or delete what uses it up: oc describe resourcequota -n full;');
  expect(why).toContain('then start it again: threescale-upgrade start --context sim1 --namespace full');
  const status = await runCli(['status', '--kubeconfig', lab.kubeconfig, '-c', 'sim1', '-n', 'full']);
  expect(status.stdout).toContain('exceeded quota: small');
  expect(status.stdout).toContain('Raise the quota');
});

test('a right that is taken away meanwhile is named with what grants it', async () => {
  const run = await start('taken');
  lab.cluster.faults.onRequest(
    { method: 'POST', path: /\/namespaces\/taken\/secrets$/ },
    { kind: 'status', code: 403, reason: 'Forbidden' },
  );
  const { exitCode, stdout } = await run();
  expect([exitCode, stdout]).toEqual([
    5,
    expect.stringMatching(/reverted[^]*because [^]*secrets[^]*rbac -n/),
  ]);
});

test('a fleet says why, and what to do, where it ends: reverted, blocked, held', async () => {
  for (const namespace of ['quota', 'older', 'stuck']) {
    const release = namespace === 'older' ? { release: '2.2.0' } : {};
    await lab.simulator.install('sim1', namespace, release);
  }
  lab.cluster.quotas.set({ namespace: 'quota', name: 'small', hard: { secrets: 1 } });
  lab.cluster.faults.onWork('rollout', { namespace: 'stuck', name: 'zync', message: 'crash loop', times: 9 });
  const file = join(lab.folder, 'words.yaml');
  writeFileSync(
    file,
    `name: words
failureBudget: {failed: 9, blocked: 9}
clusters: {sim1: {}}
tenants:
  - {name: quota, cluster: sim1, namespace: quota}
  - {name: older, cluster: sim1, namespace: older}
  - {name: stuck, cluster: sim1, namespace: stuck, onFailure: hold}
`,
  );
  const kubeconfig = ['--kubeconfig', lab.kubeconfig];
  const started = await runCli([
    'fleet',
    'start',
    '-f',
    file,
    ...kubeconfig,
    '--yes',
    '--why',
    'change 4711',
  ]);
  expect(started.exitCode).toBe(4);
  const status = await runCli(['fleet', 'status', 'words']);
  const list = await runCli(['fleet', 'list', 'words']);
  for (const [view, text] of Object.entries({ started, status, list }).map(
    ([name, { stdout }]) => [name, stdout.replaceAll(/\s+/g, ' ')] as const,
  )) {
    for (const words of [
      'exceeded quota: small',
      'Raise the quota',
      '2.2',
      'Bring it to 2.3',
      'container deployment: Error, exit code 1',
      'oc logs dc/zync',
    ])
      expect([view, text]).toEqual([view, expect.stringContaining(words)]);
  }
}, 120_000);

test('a rollout that fails is named where it ends, with what to do', async () => {
  const run = await start('broken');
  lab.cluster.faults.onWork('rollout', {
    namespace: 'broken',
    name: 'zync',
    message: 'crash loop',
    times: 2,
  });
  const { exitCode, stdout } = await run();
  expect(exitCode).toBe(5);
  expect(stdout).toMatch(/because roll-out-zync failed: [^]*rollout \d failed[^]*oc logs dc\/zync/);
  // It has ended: no decision is asked for any more.
  const advised = stdout.slice(stdout.indexOf('because roll-out-zync'));
  expect(advised).toContain(
    'then start it again: threescale-upgrade start --context sim1 --namespace broken',
  );
  expect(advised).not.toContain('retry');
});

test('what is held is seen by status and report also while no worker runs', async () => {
  const run = await start('held');
  lab.cluster.faults.onWork('rollout', { namespace: 'held', name: 'zync', message: 'crash loop', times: 2 });
  expect((await run('--on-failure', 'hold')).exitCode).toBe(4);
  const at = ['--kubeconfig', lab.kubeconfig, '-c', 'sim1', '-n', 'held'];
  const status = await runCli(['status', ...at]);
  expect([status.exitCode, status.stdout, status.stderr]).toEqual([
    4,
    expect.stringContaining('held at roll-out-zync'),
    expect.stringContaining('No worker runs'),
  ]);
  const report = await runCli(['report', ...at]);
  expect([report.exitCode, report.stdout]).toEqual([0, expect.stringContaining('At `roll-out-zync`')]);
}, 120_000);

test('check says of what is recreated that its gap cannot be avoided, and lets it go on', async () => {
  await lab.simulator.install('sim1', 'gap', {});
  const api = lab.clusters.open(lab.clusters.tenant('sim1', 'gap'));
  const { strategy } = (await api.get('deploymentconfigs', 'system-app'))?.spec ?? {};
  await api.patch('deploymentconfigs', 'system-app', [
    {
      op: 'replace',
      path: '/spec/strategy',
      value: { type: 'Recreate', recreateParams: { pre: strategy?.rollingParams?.pre } },
    },
  ]);
  const at = ['--kubeconfig', lab.kubeconfig, '-c', 'sim1', '-n', 'gap'];
  const { exitCode, stdout } = await runCli(['check', ...at]);
  expect([exitCode, stdout]).toEqual([
    0,
    expect.stringMatching(
      /! the strategy of dc\/system-app is Recreate: .*gap without a pod.*cannot be avoided/,
    ),
  ]);
  // The vendor's own databases are recreated, and no upgrade rolls them.
  expect(stdout).not.toContain('mysql');
  expect(
    (await runCli(['start', ...at, '--release-everywhere', '--yes', '--why', 'change 4711'])).exitCode,
  ).toBe(0);
  const after = await api.get('deploymentconfigs', 'system-app');
  expect(after?.spec.strategy?.recreateParams?.pre?.execNewPod?.env).toContainEqual({
    name: 'AMP_RELEASE',
    value: '2.4.0',
  });
  expect((await runCli(['check', ...at])).stdout).not.toContain('Recreate');
});

test('plan says what to type with all that was typed', async () => {
  await start('typed');
  const flags = ['--image', 'system=registry.access.redhat.com/3scale-amp24/system', '--release-everywhere'];
  const windows = [
    '--window-opens',
    '0 22 * * 6',
    '--window-minutes',
    '240',
    '--window-zone',
    'Europe/Berlin',
  ];
  const at = ['--kubeconfig', lab.kubeconfig, '-c', 'sim1', '-n', 'typed'];
  const { stdout } = await runCli(['plan', ...at, ...flags, ...windows]);
  const line = stdout.split('\n').find((text) => text.includes('To do it')) ?? '';
  for (const word of [
    '--kubeconfig',
    '--image system=',
    '--release-everywhere',
    "--window-opens '0 22 * * 6'",
  ])
    expect(line).toContain(word);
});

test('a kubeconfig that the simulator cannot write is an error of the flag', async () => {
  const { exitCode, stderr } = await runCli(['simulator', '--kubeconfig', '/nowhere/at/all.yaml']);
  expect([exitCode, stderr]).toEqual([64, expect.stringContaining('--kubeconfig /nowhere/at/all.yaml')]);
});
