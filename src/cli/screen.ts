import { createLogUpdate } from 'log-update';
import type { Io } from './io.ts';
import { readerGone, shownOn } from './io.ts';
import type { Fit } from './render/fit.ts';
import { onStop } from './stop-signals.ts';
import { typedAlong } from './typed-along.ts';

/** Shows one state; `over`: it is the last one. */
export type Show<T> = (state: T, over: boolean) => void;

/** Where a live screen is shown: whoever writes below it lets go of it first. */
let release: () => void = () => undefined;

/** Looks and shows until it is over, and answers with the last state; undefined where somebody interrupts. */
export async function watchUntilOver<T>(work: {
  readonly look: () => Promise<T>;
  readonly isOver: (state: T) => boolean;
  readonly show: Show<T>;
  readonly everyMs: number;
  readonly signal: AbortSignal;
}): Promise<T | undefined> {
  const { look, isOver, show, everyMs, signal } = work;
  if (signal.aborted) return undefined;
  // A look may take as long as nobody answers: who interrupts does not wait for it.
  const interrupted = new Promise<undefined>((resolve) => {
    signal.addEventListener('abort', () => {
      resolve(undefined);
    });
  });
  for (;;) {
    const seen = await Promise.race([look().then((state) => ({ state })), interrupted]);
    if (!seen) return interruptedScreen();
    const { state } = seen;
    const over = isOver(state);
    show(state, over);
    if (over) return state;
    await Promise.race([new Promise((resolve) => setTimeout(resolve, everyMs)), interrupted]);
    if (signal.aborted) return interruptedScreen();
  }
}

function interruptedScreen(): undefined {
  release();
}

/** What fits on the screen; its last line stays free for the cursor. Some terminals do not say how large they are. */
export function terminalSize(): Fit {
  const { rows, columns } = process.stdout;
  return { rows: (rows || 24) - 1, columns: columns || 80, completed: typedAlong };
}

/** A live screen; the end is printed as a whole: a screen shows only what fits it. */
export function liveScreen<T>(io: Io, render: (state: T, over: boolean) => string): Show<T> {
  const screen = createLogUpdate(process.stdout);
  release = () => {
    release = () => undefined;
    screen.done();
    // The terminal has written ^C there.
    io.err('');
  };
  return (state, over) => {
    const text = render(state, over);
    if (!over) {
      screen(shownOn(io, text));
      return;
    }
    screen.clear();
    screen.done();
    release = () => undefined;
    io.out(text);
  };
}

/**
 * Runs `work` so that the first Ctrl-C, SIGTERM or SIGHUP ends the looking only, and so does an output that nobody reads any
 * more; with `unread`, which is called then, work goes on unseen.
 */
export async function untilInterrupted<T>(
  work: (signal: AbortSignal) => Promise<T>,
  { unread }: { readonly unread?: () => void } = {},
): Promise<T> {
  const interrupted = new AbortController();
  const end = (): void => {
    interrupted.abort();
  };
  const letGo = onStop(end);
  const onUnread = unread ?? end;
  if (readerGone.aborted) onUnread();
  else readerGone.addEventListener('abort', onUnread);
  try {
    return await work(interrupted.signal);
  } finally {
    letGo();
    readerGone.removeEventListener('abort', onUnread);
  }
}
