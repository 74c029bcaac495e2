import { createLogUpdate } from 'log-update';
import type { Io } from './io.ts';
import { shownOn } from './io.ts';
import type { Fit } from './render/fit.ts';
import { onStop } from './stop-signals.ts';

/** Shows one state; `over`: it is the last one. */
export type Show<T> = (state: T, over: boolean) => void;

/** Looks and shows until it is over, and answers with the last state; undefined where somebody interrupts. */
export async function watchUntilOver<T>(work: {
  readonly look: () => Promise<T>;
  readonly isOver: (state: T) => boolean;
  readonly show: Show<T>;
  readonly everyMs: number;
  readonly signal: AbortSignal;
}): Promise<T | undefined> {
  const { look, isOver, show, everyMs, signal } = work;
  // A look may take as long as nobody answers: who interrupts does not wait for it.
  const interrupted = new Promise<undefined>((resolve) => {
    signal.addEventListener('abort', () => {
      resolve(undefined);
    });
  });
  for (;;) {
    const seen = await Promise.race([look().then((state) => ({ state })), interrupted]);
    if (!seen) return undefined;
    const { state } = seen;
    const over = isOver(state);
    show(state, over);
    if (over) return state;
    await Promise.race([new Promise((resolve) => setTimeout(resolve, everyMs)), interrupted]);
    if (signal.aborted) return undefined;
  }
}

/** What fits on the screen; its last line stays free for the cursor. Some terminals do not say how large they are. */
export function terminalSize(): Fit {
  const { rows, columns } = process.stdout;
  return { rows: (rows || 24) - 1, columns: columns || 80 };
}

/** A live screen; the end is printed as a whole: a screen shows only what fits it. */
export function liveScreen<T>(io: Io, render: (state: T, over: boolean) => string): Show<T> {
  const screen = createLogUpdate(process.stdout);
  return (state, over) => {
    const text = render(state, over);
    if (!over) {
      screen(shownOn(io, text));
      return;
    }
    screen.clear();
    screen.done();
    io.out(text);
  };
}

/** Runs `work` so that the first Ctrl-C, or SIGTERM, ends the looking only. */
export async function untilInterrupted<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const interrupted = new AbortController();
  const letGo = onStop(() => {
    interrupted.abort();
  });
  try {
    return await work(interrupted.signal);
  } finally {
    letGo();
  }
}
