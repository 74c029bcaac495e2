import type { Readable } from 'node:stream';

/** What a process that execa has started is looked at by. */
interface Speaking extends PromiseLike<unknown> {
  readonly stderr: Readable;
}

/** Waits until a process has said this on stderr; rejects with what it said where it ends before. */
export async function untilSaid(process: Speaking, part: string): Promise<void> {
  let said = '';
  await new Promise<void>((resolve, reject) => {
    process.stderr.on('data', (chunk: Buffer | string) => {
      said += chunk.toString();
      if (said.includes(part)) resolve();
    });
    const ended = (): void => {
      reject(new Error(`it ended without saying ${part}: ${said}`));
    };
    process.then(ended, ended);
  });
}
