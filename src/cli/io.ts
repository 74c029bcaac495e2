import picocolors from 'picocolors';
import { shownText } from '../domain/text/plain-text.ts';

export type Colors = ReturnType<typeof picocolors.createColors>;

/** Where a command writes: results to `out`, everything else to `err`, so that a pipe gets results only. */
export interface Io {
  out(line: string): void;
  err(line: string): void;
  /** True where a person watches: live lines, questions. */
  readonly interactive: boolean;
  readonly colors: Colors;
}

/** A pipe without a reader; a terminal that was closed. */
const UNREAD = ['EPIPE', 'EIO'];
const unread = new AbortController();

/** Aborted once nobody reads the results any more. */
export const readerGone: AbortSignal = unread.signal;

let isLost = false;

/** Whether a result could not be written (a full disk): who reads it then must not take it for whole. */
export const isOutputLost = (): boolean => isLost;

/**
 * A reader that has seen enough, such as `head`, ends nothing by itself: who looks only, decides (screen.ts). Neither does a disk
 * that is full: what is carried out in this process is worth more than its log.
 */
function outliveReaders(): void {
  process.stdout.on('error', ({ code = 'it failed' }: NodeJS.ErrnoException) => {
    if (!UNREAD.includes(code) && !isLost) {
      isLost = true;
      process.stderr.write(
        `error: the output cannot be written (${code}): what it says from here on is lost\n`,
      );
    }
    unread.abort();
  });
  // Nobody is left who could be told.
  process.stderr.on('error', () => undefined);
}

export function processIo(options: { color?: boolean } = {}): Io {
  outliveReaders();
  const interactive = process.stdout.isTTY && process.stdin.isTTY;
  const colors = picocolors.createColors(
    (options.color ?? true) && process.stdout.isTTY && picocolors.isColorSupported,
  );
  return {
    out: (line) => void process.stdout.write(`${shownOn({ colors }, line)}\n`),
    err: (line) => void process.stderr.write(`${shownOn({ colors }, line)}\n`),
    interactive,
    colors,
  };
}

/** A text as it may be written to a terminal: whatever a terminal would obey is to be seen instead, but for our own colours. */
export function shownOn({ colors }: Pick<Io, 'colors'>, text: string): string {
  return shownText(text, colors.isColorSupported ? isOwnColor : undefined);
}

/** Bold, dim, red, green, yellow, cyan, and their ends: all that `colors` is used for. */
const OWN_COLORS: ReadonlySet<string> = new Set(
  [1, 2, 22, 31, 32, 33, 36, 39].map((code) => `\u001b[${code}m`),
);
const isOwnColor = (sequence: string): boolean => OWN_COLORS.has(sequence);
