import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import type { Server } from 'node:net';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import {
  ensureDevServer,
  runningDevServer,
  stopDevServer,
} from '../../src/temporal/dev-server/dev-server.ts';
import { CliProcess, pause, runs } from '../support/cli-process.ts';
import type { Lab } from '../support/lab.ts';
import { openLab } from '../support/lab.ts';
import { runCli } from '../support/run-cli.ts';

let lab: Lab;
let home: string;
beforeAll(async () => {
  lab = await openLab({ worker: false });
  home = join(lab.folder, 'home');
});
afterAll(() => lab.close());

let worker: CliProcess | undefined;
afterEach(async () => {
  await worker?.kill('SIGKILL');
  worker = undefined;
});

/** Beside the embedded server: nothing says where it is. */
async function startWorker(): Promise<CliProcess> {
  worker = new CliProcess(['worker', '--kubeconfig', lab.kubeconfig]);
  await worker.says('worker ready');
  return worker;
}

async function killServer(): Promise<{ address: string; port: number }> {
  const { address, pid } = await ensureDevServer(() => undefined);
  process.kill(pid, 'SIGKILL');
  while (runs(pid) && (await runningDevServer())) await pause(20);
  return { address, port: Number(address.split(':')[1]) };
}

/** Any command that needs Temporal starts the server. */
const startAgain = (): Promise<{ stderr: string }> => runCli(['fleet', 'list']);

/** Started from another process; seen by the worker that is to carry it out. */
async function upgrade(namespace: string): Promise<string> {
  await lab.simulator.install('sim1', namespace);
  const flags = ['--kubeconfig', lab.kubeconfig, '--context', 'sim1', '--namespace', namespace];
  const started = await runCli(['start', ...flags, '--no-watch', '--yes', '--why', 'to see it']);
  expect(started.exitCode).toBe(0);
  for (;;) {
    const { stdout } = await runCli(['status', ...flags, '-o', 'json']);
    const { state } = JSON.parse(stdout === '' ? '{"state":"waiting"}' : stdout) as { state: string };
    if (state === 'upgraded' || state === 'held' || state === 'reverted') return state;
    await pause(500);
  }
}

test('one that was killed comes back on the port it had, and a worker beside it works on', async () => {
  const { stdout: before } = await runCli(['fleet', 'list', '-o', 'json']);
  expect(before).toContain('[');
  await startWorker();
  const { address } = await killServer();
  const { stderr } = await startAgain();
  expect(stderr).toContain(`Temporal dev server started: ${address}`);
  expect(await upgrade('same-port')).toBe('upgraded');
});

test('where another program has taken its port, the worker goes where it listens now, and says so', async () => {
  const running = await startWorker();
  const { address, port } = await killServer();
  const thief = await takePort(port);
  const { stderr } = await startAgain();
  expect(stderr).toContain(`port ${port} of the Temporal dev server is taken by something else`);
  const now = (await runningDevServer())?.address ?? '';
  expect(now).not.toBe(address);
  await running.says(`the embedded Temporal listens on ${now} now: the worker goes there`);
  expect(await upgrade('other-port')).toBe('upgraded');
  expect(running.child.exitCode).toBeNull();
  thief.close();
});

test('one that was stopped on purpose comes back there too', async () => {
  const { address } = await ensureDevServer(() => undefined);
  expect(await stopDevServer()).toBe(true);
  expect(await runningDevServer()).toBeUndefined();
  expect(await stopDevServer()).toBe(false);
  expect((await ensureDevServer(() => undefined)).address).toBe(address);
});

test('a command that is killed while it starts the server leaves no second one behind', async () => {
  await stopDevServer();
  const first = new CliProcess(['fleet', 'list']);
  const pidOf = (): number =>
    (JSON.parse(readFileSync(join(home, 'server.json'), 'utf8')) as { pid: number }).pid;
  while (pidOf() === 0) await pause(5);
  await first.kill('SIGKILL');
  const { pid } = await ensureDevServer(() => undefined);
  expect(pid).toBe(pidOf());
  expect(serversOf(join(home, 'temporal.db'))).toEqual([pid]);
});

test('nobody else can read what it keeps, also what an earlier release left open', async () => {
  await stopDevServer();
  chmodSync(home, 0o755);
  chmodSync(join(home, 'temporal.db'), 0o644);
  chmodSync(join(home, 'server.log'), 0o644);
  const umask = process.umask(0o022);
  await ensureDevServer(() => undefined);
  process.umask(umask);
  expect(mode(home)).toBe('700');
  const files = readdirSync(home);
  expect(files).toEqual(
    expect.arrayContaining(['server.json', 'server.log', 'temporal.db', 'temporal.db-wal']),
  );
  // Reports are in a folder of their own.
  const wanted = (path: string): string => (statSync(path).isDirectory() ? '700' : '600');
  const wrong = files.map((name) => join(home, name)).filter((path) => mode(path) !== wanted(path));
  expect(wrong).toEqual([]);
});

const mode = (path: string): string => (statSync(path).mode & 0o777).toString(8);

/** The killed server may hold it for a moment still. */
async function takePort(port: number): Promise<Server> {
  const thief = createServer((socket) => socket.destroy());
  for (;;) {
    const taken = await new Promise<boolean>((resolve) => {
      thief.once('error', () => {
        resolve(false);
      });
      thief.listen(port, '127.0.0.1', () => {
        resolve(true);
      });
    });
    if (taken) return thief;
    await pause(20);
  }
}

/** Numbers of the servers that have this database open. */
function serversOf(database: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && existsSync(`/proc/${name}/cmdline`))
    .filter((name) => {
      try {
        return readFileSync(`/proc/${name}/cmdline`, 'utf8').includes(database);
      } catch {
        return false;
      }
    })
    .map(Number);
}

test('a server that could not be found again is not left behind, and why is said', async () => {
  const folder = join(lab.folder, 'unwritable');
  mkdirSync(join(folder, 'server.json'), { recursive: true });
  const { exitCode, stderr } = await runCli(
    ['start', '--kubeconfig', lab.kubeconfig, '-c', 'sim1', '-n', 'x', '--yes', '--why', 'to see it'],
    { THREESCALE_UPGRADE_HOME: folder },
  );
  expect([exitCode, stderr]).toEqual([6, expect.stringContaining('server.json cannot be written: E')]);
  const ofIt = readdirSync('/proc').filter((pid) => commandOf(pid).includes(folder));
  expect(ofIt).toEqual([]);
});

/** Empty for what is no process, or has ended. */
function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}
