import type { ChildProcess } from 'node:child_process';
import { closeSync, copyFileSync, existsSync, openSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import { spawnChild } from './children.ts';
import { findDevServer } from '../../src/temporal/dev-server/dev-server-executable.ts';

const DATABASE = 'temporal.db';
const PARTS = ['', '-wal', '-shm'];

const TRIES = 20;
const BETWEEN_TRIES_MS = 500;

/** A real Temporal dev server in a process of its own, which can be killed, stopped, and made to forget. */
export class TemporalProcess {
  readonly address: string;
  readonly #folder: string;
  readonly #executable: string;
  readonly #port: number;
  #child: ChildProcess | undefined;

  private constructor(folder: string, executable: string, port: number) {
    this.#folder = folder;
    this.#executable = executable;
    this.#port = port;
    this.address = `127.0.0.1:${port}`;
  }

  static async start(folder: string): Promise<TemporalProcess> {
    const executable = await findDevServer(() => undefined);
    const temporal = new TemporalProcess(folder, executable, await freePort());
    await temporal.start();
    return temporal;
  }

  get databaseFiles(): string[] {
    return PARTS.map((part) => join(this.#folder, DATABASE + part)).filter((file) => existsSync(file));
  }

  /** A connection of somebody else’s may have taken the port for a moment. */
  async start(): Promise<void> {
    for (let tries = 1; !(await this.#begin()); tries += 1) {
      if (tries === TRIES) throw new Error('the Temporal dev server does not start');
      await new Promise((resolve) => setTimeout(resolve, BETWEEN_TRIES_MS));
    }
  }

  /** False where it has ended before it served. */
  async #begin(): Promise<boolean> {
    const log = openSync(join(this.#folder, 'temporal.log'), 'a');
    this.#child = spawnChild(
      this.#executable,
      [
        ...['server', 'start-dev', '--headless', '--ip', '127.0.0.1', '--port', String(this.#port)],
        ...['--db-filename', join(this.#folder, DATABASE), '--log-level', 'error'],
        ...['--sqlite-pragma', 'journal_mode=WAL', '--sqlite-pragma', 'synchronous=OFF'],
      ],
      // Memory is cheap here, and many of them share two processors.
      { stdio: ['ignore', log, log], env: { ...process.env, GOGC: '400' } },
    );
    closeSync(log);
    while (!(await serves(this.address))) {
      if (this.#child.exitCode !== null) return false;
    }
    return true;
  }

  /** SIGKILL; what it had stored is kept. */
  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
  }

  /** SIGSTOP and SIGCONT: it is there, and answers nothing. */
  stop(): void {
    this.#child?.kill('SIGSTOP');
  }

  go(): void {
    this.#child?.kill('SIGCONT');
  }

  /** Only while it does not run: a copy of its database, under this name. */
  remember(name: string): void {
    this.#copy(DATABASE, name);
  }

  /** Only while it does not run: it goes on from the copy of this name, and has forgotten what came after. */
  forget(name: string): void {
    this.#copy(name, DATABASE);
  }

  #copy(from: string, to: string): void {
    for (const part of PARTS) {
      rmSync(join(this.#folder, to + part), { force: true });
      if (existsSync(join(this.#folder, from + part)))
        copyFileSync(join(this.#folder, from + part), join(this.#folder, to + part));
    }
  }
}

async function serves(address: string): Promise<boolean> {
  await new Promise((resolve) => setTimeout(resolve, 100));
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
