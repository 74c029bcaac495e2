/**
 * Runs one command after another in this process, each as a process of its own would: with its own arguments, environment and
 * state of modules. What it prints and its exit code are the answer. Packages are loaded once: that is what it saves.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { hasLoaded, loadSourcesAnew, nextRun } from './fresh-modules.ts';
import { addedTo } from './listeners.ts';
import type { Answer, Order } from './order.ts';
import { asLine, fromLine } from './order.ts';

const COMMAND = new URL('../../../src/cli/run-command.ts', import.meta.url).href;
const MAIN = fileURLToPath(new URL('../../../src/cli/main.ts', import.meta.url));

interface Run {
  stdout: string;
  stderr: string;
  /** Called with the exit code; the first one counts. */
  readonly end: (exitCode: number) => void;
}

/** Thrown where a command ends its process: nothing of it goes on. */
class Ended extends Error {}

/** Whose work it is: what somebody prints who should have ended is nobody else's. */
const runs = new AsyncLocalStorage<Run>();
const endThisProcess = process.exit.bind(process);

process.exit = (code) => {
  runs.getStore()?.end(Number(code ?? 0));
  throw new Ended();
};
process.on('unhandledRejection', endByError);
process.on('uncaughtException', endByError);
for (const name of ['stdout', 'stderr'] as const) process[name].write = keeping(name);
loadSourcesAnew();

const orders = new Socket({ fd: 3 });
for await (const line of createInterface({ input: orders }))
  orders.write(`${asLine(await carryOut(fromLine<Order>(line)))}\n`);
endThisProcess(0);

async function carryOut({ args, env }: Order): Promise<Answer> {
  for (const name of Object.keys(process.env)) Reflect.deleteProperty(process.env, name);
  Object.assign(process.env, env);
  process.argv = [process.execPath, MAIN, ...args];
  nextRun();
  const added = [process, process.stdout, process.stderr].map(addedTo);
  const { promise, resolve } = Promise.withResolvers<number>();
  const run: Run = { stdout: '', stderr: '', end: resolve };
  runs.run(run, () => void import(COMMAND).catch(endByError));
  const exitCode = await promise;
  for (const { event, listener, remove } of added.flatMap((found) => found())) {
    if (event === 'exit') runs.run(run, () => listener(exitCode));
    remove();
  }
  const mayHaveWorked = hasLoaded('src/worker/worker.ts');
  return { exitCode, stdout: run.stdout, stderr: run.stderr, mayHaveWorked };
}

/** As Node does: what nobody has caught is printed, and the exit code is 1. */
function endByError(error: unknown): void {
  const run = runs.getStore();
  if (!run || error instanceof Ended) return;
  run.stderr += `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`;
  run.end(1);
}

function keeping(name: 'stdout' | 'stderr'): typeof process.stdout.write {
  return (chunk: string | Uint8Array, ...more: unknown[]) => {
    const run = runs.getStore();
    if (run) run[name] += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString();
    const written = more.find((one): one is () => void => typeof one === 'function');
    if (written) process.nextTick(written);
    return true;
  };
}
