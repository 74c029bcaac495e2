import type { ChildProcess } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { isFree } from '../../src/temporal/dev-server/ports.ts';

/** A port that nobody has, below those that systems give to whoever connects: it can be taken again after a kill. */
export async function steadyPort(): Promise<number> {
  for (;;) {
    const port = randomInt(15_000, 32_000);
    if (await isFree(port)) return port;
  }
}

/** Ends a process by a signal and resolves when it has ended; at once where it has already. */
export async function exits(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill(signal);
  await gone;
}

/** Asks again and again; only the test's own limit ends it. */
export async function untilTrue(ask: () => boolean | Promise<boolean>, everyMs = 100): Promise<void> {
  while (!(await ask())) await new Promise((resolve) => setTimeout(resolve, everyMs));
}
