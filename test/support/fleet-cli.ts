import picocolors from 'picocolors';
import { reportError } from '../../src/cli/errors.ts';
import { createProgram } from '../../src/cli/program.ts';

export interface FleetResult {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs `fleet …` as a user would without a terminal, in this process. */
export async function runFleet(...args: readonly string[]): Promise<FleetResult> {
  const out: string[] = [];
  const err: string[] = [];
  const io = {
    out: (line: string) => void out.push(line),
    err: (line: string) => void err.push(line),
    interactive: false,
    colors: picocolors.createColors(false),
  };
  let code = 0;
  try {
    await createProgram(io, '0.0.0', (ended) => (code = ended)).parseAsync(['node', 'x', 'fleet', ...args]);
  } catch (error) {
    code = reportError(error, io, { json: args.includes('json') });
  }
  return { code, out: out.join('\n'), err: err.join('\n') };
}
