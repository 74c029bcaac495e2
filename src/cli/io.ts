import picocolors from 'picocolors';

export type Colors = ReturnType<typeof picocolors.createColors>;

/** Where a command writes: results to `out`, everything else to `err`, so that a pipe gets results only. */
export interface Io {
  out(line: string): void;
  err(line: string): void;
  /** True where a person watches: live lines, questions. */
  readonly interactive: boolean;
  readonly colors: Colors;
}

/** A reader that has seen enough, such as `head`, ends nothing: what is carried out beside goes on. */
function outliveReaders(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
}

export function processIo(options: { color?: boolean } = {}): Io {
  outliveReaders();
  const interactive = process.stdout.isTTY && process.stdin.isTTY;
  return {
    out: (line) => void process.stdout.write(`${line}\n`),
    err: (line) => void process.stderr.write(`${line}\n`),
    interactive,
    colors: picocolors.createColors(
      (options.color ?? true) && process.stdout.isTTY && picocolors.isColorSupported,
    ),
  };
}
