import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { runningDevServer } from '../../src/temporal/dev-server/dev-server.ts';
import { treeOf } from './process-tree.ts';
import type { Command } from './ways.ts';

/** One command at work, with all that it starts. */
export class Running {
  readonly pid: number;
  readonly ended: Promise<{ readonly exitCode: number | null; readonly said: string }>;
  readonly #child: ChildProcess;
  #said = '';

  constructor({ file, args, env }: Command) {
    this.#child = spawn(file, args, {
      env: { ...process.env, NODE_OPTIONS: '', NO_COLOR: '1', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.pid = this.#child.pid ?? 0;
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream?.on('data', (chunk: Buffer) => (this.#said = (this.#said + chunk.toString()).slice(-4_000)));
    this.ended = new Promise((resolve, reject) => {
      this.#child.once('error', reject);
      this.#child.once('close', (exitCode) => {
        resolve({ exitCode, said: this.#said });
      });
    });
  }

  /** Resolves when it has said so. Rejects where it ends before. */
  async says(words: string): Promise<void> {
    while (!this.#said.includes(words)) {
      if (!(await this.runs(50))) throw new Error(`it has ended: ${this.#said}`);
    }
  }

  /** After so long: whether it runs still. */
  async runs(afterMs: number): Promise<boolean> {
    await new Promise((resolve) => setTimeout(resolve, afterMs));
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** SIGKILL for it and all below it, but for Temporal, which is a service of its own. */
  async kill(): Promise<void> {
    const temporal = (await runningDevServer())?.pid;
    for (const pid of treeOf(this.pid)) {
      if (pid === temporal) continue;
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It has ended meanwhile.
      }
    }
    await this.ended;
  }
}
