import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { MAIN } from './run-cli.ts';

export const LAUNCHER = fileURLToPath(new URL('../../bin/threescale-upgrade.js', import.meta.url));

/** How a process ended. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly said: string;
}

/** The command as a process of its own, without a terminal, that can be sent signals. */
export class CliProcess {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  #said = '';

  /** `by`: the command line before the arguments; by default this Node with the sources. */
  constructor(
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
    [command = process.execPath, ...before]: readonly string[] = [process.execPath, MAIN],
    stdin: 'ignore' | 'pipe' = 'ignore',
  ) {
    this.child = spawn(command, [...before, ...args], {
      env: { ...process.env, NODE_OPTIONS: '', NO_COLOR: '1', ...env },
      stdio: [stdin, 'pipe', 'pipe'],
    });
    for (const stream of [this.child.stdout, this.child.stderr])
      stream?.on('data', (chunk: Buffer) => (this.#said += chunk.toString()));
    this.ended = new Promise((resolve) => {
      this.child.once('exit', (code, signal) => {
        // What it said last may be read after its end; a process it left behind must not hold this up.
        setTimeout(() => {
          resolve({ code, signal, said: this.#said });
        }, 200);
      });
    });
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  get said(): string {
    return this.#said;
  }

  /** Rejects where it ends without having said so. */
  async says(part: string): Promise<void> {
    let over = false;
    void this.ended.then(() => (over = true));
    while (!this.said.includes(part)) {
      if (over) throw new Error(`it ended without saying ${part}: ${this.said}`);
      await pause(20);
    }
  }

  kill(signal: NodeJS.Signals): Promise<Ended> {
    this.child.kill(signal);
    return this.ended;
  }
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** True while a process of this number runs. */
export function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

export async function untilGone(pid: number): Promise<void> {
  while (runs(pid)) await pause(50);
}
