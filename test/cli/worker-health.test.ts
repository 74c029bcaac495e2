/** `worker --health-port`, asked as Kubernetes would, and `worker --wait`. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { Readiness } from '../../src/worker/health.ts';
import { ensureDevServer } from '../../src/temporal/dev-server/dev-server.ts';
import { CliProcess, pause } from '../support/cli-process.ts';
import type { Lab } from '../support/lab.ts';
import { openLab } from '../support/lab.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await openLab({ worker: false, clusters: 2 });
});
afterAll(() => lab.close());

const processes: CliProcess[] = [];
afterEach(() => {
  for (const { child } of processes.splice(0)) child.kill('SIGKILL');
});

function worker(args: readonly string[], env: Readonly<Record<string, string>> = {}): CliProcess {
  const started = new CliProcess(['worker', '--kubeconfig', lab.kubeconfig, ...args], {
    TEMPORAL_ADDRESS: lab.target.address,
    ...env,
  });
  processes.push(started);
  return started;
}

interface Answer {
  readonly status: number;
  readonly body: Readiness & Readonly<Record<string, unknown>>;
}

/** Asks a worker that has said where its health is. */
async function asking(from: CliProcess): Promise<(path: string, method?: string) => Promise<Answer>> {
  await from.says('/livez');
  const [, url = ''] = /health: (\S+)\/readyz/.exec(from.said) ?? [];
  return async (path, method = 'GET') => {
    const response = await fetch(url + path, { method });
    return { status: response.status, body: (await response.json()) as Answer['body'] };
  };
}

async function untilReadyIs(
  ask: (path: string) => Promise<Answer>,
  is: (answer: Answer) => boolean,
): Promise<Answer> {
  for (;;) {
    const answer = await ask('/readyz');
    if (is(answer)) return answer;
    await pause(200);
  }
}

const ALL_WELL = { ready: true, polls: 'ok', temporal: 'ok' };

test('a worker that is well says so, of each cluster', async () => {
  const ask = await asking(worker(['--health-port', '0']));
  const { body } = await untilReadyIs(ask, ({ status }) => status === 200);
  expect(body).toMatchObject({ ...ALL_WELL, clusters: { sim1: 'ok', sim2: 'ok' } });
  // Another context of a cluster that is reached.
  expect(body.clusters['sim1-expired']).toContain('credentials are refused (401)');
  expect(await ask('/livez')).toEqual({ status: 200, body: { alive: true } });
  expect(await ask('/metrics')).toMatchObject({
    status: 404,
    body: { error: 'there are /livez and /readyz' },
  });
  expect(await ask('/readyz', 'POST')).toMatchObject({ status: 405 });
});

test('a worker that reaches no cluster has none to reach', async () => {
  const args = ['worker', '--no-kubeconfig', '--health-port', '0'];
  const started = new CliProcess(args, { TEMPORAL_ADDRESS: lab.target.address });
  processes.push(started);
  const { body } = await untilReadyIs(await asking(started), ({ status }) => status === 200);
  expect(body).toEqual({ ...ALL_WELL, clusters: {} });
});

test('a cluster that is away is named, and no reason to end', async () => {
  const ask = await asking(worker(['--health-port', '0']));
  await untilReadyIs(ask, ({ status }) => status === 200);
  const lost = lab.simulator.cluster('sim2').faults.onRequest({ path: /^\/version$/ }, { kind: 'reset' });
  const { body } = await untilReadyIs(ask, ({ status }) => status === 503);
  expect(body).toMatchObject({ ...ALL_WELL, ready: false, clusters: { sim1: 'ok' } });
  expect(body.clusters['sim2']).not.toBe('ok');
  expect(await ask('/livez')).toMatchObject({ status: 200 });
  lost.remove();
  await untilReadyIs(ask, ({ status }) => status === 200);
});

test('credentials that a cluster refuses are said, and not shown', async () => {
  const kubeconfig = join(lab.folder, 'refused.yaml');
  const token = 'sha256~made-up-for-nobody';
  writeFileSync(
    kubeconfig,
    readFileSync(lab.kubeconfig, 'utf8').replace(
      /client-certificate-data: .*\n\s+client-key-data: .*|token: .*/g,
      `token: ${token}`,
    ),
  );
  const ask = await asking(worker(['--health-port', '0', '--kubeconfig', kubeconfig]));
  const refused = await untilReadyIs(ask, ({ body }) => body.temporal === 'ok');
  expect(refused).toMatchObject({ status: 503, body: { polls: 'ok' } });
  expect(refused.body.clusters['sim1']).toContain('credentials are refused (401)');
  expect(JSON.stringify(refused.body)).not.toContain(token);
});

test('while Temporal is away the worker is alive, and not ready; then it is again', async () => {
  const ask = await asking(worker(['--health-port', '0']));
  await untilReadyIs(ask, ({ status }) => status === 200);
  const { pid } = await ensureDevServer(() => undefined);
  process.kill(pid, 'SIGKILL');
  const { body } = await untilReadyIs(ask, ({ status }) => status === 503);
  expect(body.temporal).not.toBe('ok');
  expect(body.clusters).toMatchObject({ sim1: 'ok', sim2: 'ok' });
  expect(await ask('/livez')).toMatchObject({ status: 200 });
  await ensureDevServer(() => undefined);
  expect((await untilReadyIs(ask, ({ status }) => status === 200)).body).toMatchObject(ALL_WELL);
});

test('a worker that waits is alive, not ready, and begins once Temporal is there', async () => {
  const { pid } = await ensureDevServer(() => undefined);
  process.kill(pid, 'SIGKILL');
  const early = worker(['--wait', '120', '--health-port', '0']);
  await early.says('waiting for it (');
  const ask = await asking(early);
  expect(await ask('/livez')).toMatchObject({ status: 200 });
  const { status, body } = await ask('/readyz');
  expect([status, body.temporal]).toEqual([503, 'the worker is being started']);
  await ensureDevServer(() => undefined);
  await early.says('worker ready');
  await untilReadyIs(ask, (answer) => answer.status === 200);
});

test('a namespace that is not there yet is waited for', async () => {
  const early = worker(['--wait', '120', '--health-port', '0'], { TEMPORAL_NAMESPACE: 'later' });
  await early.says('has no namespace later: waiting for it');
  await lab.client.workflowService.registerNamespace({
    namespace: 'later',
    workflowExecutionRetentionPeriod: { seconds: 86_400 as never },
  });
  await early.says('worker ready');
  await untilReadyIs(await asking(early), ({ status }) => status === 200);
});

test('it does not wait for ever, nor for what stays as it is', async () => {
  const away = await worker(['--wait', '1'], { TEMPORAL_ADDRESS: '127.0.0.1:1' }).ended;
  expect(away).toMatchObject({ code: 6, signal: null });
  const other = await worker(['--wait', '600'], { TEMPORAL_TLS: 'true' }).ended;
  expect([other.code, other.said]).toEqual([6, expect.stringContaining('speaks no TLS')]);
  expect(other.said).not.toContain('waiting for it');
});

test('a port that is taken is said, and nothing runs', async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  const { port } = taken.address() as AddressInfo;
  const ended = await worker(['--health-port', String(port)]).ended;
  taken.close();
  expect(ended.code).toBe(64);
  expect(ended.said).toContain(`port ${port} of 127.0.0.1 is taken\nName another one with --health-port`);
});
