import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { Connection } from '@temporalio/client';
import { childEnvironment } from '../../child-environment.ts';
import { telling } from '../../telling.ts';
import type { Say } from './dev-server-executable.ts';
import { findDevServer } from './dev-server-executable.ts';
import type { Recorded } from './dev-server-record.ts';
import { isOurServer, readRecorded, record, stateFile as file } from './dev-server-record.ts';
import { endProcess } from './dev-server-end.ts';
import { announceUse } from './dev-server-users.ts';
import { stateFolder } from './folders.ts';
import { freePort, isFree, listens } from './ports.ts';
import { makePrivate, withPrivateFiles } from './private-files.ts';
import { lock } from './server-lock.ts';
import { TemporalError } from '../temporal-error.ts';
import { clientWay } from '../way.ts';
import { endOf, freeBytes, whyNotStarted } from '../why-not-started.ts';

/** The embedded server: one process and one database for each user of a machine. */
export interface DevServer {
  readonly address: string;
  readonly pid: number;
  /** Of its UI; undefined where it has none. */
  readonly uiPort: number | undefined;
  /** True where this call started it. */
  readonly started: boolean;
}

const STARTS_WITHIN_MS = 30_000;

/** The server that an earlier command started, where it still answers. */
export async function runningDevServer(): Promise<DevServer | undefined> {
  const recorded = readRecorded();
  if (!recorded || !isOurServer(recorded) || !(await listens(recorded.port))) return undefined;
  return { ...found(recorded), started: false };
}

/** True where it runs, or has ever kept anything. */
export async function hasDevServerState(): Promise<boolean> {
  return existsSync(file('temporal.db')) || (await runningDevServer()) !== undefined;
}

/**
 * Finds the embedded server running, or starts it in the background on loopback, with its database where it was: an
 * upgrade that was interrupted goes on with it. Throws TemporalError.
 */
export async function ensureDevServer(
  say: Say,
  options: { readonly uiPort?: number } = {},
): Promise<DevServer> {
  announceUse();
  const running = await runningDevServer();
  if (running) return running;
  const executable = await findDevServer(say);
  makePrivate(stateFolder());
  const release = await lock(file('server.lock'), { say });
  try {
    return await telling(
      say,
      (seconds) => `the Temporal dev server is being started (${seconds} s)`,
      async () => (await justStarted()) ?? (await start(executable, options, say)),
    );
  } finally {
    release();
  }
}

/** Ends the embedded server, or only the one of this process number; false where that does not run. What it had stored is kept. */
export async function stopDevServer(only?: number): Promise<boolean> {
  const running = await runningDevServer();
  if (!running || (only ?? running.pid) !== running.pid) return false;
  await endProcess(running.pid);
  // Its port is kept: the next one takes it again, and workers find it there.
  const recorded = readRecorded();
  if (recorded) record({ ...recorded, pid: 0 });
  return true;
}

/** One that a command has started which was killed before it answered: never a second one on the same database. */
async function justStarted(): Promise<DevServer | undefined> {
  const recorded = readRecorded();
  const deadline = Date.now() + STARTS_WITHIN_MS;
  while (recorded && isOurServer(recorded)) {
    const { address } = found(recorded);
    if (await serves(address)) return { ...found(recorded), started: false };
    if (Date.now() < deadline) continue;
    throw new TemporalError(
      `the Temporal dev server runs (process ${recorded.pid}), and does not answer on ${address}`,
      `Look at ${file('server.log')}; end it with: kill ${recorded.pid}`,
    );
  }
  return undefined;
}

async function start(
  executable: string,
  { uiPort }: { readonly uiPort?: number },
  say: Say,
): Promise<DevServer> {
  await requireFree(uiPort);
  const port = await choosePort(say);
  const logged = endOf(file('server.log'));
  const address = addressOf(port);
  const child = withPrivateFiles(() => spawnServer(executable, port, uiPort));
  let ended: string | undefined;
  child.once('error', (error) => (ended = error.message));
  child.once('exit', (code) => (ended ??= `it ended with exit code ${code ?? 'none'}`));
  child.unref();
  const pid = child.pid ?? 0;
  try {
    record({ pid, port, uiPort });
  } catch (error) {
    // Nobody would find it again.
    child.kill('SIGTERM');
    throw new TemporalError(
      `the Temporal dev server cannot be started: ${file('server.json')} cannot be written: ${codeOf(error)}`,
      `Make room or give the right for it; or keep its state elsewhere: THREESCALE_UPGRADE_HOME.`,
      { cause: error },
    );
  }
  const deadline = Date.now() + STARTS_WITHIN_MS;
  // Where it has ended, whoever answers is another one.
  while (!(await serves(address)) || ended !== undefined) {
    if (ended === undefined && Date.now() < deadline) continue;
    if (child.pid !== undefined && ended === undefined) process.kill(child.pid, 'SIGTERM');
    const why = whyNotStarted(file('server.log'), logged, freeBytes(stateFolder()));
    throw new TemporalError(
      `the Temporal dev server ${executable} does not start: ${ended ?? `no answer in ${STARTS_WITHIN_MS / 1_000} s`}` +
        (why === undefined ? '' : `: ${why}`),
      `Look at ${file('server.log')}; or name a server with TEMPORAL_ADDRESS.`,
    );
  }
  say(`Temporal dev server started: ${address}, database ${file('temporal.db')}`);
  return { ...found({ pid, port, uiPort }), started: true };
}

/**
 * The one it had, so that workers which look for it there find it. At first never the usual one: of two servers that start
 * at once the later would be taken for the earlier.
 */
async function choosePort(say: Say): Promise<number> {
  const last = readRecorded()?.port;
  if (last !== undefined && (await isFree(last))) return last;
  const port = await freePort();
  if (last !== undefined)
    say(`port ${last} of the Temporal dev server is taken by something else: it listens on ${port} now`);
  return port;
}

/** Of the UI: the server would end without a word. */
async function requireFree(uiPort: number | undefined): Promise<void> {
  if (uiPort === undefined || (await isFree(uiPort))) return;
  throw new TemporalError(
    `port ${uiPort} of 127.0.0.1, where the UI is to be, is taken by something else`,
    'Name another one: threescale-upgrade dev --ui-port 8234',
  );
}

function spawnServer(executable: string, port: number, uiPort: number | undefined): ChildProcess {
  const log = openSync(file('server.log'), 'a', 0o600);
  try {
    return spawn(
      executable,
      [
        ...['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(port)],
        ...(uiPort === undefined ? ['--headless'] : ['--ui-ip', '127.0.0.1', '--ui-port', String(uiPort)]),
        ...['--db-filename', file('temporal.db'), '--log-level', 'error'],
        ...['--sqlite-pragma', 'journal_mode=WAL', '--sqlite-pragma', 'synchronous=NORMAL'],
      ],
      { detached: true, stdio: ['ignore', log, log], env: childEnvironment() },
    );
  } finally {
    closeSync(log);
  }
}

const addressOf = (port: number): string => `127.0.0.1:${port}`;
const found = ({ pid, port, uiPort }: Recorded): Omit<DevServer, 'started'> => ({
  address: addressOf(port),
  pid,
  uiPort,
});

/** It answers, and its namespace is there. */
async function serves(address: string): Promise<boolean> {
  await sleep(100);
  try {
    const connection = await Connection.connect({ ...clientWay({ address }), connectTimeout: 1_000 });
    try {
      await connection.workflowService.describeNamespace({ namespace: 'default' });
      return true;
    } finally {
      await connection.close();
    }
  } catch {
    return false;
  }
}

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? String(error);
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
