/** What a failed rollout is told with reaches every view of it, and no value of the installation comes along. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import picocolors from 'picocolors';
import type { PodFault } from '../../simulator/pod-troubles.ts';
import { renderProgress } from '../../src/cli/tenant/render/progress.ts';
import { renderReport } from '../../src/cli/tenant/render/report.ts';
import type { Lab } from '../support/lab.ts';
import { openLab, settled } from '../support/lab.ts';
import { rawHistory, readable } from '../support/raw-history.ts';
import { runCli } from '../support/hosted-cli.ts';
import { secretValues } from '../support/secret-values.ts';

/** What no object of the project holds, and what gives itself away. */
const UNNAMED = [
  'ghp_16C7e42F292c6912E7710c838347Ae178B4a',
  'hunter2hunter',
  'correcthorsebattery',
  'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJqb2UifQ.sflKxwRJSMeKKF2QT4fwpMeJf36POk6yJVadQssw5c',
  'joe.doe@customer.example.com',
];

let lab: Lab;
beforeAll(async () => {
  lab = await openLab({ timing: { rolloutMs: 40, hookMs: 20, importMs: 10, terminationMs: 1_000 } });
});
afterAll(() => lab.close());

/** Lines as applications write them, with every value somewhere, and the given words last. */
function logWith(values: readonly string[], ...last: string[]): string[] {
  const [token, password, phrase, jwt, person] = UNNAMED;
  return [
    ...values.map((value) => `connecting with ${value} and {"as":${JSON.stringify(value)}}`),
    ...values.slice(-12).map((value) => Buffer.from(`x${value}`).toString('base64')),
    `GET /admin/api?user_key=${token ?? ''}&x=1 from ${person ?? ''}`,
    `postgres://joe:${password ?? ''}@db.example.com/x refused`,
    `password is "${phrase ?? ''}" and Authorization: Bearer ${jwt ?? ''}`,
    ...last,
  ];
}

async function everythingSaid(namespace: string): Promise<string> {
  const flags = ['--kubeconfig', lab.kubeconfig, '--context', 'sim1', '--namespace', namespace];
  const said = [await runCli(['status', ...flags]), await runCli(['report', ...flags, '-o', 'json'])];
  const tenant = lab.clusters.tenant('sim1', namespace);
  const history = readable(await rawHistory(lab.client, `upgrade/${tenant.cluster}/${namespace}`));
  return [...said.map(({ stdout, stderr }) => stdout + stderr), ...history.map(({ text }) => text)].join(
    '\n',
  );
}

const LAST_WORDS = 'Mysql2::Error: Lock wait timeout exceeded';

test('a hook that fails is named with its exit code and its last words, in every view, and no value with them', async () => {
  await lab.simulator.install('sim1', 'hook');
  const values = secretValues(lab.cluster, 'hook');
  expect(values.length).toBeGreaterThan(15);
  const pod: PodFault = { kind: 'crash-loop', exitCode: 3, log: logWith(values, LAST_WORDS) };
  lab.cluster.faults.onWork('hook', { namespace: 'hook', name: 'system-app/pre', message: 'no', pod });
  const handle = await lab.start('hook', { retries: { transientAttempts: 5, outcomeAttempts: 1 } });
  const held = await settled(handle);
  expect(held.state).toBe('held');
  expect(held.held?.failure.message).toMatch(
    /dc\/system-app: rollout 2 failed: the pre-hook’s pod\/system-app-2-hook-pre, container lifecycle: Error, exit code 3$/,
  );
  const views = [
    renderProgress(held, { nowMs: 0, colors: picocolors.createColors(false) }),
    renderReport(held),
    await everythingSaid('hook'),
  ];
  for (const view of views) expect(view).toContain(LAST_WORDS);
  const said = views.join('\n') + JSON.stringify(held);
  expect([...values, ...UNNAMED].filter((value) => said.includes(value))).toEqual([]);
  await handle.terminate();
});

