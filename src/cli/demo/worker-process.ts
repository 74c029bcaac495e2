import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** A worker in a process of its own, that can be killed. */
export interface WorkerProcess {
  readonly pid: number;
  /** SIGKILL: nothing in it gets a chance to tidy up. Resolves when it is gone. */
  kill(): Promise<void>;
}

const MAIN = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? '../main.ts' : '../main.js', import.meta.url),
);

/** Resolves when it polls; `more`: further flags of `worker`. Rejects with what it said where it ends before. */
export function startWorkerProcess(
  kubeconfig: string,
  env: NodeJS.ProcessEnv,
  more: readonly string[] = [],
): Promise<WorkerProcess> {
  const child = spawn(process.execPath, [MAIN, 'worker', '--kubeconfig', kubeconfig, ...more], {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const gone = new Promise<void>((resolve) =>
    child.once('exit', () => {
      resolve();
    }),
  );
  return new Promise((resolve, reject) => {
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-4_000);
      if (!said.includes('worker ready')) return;
      resolve({
        pid: child.pid ?? 0,
        kill: async () => {
          child.kill('SIGKILL');
          await gone;
        },
      });
    });
    child.once('error', reject);
    void gone.then(() => {
      reject(new Error(`the worker ended: ${said}`));
    });
  });
}
