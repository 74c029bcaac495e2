import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll } from '@jest/globals';
import type { Answer, Order } from './cli-host/order.ts';
import { asLine, fromLine } from './cli-host/order.ts';
import type { CliResult } from './run-cli.ts';
import { runCli as runProcess } from './run-cli.ts';

const HOST = fileURLToPath(new URL('./cli-host/host.ts', import.meta.url));

/** They go on until they are told to stop, or follow what others do: each is a process of its own. */
const LASTING = new Set([
  'worker',
  'dev',
  'demo',
  'simulator',
  'codec-server',
  'ui',
  '__complete',
  'watch',
  '--watch',
  '--wait',
]);

/** What Node and packages read once, at their start. */
const READ_AT_START = /^(NODE_|SSL_|GRPC_|FORCE_COLOR|DEBUG|OPENSSL_)/;

/** Every command leaves its modules behind. */
const MOST_ORDERS = 40;
const WITHIN_MS = 60_000;

interface Host {
  readonly child: ChildProcess;
  readonly answers: AsyncIterator<string>;
  readonly startedWith: string;
  orders: number;
}

let host: Host | undefined;
let isBusy = false;

afterAll(endHost);

/**
 * Runs the command as `runCli` does of run-cli.ts, at a fifth of the cost: one after another in a process that has loaded the
 * packages already (cli-host/host.ts). For tests of what a command says and of its exit code; where the process itself is what
 * is tested, run-cli.ts and cli-process.ts have one. Two at once are processes, too: one may wait for the other.
 */
export async function runCli(args: readonly string[], env: Record<string, string> = {}): Promise<CliResult> {
  if (isBusy || args.some((word) => LASTING.has(word))) return runProcess(args, env);
  isBusy = true;
  try {
    return await order({ args, env: { ...definedOf(process.env), ...env, NODE_OPTIONS: '', NO_COLOR: '1' } });
  } finally {
    isBusy = false;
  }
}

async function order(what: Order): Promise<CliResult> {
  const { child, answers } = await hostFor(what);
  const tooLate = setTimeout(() => void endHost(), WITHIN_MS);
  (child.stdio[3] as Socket).write(`${asLine(what)}\n`);
  const next = await answers.next();
  clearTimeout(tooLate);
  if (next.done)
    return { exitCode: undefined, stdout: '', stderr: `its process ended: ${child.exitCode ?? ''}` };
  // As execa, which leaves out the last line's end.
  const { exitCode, stdout, stderr, mayHaveWorked } = fromLine<Answer>(next.value);
  // Whoever looks for it next finds that its process is gone.
  if (mayHaveWorked) await endHost();
  return { exitCode, stdout: stdout.replace(/\n$/, ''), stderr: stderr.replace(/\n$/, '') };
}

async function hostFor({ env }: Order): Promise<Host> {
  const startedWith = JSON.stringify(
    Object.entries(env)
      .filter(([name]) => READ_AT_START.test(name))
      .sort(),
  );
  const isUsable =
    host?.startedWith === startedWith && host.orders < MOST_ORDERS && host.child.exitCode === null;
  if (!isUsable) await endHost();
  host ??= startHost(env, startedWith);
  host.orders += 1;
  return host;
}

function startHost(env: Order['env'], startedWith: string): Host {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', HOST], {
    env,
    stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
  });
  const line = child.stdio[3] as Socket;
  // Where it has ended, there is no answer: that says enough.
  line.on('error', () => undefined);
  const answers = createInterface({ input: line })[Symbol.asyncIterator]();
  return { child, answers, startedWith, orders: 0 };
}

async function endHost(): Promise<void> {
  const ended = host?.child;
  host = undefined;
  if (!ended || ended.exitCode !== null || ended.signalCode !== null) return;
  const gone = once(ended, 'exit');
  ended.kill('SIGKILL');
  await gone;
}

const definedOf = (env: NodeJS.ProcessEnv): Record<string, string> =>
  Object.fromEntries(Object.entries(env).filter((one): one is [string, string] => one[1] !== undefined));
