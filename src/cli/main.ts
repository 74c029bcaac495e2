import packageJson from '../../package.json' with { type: 'json' };
import { reportError } from './errors.ts';
import type { ExitCode } from './exit-codes.ts';
import { EXIT } from './exit-codes.ts';
import { processIo } from './io.ts';
import { createProgram } from './program.ts';

const io = processIo();
let code: number = EXIT.ok;
try {
  await createProgram(io, packageJson.version, (ended) => (code = ended)).parseAsync();
} catch (error) {
  code = reportError(error, io) satisfies ExitCode;
}
process.exitCode = code;
