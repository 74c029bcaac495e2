import { spawn } from 'node:child_process';

/** The command counts these (src/cli/stop-signals.ts): a key pressed in a terminal reaches it and this process alike. */
const COUNTED = ['SIGINT', 'SIGTERM', 'SIGHUP'];
/** Passed on as they are: twice does no harm. */
const PASSED_ON = ['SIGQUIT', 'SIGUSR1', 'SIGUSR2'];

/**
 * Stands for another process as well as Node can, which cannot replace itself: passes signals on, waits for its end, and
 * ends the same way. Its end of the channel closes with this process however that ends: then the other one stops too.
 */
export function runInstead(command, args) {
  const child = spawn(command, args, { stdio: ['inherit', 'inherit', 'inherit', 'ipc'] });
  for (const signal of COUNTED) {
    let times = 0;
    let lastMs = 0;
    process.on(signal, () => {
      // As the command does: npm passes on what has come from the terminal already.
      if (Date.now() - lastMs >= 200) times += 1;
      lastMs = Date.now();
      // It is over already: its exit is about to be heard of.
      if (child.connected) child.send({ signal, times }, () => undefined);
    });
  }
  for (const signal of PASSED_ON) process.on(signal, () => child.kill(signal));
  child.once('error', (error) => {
    console.error(`threescale-upgrade: ${command} cannot be run: ${error.message}`);
    process.exit(1);
  });
  child.once('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    for (const name of [...COUNTED, ...PASSED_ON]) process.removeAllListeners(name);
    process.kill(process.pid, signal);
    // Where the signal does not end this process.
    setTimeout(() => process.exit(1), 1_000);
  });
}
