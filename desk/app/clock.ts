import { useEffect, useState } from 'preact/hooks';

/** How far this machine's clock is before the server's. */
let aheadMs = 0;

/** Ages are told by the server's clock: whoever looks may have another. */
export const setServerClock = (nowMs: number): void => {
  aheadMs = Date.now() - nowMs;
};

const serverNow = (): number => Date.now() - aheadMs;

const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

/** The server's time, anew every second: one timer, however many ages are shown. */
export function useNow(): number {
  const [now, setNow] = useState(serverNow);
  useEffect(() => {
    const tick = (): void => setNow(serverNow());
    listeners.add(tick);
    timer ??= setInterval(() => listeners.forEach((tell) => tell()), 1_000);
    tick();
    return () => {
      listeners.delete(tick);
      if (listeners.size > 0) return;
      clearInterval(timer);
      timer = undefined;
    };
  }, []);
  return now;
}
