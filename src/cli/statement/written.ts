import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { writeWholeFile } from '../../config/reading/whole-file.ts';
import { CliError } from '../cli-error.ts';
import { EXIT } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { isOutputLost, readerGone, shownOn } from '../io.ts';
import type { HandOverOptions } from '../report-output.ts';
import type { Resource } from './in-toto.ts';

/** How a report is called in a statement, by its format. */
const NAMES = { text: 'report.md', json: 'report.json', junit: 'report.xml', html: 'report.html' } as const;

/**
 * Lets `print` write a report, and then the statement about it into its file, with the digest of the bytes that were written.
 * Without a file only the report is written. Throws CliError where the report could not be written, and ConfigError where the
 * statement cannot.
 */
export async function withStatement(
  io: Io,
  { output = 'text', statement: file }: HandOverOptions,
  {
    print,
    statement,
  }: {
    readonly print: (io: Io) => Promise<void> | void;
    readonly statement: (report: Resource) => string;
  },
): Promise<void> {
  if (file === undefined) {
    await print(io);
    return;
  }
  const hash = createHash('sha256');
  const out = (line: string): void => {
    hash.update(`${shownOn(io, line)}\n`);
    io.out(line);
  };
  await print({ ...io, out });
  // What a full disk has to say comes right after.
  await setImmediate();
  if (isOutputLost() || readerGone.aborted)
    throw new CliError(`the report was not written whole, so that ${file} was not written`, {
      hint: 'Write the report where there is space left.',
      exitCode: EXIT.interrupted,
    });
  const report = { name: NAMES[output], digest: { sha256: hash.digest('hex') } };
  writeWholeFile(file, statement(report), '--statement');
  io.err(`statement about ${report.name} (sha256 ${report.digest.sha256}) written to ${file}`);
}
