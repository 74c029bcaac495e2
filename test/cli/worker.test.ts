import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { TenantProgress } from '../../src/domain/tenant/progress.ts';
import { ensureDevServer } from '../../src/temporal/dev-server/dev-server.ts';
import { CliProcess, pause } from '../support/cli-process.ts';
import type { Lab } from '../support/lab.ts';
import { openLab, settled, until } from '../support/lab.ts';

let lab: Lab;
let temporal: { TEMPORAL_ADDRESS: string };
let nowhere: { KUBECONFIG: string; HOME: string };
beforeAll(async () => {
  lab = await openLab({
    worker: false,
    timing: { rolloutMs: 4_000, hookMs: 100, importMs: 50, terminationMs: 10 },
  });
  temporal = { TEMPORAL_ADDRESS: lab.target.address };
  nowhere = { KUBECONFIG: '', HOME: lab.folder };
});
afterAll(() => lab.close());

const processes: CliProcess[] = [];
function run(args: readonly string[], env: Readonly<Record<string, string>> = {}): CliProcess {
  const started = new CliProcess(args, env);
  processes.push(started);
  return started;
}
afterEach(() => {
  for (const { child } of processes.splice(0)) child.kill('SIGKILL');
});

async function readyWorker(...more: string[]): Promise<CliProcess> {
  const worker = run(['worker', '--kubeconfig', lab.kubeconfig, ...more], temporal);
  await worker.says('worker ready');
  return worker;
}

const AWAY = { TEMPORAL_ADDRESS: '127.0.0.1:1' };

describe.each(['worker', 'dev'])('%s ends after an error, with its code', (command) => {
  test.each([
    ['Temporal is away', [], AWAY, 6, '127.0.0.1:1 cannot be reached'],
    [
      'its namespace is not there',
      [],
      { TEMPORAL_NAMESPACE: 'nowhere' },
      6,
      'has no namespace nowhere',
      'temporal operator namespace create --namespace nowhere',
    ],
    ['the kubeconfig is not there', ['--kubeconfig', '/none.yaml'], {}, 64, 'there is no kubeconfig at'],
    ['there is no kubeconfig', [], { KUBECONFIG: '', HOME: '/nowhere' }, 64, 'no kubeconfig was found'],
    ['a flag is wrong', ['--give-up-after', 'never'], {}, 64, 'Use a whole number'],
  ] as const)('%s', async (_, args, env, code, ...said) => {
    const flags = args.length > 0 || 'KUBECONFIG' in env ? args : ['--kubeconfig', lab.kubeconfig];
    const ended = await run([command, ...flags], { ...temporal, ...env }).ended;
    for (const part of said) expect(ended.said).toContain(part);
    expect(ended).toMatchObject({ code, signal: null });
  });
});

test.each([
  ['a site without a kubeconfig', ['--site', 'eu', '--no-kubeconfig'], 'it needs a kubeconfig'],
  ['a site where none is found', ['--site', 'eu'], 'no kubeconfig was found'],
  ['a site that is no name', ['--site', 'e u', '--no-kubeconfig'], 'e u'],
])('worker with %s ends with 64', async (_, args, said) => {
  const ended = await run(['worker', ...args], { ...temporal, ...nowhere }).ended;
  expect(ended.said).toContain(said);
  expect(ended.code).toBe(64);
});

test('a port of the UI that is none is said before a server is started', async () => {
  const ended = await run(['dev', '--ui-port', 'ui'], { THREESCALE_UPGRADE_HOME: join(lab.folder, 'ui') })
    .ended;
  expect([ended.code, ended.said]).toEqual([64, expect.stringContaining('from 1 to 65535')]);
});

test('a Temporal that accepts and stays silent is one that is away', async () => {
  const silent = createServer(() => undefined);
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const { port } = silent.address() as AddressInfo;
  const env = { TEMPORAL_ADDRESS: `127.0.0.1:${port}` };
  const ended = await run(['worker', '--kubeconfig', lab.kubeconfig], env).ended;
  expect([ended.code, ended.said]).toEqual([6, expect.stringContaining(env.TEMPORAL_ADDRESS)]);
  silent.close();
});

test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
  'an idle worker ends well at the first %s',
  async (signal) => {
    const worker = await readyWorker();
    const ended = await worker.kill(signal);
    expect(ended).toMatchObject({ code: 0, signal: null });
    expect(ended.said).toContain('stopping');
  },
);

test('a signal that comes twice for one key, as by npm, counts once', async () => {
  const worker = await readyWorker();
  worker.child.kill('SIGINT');
  expect(await worker.kill('SIGINT')).toMatchObject({ code: 0, signal: null });
});

test('a signal before it is ready ends it at once', async () => {
  const worker = run(['worker', '--kubeconfig', lab.kubeconfig], AWAY);
  await pause(3_000);
  expect(await worker.kill('SIGTERM')).toMatchObject({ code: 130, signal: null });
});

test('a worker hands over what runs at the first SIGTERM, and ends at once at the second', async () => {
  await lab.simulator.install('sim1', 'handed-over');
  const handle = await lab.start('handed-over');
  const rolls = ({ steps }: TenantProgress): boolean =>
    steps.some(({ id, status }) => id.startsWith('roll-out') && status === 'running');
  const first = await readyWorker();
  await until(handle, rolls);
  const ended = await first.kill('SIGTERM');
  expect(ended).toMatchObject({ code: 0, signal: null });
  const second = await readyWorker();
  await until(handle, rolls);
  second.child.kill('SIGTERM');
  await second.says('stopping');
  await pause(500);
  const now = await second.kill('SIGTERM');
  expect([0, 130]).toContain(now.code);
  await readyWorker();
  const { state } = await settled(handle);
  expect(state).toBe('upgraded');
  expect(lab.cluster.audit.writtenTwice({ namespace: 'handed-over' })).toEqual([]);
});

test('a worker whose Temporal dies says so, and goes on once it is back', async () => {
  await lab.simulator.install('sim1', 'worked-on');
  const worker = await readyWorker();
  const { pid } = await ensureDevServer(() => undefined);
  process.kill(pid, 'SIGKILL');
  await worker.says('does not answer');
  await ensureDevServer(() => undefined);
  await worker.says('answers again');
  expect((await lab.upgrade('worked-on')).state).toBe('upgraded');
});

test('a worker whose Temporal has gone for good ends with 6', async () => {
  const worker = await readyWorker('--give-up-after', '8');
  const { pid } = await ensureDevServer(() => undefined);
  process.kill(pid, 'SIGKILL');
  const ended = await worker.ended;
  expect(ended).toMatchObject({ code: 6, signal: null });
  expect(ended.said).toMatch(/has not answered for 8 s.*\nNothing is lost: start the worker again/);
  await ensureDevServer(() => undefined);
});
