import { CliError } from './cli-error.ts';

/** Where a command is to listen, and the flag that says so. */
export interface Place {
  readonly host: string;
  readonly port: number;
  readonly flag: string;
}

/** No address of this machine, or no name that anybody knows. */
const NOT_OURS: ReadonlySet<string> = new Set(['EADDRNOTAVAIL', 'ENOTFOUND', 'EAI_AGAIN']);

/** Says why nobody can listen there. Throws CliError, and whatever else `listen` throws. */
export async function listening<T>({ host, port, flag }: Place, listen: () => Promise<T>): Promise<T> {
  try {
    return await listen();
  } catch (error) {
    // What else fails on the way has words of its own.
    if (!(error instanceof Error && 'syscall' in error && 'code' in error)) throw error;
    const code = String(error.code);
    throw new CliError(
      code === 'EADDRINUSE'
        ? `port ${port} of ${host} is taken`
        : `cannot listen on ${host}:${port}: ${code}`,
      {
        hint: NOT_OURS.has(code)
          ? `Name an address of this machine, or 0.0.0.0 for all of them, instead of ${host}.`
          : `Name another one with ${flag}; 0 takes a free one.`,
      },
    );
  }
}
