import { spawn } from 'node:child_process';
import { childEnvironment } from '../child-environment.ts';
import type { CloudEvent } from './cloud-event.ts';
import { codeOf, DeliveryError } from './delivery-error.ts';
import { commandFile } from './settings.ts';

const ENDS_WITHIN_MS = 20_000;

/**
 * Runs a command of the worker's own folder, without arguments or a shell, and gives it the message on its standard input. It
 * has none of our secrets in its environment; what it writes is not looked at. Throws DeliveryError where it does not end well.
 */
export async function runCommand(name: string, event: CloudEvent): Promise<void> {
  const file = commandFile(name);
  const how = await ending(file, JSON.stringify(event));
  if (how !== 'well') throw new DeliveryError(`the command ${how}`);
}

function ending(file: string, input: string): Promise<string> {
  return new Promise((resolve) => {
    const child = spawn(file, [], {
      stdio: ['pipe', 'ignore', 'ignore'],
      env: childEnvironment(),
      timeout: ENDS_WITHIN_MS,
      killSignal: 'SIGKILL',
    });
    child.on('error', (error) => {
      resolve(`cannot be run (${codeOf(error)})`);
    });
    child.on('exit', (code, signal) => {
      if (code === 0) resolve('well');
      else
        resolve(
          signal === 'SIGKILL'
            ? 'had not ended in time, and was ended'
            : `has ended with ${code ?? signal ?? ''}`,
        );
    });
    // It may have ended without reading it.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}