test('nor where they stand in the words of a container, of a probe, or in an event', async () => {
  await lab.simulator.install('sim1', 'probe');
  const values = secretValues(lab.cluster, 'probe');
  const api = lab.clusters.open(lab.clusters.tenant('sim1', 'probe'));
  const zync = (await api.get('deploymentconfigs', 'zync'))?.spec.template.spec.containers[0];
  expect(zync?.env?.length).toBeGreaterThan(0);
  const all = values.join(' ');
  const pod: PodFault = {
    kind: 'crash-loop',
    log: logWith(values, LAST_WORDS),
    terminationMessage: `it had ${all} and ended`,
  };
  lab.cluster.faults.onWork('rollout', {
    namespace: 'probe',
    name: 'zync',
    message: `no ${all}`,
    pod,
    times: 1,
  });
  lab.cluster.faults.onWork('rollout', {
    namespace: 'probe',
    name: 'zync',
    message: 'no',
    pod: {
      kind: 'never-ready',
      probeAnswer: `HTTP 500: ${values.slice(0, 3).join(' ')}`,
      log: logWith(values, LAST_WORDS),
    },
  });
  const handle = await lab.start('probe', { onFailure: 'hold' });
  const held = await settled(handle);
  expect(held.state).toBe('held');
  expect(held.held?.failure.message).toMatch(
    /dc\/zync: rollout 3 failed: pod\/zync-3-\w+, container zync: runs, and is not ready/,
  );
  expect(held.held?.failure.evidence?.events?.join('\n')).toMatch(
    /Unhealthy .*Readiness probe failed: HTTP 500: \[redacted\]/,
  );
  const said = (await everythingSaid('probe')) + JSON.stringify(held) + renderReport(held);
  expect(said).toContain(LAST_WORDS);
  expect([...values, ...UNNAMED].filter((value) => said.includes(value))).toEqual([]);
  await handle.terminate();
});

test('while it is tried again, Temporal has the kind and the reason of the last failure, however much there was to say', async () => {
  await lab.simulator.install('sim1', 'again');
  const log = Array.from({ length: 60 }, (_, index) => `${index} ${'many words in a line '.repeat(9)}`);
  lab.cluster.faults.onWork('hook', {
    namespace: 'again',
    name: 'system-app/pre',
    message: 'no',
    pod: { kind: 'crash-loop', log, terminationMessage: 'words '.repeat(100) },
  });
  const handle = await lab.start('again', { retries: { transientAttempts: 5, outcomeAttempts: 50 } });
  for (;;) {
    const { raw } = await handle.describe();
    const failure = raw.pendingActivities?.find(({ lastFailure }) => lastFailure)?.lastFailure;
    if (failure) {
      const flags = ['--kubeconfig', lab.kubeconfig, '--context', 'sim1', '--namespace', 'again'];
      const { stdout, stderr } = await runCli(['status', ...flags]);
      expect(stdout + stderr).toMatch(
        /rollOut: RolloutFailed, attempt \d+.*pod\/system-app-\d+-hook-pre, container lifecycle: Error/,
      );
      expect(failure.applicationFailureInfo?.type).toBe('RolloutFailed');
      break;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await handle.terminate();
});

test('without logs there is no line of one anywhere', async () => {
  await lab.simulator.install('sim1', 'silent');
  const pod: PodFault = { kind: 'crash-loop', exitCode: 3, log: ['a line that is not shown'] };
  lab.cluster.faults.onWork('hook', { namespace: 'silent', name: 'system-app/pre', message: 'no', pod });
  const handle = await lab.start('silent', {
    retries: { transientAttempts: 5, outcomeAttempts: 1 },
    logs: false,
  });
  const held = await settled(handle);
  expect(held.held?.failure.message).toContain('exit code 3');
  expect((await everythingSaid('silent')) + JSON.stringify(held)).not.toContain('a line that is not shown');
  await handle.terminate();
});
