import { CliError } from './cli-error.ts';

/** Where a command is to listen, and the flag that says so. */
export interface Place {
  readonly host: string;
  readonly port: number;
  readonly flag: string;
}

/** Says why nobody can listen there. Throws CliError. */
export async function listening<T>({ host, port, flag }: Place, listen: () => Promise<T>): Promise<T> {
  try {
    return await listen();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    throw new CliError(
      code === 'EADDRINUSE'
        ? `port ${port} of ${host} is taken`
        : `cannot listen on ${host}:${port}: ${code}`,
      { hint: `Name another one with ${flag}; 0 takes a free one.` },
    );
  }
}
