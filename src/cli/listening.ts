import { CliError } from './cli-error.ts';

/** Where a command is to listen, and the flag that says so. */
export interface Place {
  readonly host: string;
  readonly port: number;
  readonly flag: string;
}

/** Says why nobody can listen there; what else fails meanwhile is no matter of the place, and is thrown on. Throws CliError. */
export async function listening<T>(place: Place, listen: () => Promise<T>): Promise<T> {
  try {
    return await listen();
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error && 'code' in error)) throw error;
    const said = whyNot(place, String(error.syscall), String(error.code));
    if (!said) throw error;
    throw new CliError(said.why, { hint: said.hint });
  }
}

function whyNot(
  { host, port, flag }: Place,
  syscall: string,
  code: string,
): { readonly why: string; readonly hint: string } | undefined {
  if (syscall === 'getaddrinfo' || code === 'EADDRNOTAVAIL')
    return {
      why: `${host} is no address of this machine`,
      hint: 'Name one that it has, as 127.0.0.1; 0.0.0.0: all of them.',
    };
  if (syscall !== 'listen') return undefined;
  return {
    why:
      code === 'EADDRINUSE'
        ? `port ${port} of ${host} is taken`
        : `cannot listen on ${host}:${port}: ${code}`,
    hint: `Name another one with ${flag}; 0 takes a free one.`,
  };
}
