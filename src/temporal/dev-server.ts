import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import type { Say } from './dev-server-executable.ts';
import { findDevServer } from './dev-server-executable.ts';
import { stateFolder } from './folders.ts';
import { TemporalError } from './temporal-error.ts';

/** The embedded server: one process and one database for each user of a machine. */
export interface DevServer {
  readonly address: string;
  readonly pid: number;
  /** True where this call started it. */
  readonly started: boolean;
}

interface Recorded {
  readonly pid: number;
  readonly port: number;
}

const STARTS_WITHIN_MS = 30_000;

const file = (name: string): string => join(stateFolder(), name);

/** The server that an earlier command started, where it still answers. */
export async function runningDevServer(): Promise<DevServer | undefined> {
  const recorded = readRecorded();
  if (!recorded || !isAlive(recorded.pid) || !(await listens(recorded.port))) return undefined;
  return { address: `127.0.0.1:${recorded.port}`, pid: recorded.pid, started: false };
}

/**
 * Finds the embedded server running, or starts it in the background on loopback, with its database where it was: an
 * upgrade that was interrupted goes on with it. Throws TemporalError.
 */
export async function ensureDevServer(
  say: Say,
  options: { readonly uiPort?: number } = {},
): Promise<DevServer> {
  const running = await runningDevServer();
  if (running) return running;
  const executable = await findDevServer(say);
  mkdirSync(stateFolder(), { recursive: true, mode: 0o700 });
  const release = await lock();
  try {
    return (await runningDevServer()) ?? (await start(executable, options, say));
  } finally {
    release();
  }
}

/** Ends the embedded server; false where none runs. What it had stored is kept. */
export async function stopDevServer(): Promise<boolean> {
  const running = await runningDevServer();
  if (!running) return false;
  process.kill(running.pid, 'SIGTERM');
  for (let tries = 0; tries < 100 && isAlive(running.pid); tries += 1) await sleep(50);
  rmSync(file('server.json'), { force: true });
  return true;
}

async function start(
  executable: string,
  { uiPort }: { readonly uiPort?: number },
  say: Say,
): Promise<DevServer> {
  // Never the usual port: of two servers that start at once the later would be taken for the earlier.
  const port = await freePort();
  const log = openSync(file('server.log'), 'a', 0o600);
  const child = spawn(
    executable,
    [
      ...['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(port)],
      ...(uiPort === undefined ? ['--headless'] : ['--ui-ip', '127.0.0.1', '--ui-port', String(uiPort)]),
      ...['--db-filename', file('temporal.db'), '--log-level', 'error'],
      ...['--sqlite-pragma', 'journal_mode=WAL', '--sqlite-pragma', 'synchronous=NORMAL'],
    ],
    { detached: true, stdio: ['ignore', log, log] },
  );
  closeSync(log);
  let ended: string | undefined;
  child.once('error', (error) => (ended = error.message));
  child.once('exit', (code) => (ended ??= `it ended with exit code ${code ?? 'none'}`));
  child.unref();
  const address = `127.0.0.1:${port}`;
  const deadline = Date.now() + STARTS_WITHIN_MS;
  while (!(await serves(address))) {
    if (ended === undefined && Date.now() < deadline) continue;
    if (child.pid !== undefined && ended === undefined) process.kill(child.pid, 'SIGTERM');
    throw new TemporalError(
      `the Temporal dev server ${executable} does not start: ${ended ?? `no answer in ${STARTS_WITHIN_MS / 1_000} s`}`,
      `Look at ${file('server.log')}; or name a server with TEMPORAL_ADDRESS.`,
    );
  }
  const pid = child.pid ?? 0;
  writeFileSync(file('server.json'), JSON.stringify({ pid, port } satisfies Recorded), { mode: 0o600 });
  say(`Temporal dev server started: ${address}, database ${file('temporal.db')}`);
  return { address, pid, started: true };
}

/** It answers, and its namespace is there. */
async function serves(address: string): Promise<boolean> {
  await sleep(100);
  try {
    const connection = await Connection.connect({ address, connectTimeout: 1_000 });
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

function readRecorded(): Recorded | undefined {
  try {
    const { pid, port } = JSON.parse(readFileSync(file('server.json'), 'utf8')) as Recorded;
    return Number.isInteger(pid) && Number.isInteger(port) ? { pid, port } : undefined;
  } catch {
    return undefined;
  }
}

/** One command at a time starts it; a lock whose owner is gone is taken over. */
async function lock(): Promise<() => void> {
  const path = file('server.lock');
  for (;;) {
    try {
      writeFileSync(path, String(process.pid), { flag: 'wx' });
      return () => {
        rmSync(path, { force: true });
      };
    } catch {
      if (!isAlive(Number(readOwner(path)))) rmSync(path, { force: true });
      else await sleep(100);
    }
  }
}

function readOwner(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => {
      resolve(false);
    });
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        resolve(typeof address === 'object' && address ? address.port : 0);
      });
    });
  });
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
