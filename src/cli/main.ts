import packageJson from '../../package.json' with { type: 'json' };
import { reportError } from './errors.ts';
import type { ExitCode } from './exit-codes.ts';
import { EXIT } from './exit-codes.ts';
import { processIo } from './io.ts';
import { createProgram } from './program.ts';
import { watchStopSignals } from './stop-signals.ts';

const io = processIo();
watchStopSignals(io);
let code: number = EXIT.ok;
try {
  await createProgram(io, packageJson.version, (ended) => (code = ended)).parseAsync();
} catch (error) {
  code = reportError(error, io) satisfies ExitCode;
}
// Whatever is left open (the SDK's runtime, a connection that hangs) must not keep a command alive that is over.
await Promise.all([written(process.stdout), written(process.stderr)]);
process.exit(code);

/** All of it has reached the reader, or the reader has gone. */
function written(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    stream.once('close', resolve);
    stream.write('', () => {
      resolve();
    });
  });
}
