/**
 * Waits for an answer in a terminal. An input that ends without one (Ctrl-D, a terminal that is gone) says no, as Ctrl-C
 * does; where the process was stopped meanwhile (Ctrl-Z, then `fg`), the question stands on.
 */
export async function prompted<T>(
  ask: (context: { readonly signal: AbortSignal }) => Promise<T>,
): Promise<T> {
  const { stdin } = process;
  const ended = new AbortController();
  // A readline that closes pauses its input, and so does one that is continued: what goes on is resumed first.
  const onContinued = () => setImmediate(() => stdin.resume());
  const onPause = () =>
    setImmediate(() => {
      if (stdin.isPaused()) ended.abort();
    });
  process.on('SIGCONT', onContinued);
  stdin.on('pause', onPause);
  try {
    return await ask({ signal: ended.signal });
  } finally {
    process.off('SIGCONT', onContinued);
    stdin.off('pause', onPause);
  }
}
