import packageJson from '../../package.json' with { type: 'json' };
import { answerWith, asksForJson, reportError } from './errors.ts';
import type { ExitCode } from './exit-codes.ts';
import { EXIT } from './exit-codes.ts';
import { isOutputLost, processIo } from './io.ts';
import { createProgram } from './program.ts';
import { watchStopSignals } from './stop-signals.ts';
import { traced } from './traced.ts';
import { linesAreALog, typingAlong } from './typed-along.ts';

const json = asksForJson(process.argv.slice(2));
const given = processIo();
let isAnswered = false;
let lastSaid = '';
const io = typingAlong({
  ...given,
  out: (line) => {
    isAnswered = true;
    given.out(line);
  },
  err: (line) => {
    lastSaid = line;
    given.err(line);
  },
});
watchStopSignals(io);
// Node would end with a code of its own where nothing that is waited for can come any more.
process.once('beforeExit', () => {
  process.exit(reportError(new Error('it waits for something that cannot come any more'), io, { json }));
});
let code: ExitCode = EXIT.ok;
try {
  const { version } = packageJson;
  const program = createProgram(io, version, (ended) => (code = ended as ExitCode));
  await traced({ version, say: io.err, exitCode: () => code }, () => program.parseAsync());
} catch (error) {
  code = reportError(error, io, { json }) satisfies ExitCode;
}
// A watch that was left, for one, has no result: a script is told why.
if (json && !isAnswered && code !== EXIT.ok) answerWith({ message: lastSaid, code }, io);
// Whatever is left open (the SDK's runtime, a connection that hangs) must not keep a command alive that is over.
await Promise.all([written(process.stdout), written(process.stderr)]);
process.exit(code === EXIT.ok && isOutputLost() && !linesAreALog() ? EXIT.interrupted : code);

/** All of it has reached the reader, or the reader has gone. */
function written(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    stream.once('close', resolve);
    stream.write('', () => {
      resolve();
    });
  });
}
