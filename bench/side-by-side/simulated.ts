import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Timing } from '../../simulator/types.ts';
import type { SwitchTimes } from './rollouts-seen.ts';
import type { Stand } from './upgraded.ts';

export interface Simulated {
  readonly timing: Timing;
  /** Written by it. */
  readonly kubeconfig: string;
}

/** What the cluster has seen of one tenant since it was installed. */
export interface TenantFigures extends SwitchTimes {
  readonly requests: number;
  readonly writes: number;
  readonly rollouts: Readonly<Record<string, number>>;
  /** Without a ready system-app. */
  readonly downMs: number;
}

export interface Asked {
  readonly what: keyof Answers;
  readonly tenants: readonly string[];
}

export interface Answers {
  readonly install: object;
  /** Rollouts that have begun. */
  readonly begun: { readonly rollouts: number };
  readonly settle: object;
  readonly stands: { readonly stands: readonly Stand[] };
  readonly figures: { readonly figures: readonly TenantFigures[] };
}

/** One simulated cluster, `sim1`, in a process of its own. */
export class SimulatorProcess {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, (answered: unknown) => void>();
  #count = 0;

  private constructor(child: ChildProcess) {
    this.#child = child;
    child.on('message', ({ id, answered }: { readonly id: number; readonly answered: unknown }) => {
      this.#waiting.get(id)?.(answered);
      this.#waiting.delete(id);
    });
  }

  static async start(settings: Simulated): Promise<SimulatorProcess> {
    const main = fileURLToPath(new URL('./simulator-process.ts', import.meta.url));
    const child = fork(main, [JSON.stringify(settings)], {
      // A cluster of thousands of tenants is large.
      execArgv: ['--max-old-space-size=16384'],
    });
    const simulator = new SimulatorProcess(child);
    await new Promise<void>((resolve, reject) => {
      simulator.#waiting.set(0, () => {
        resolve();
      });
      child.once('exit', (code) => {
        reject(new Error(`the simulator has ended with exit code ${code ?? 'none'}`));
      });
    });
    return simulator;
  }

  ask<What extends keyof Answers>(what: What, tenants: readonly string[] = []): Promise<Answers[What]> {
    const id = (this.#count += 1);
    return new Promise((resolve) => {
      this.#waiting.set(id, (answered) => {
        resolve(answered as Answers[What]);
      });
      this.#child.send({ id, asked: { what, tenants } satisfies Asked });
    });
  }

  async stop(): Promise<void> {
    const gone = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.disconnect();
    await gone;
  }
}
