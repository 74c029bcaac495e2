import type { Io } from './io.ts';
import { EXIT } from './exit-codes.ts';

/** Ctrl-C, a supervisor, a terminal that is closed. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** npm passes on what its child has had from the terminal already: so soon after, it is the same key. */
const SAME_KEY_MS = 200;

/** What the launcher says of a signal that it got: how many of this kind it has had by now. */
export interface Forwarded {
  readonly signal: string;
  readonly times: number;
}

const listeners = new Set<() => void>();
/** What the parts of a command have to say where it is ended at once: the innermost knows best. */
const lastWords: (() => string)[] = [];
/** By signal: had by this process itself, and by its launcher. A key pressed reaches both, and counts once. */
const had = new Map<string, { direct: number; forwarded: number }>();
let asked = 0;

/**
 * Once per process. The first signal asks whoever listens to end what it does; where nobody does, and from the second
 * one on, the process ends at once. Where a launcher stands before this process, its end counts as a signal.
 */
export function watchStopSignals({ err }: Pick<Io, 'err'>): void {
  const count = (signal: string, more: { direct: number } | { forwarded: number }): void => {
    note(signal, more);
    const now = levels();
    while (asked < now) stop(err);
  };
  for (const signal of SIGNALS) {
    let lastMs = -Infinity;
    process.on(signal, () => {
      const isSame = performance.now() - lastMs < SAME_KEY_MS;
      lastMs = performance.now();
      if (!isSame) count(signal, { direct: (had.get(signal)?.direct ?? 0) + 1 });
    });
  }
  // Started over a channel: whoever holds its other end looks after this process.
  if (!process.send) return;
  process.on('message', (message: unknown) => {
    if (isForwarded(message)) count(message.signal, { forwarded: message.times });
  });
  const launcherGone = (): void => {
    count('launcher', { direct: 1 });
  };
  process.on('disconnect', launcherGone);
  process.channel?.unref();
  if (!process.connected) launcherGone();
}

/** Calls `listener` at the first signal, instead of ending the process; answers how to let go of it again. */
export function onStop(listener: () => void): () => void {
  listeners.add(listener);
  if (asked > 0) queueMicrotask(listener);
  return () => listeners.delete(listener);
}

/** Resolves at the first signal. */
export async function untilStopped(): Promise<void> {
  let letGo: (() => void) | undefined;
  await new Promise<void>((resolve) => {
    letGo = onStop(resolve);
  });
  letGo?.();
}

/** While `work` runs, a process that is ended at once says how things stand, and what to type. */
export async function withLastWord<T>(word: () => string, work: () => Promise<T>): Promise<T> {
  lastWords.push(word);
  try {
    return await work();
  } finally {
    lastWords.splice(lastWords.indexOf(word), 1);
  }
}

function note(signal: string, more: { direct: number } | { forwarded: number }): void {
  had.set(signal, { direct: 0, forwarded: 0, ...had.get(signal), ...more });
}

const levels = (): number =>
  [...had.values()].reduce((sum, { direct, forwarded }) => sum + Math.max(direct, forwarded), 0);

function stop(err: (line: string) => void): void {
  asked += 1;
  if (asked > 1 || listeners.size === 0) {
    // Whoever hears signals has said already what becomes of it.
    err(lastWords.at(-1)?.() ?? (asked > 1 ? 'interrupted' : 'interrupted: nothing was changed'));
    process.exit(EXIT.interrupted);
  }
  for (const listener of [...listeners]) listener();
}

function isForwarded(message: unknown): message is Forwarded {
  return (
    typeof message === 'object' &&
    message !== null &&
    'signal' in message &&
    typeof message.signal === 'string' &&
    'times' in message &&
    typeof message.times === 'number'
  );
}
