import type { RefObject } from 'preact';
import { useEffect, useState } from 'preact/hooks';

/** Rows as high as the text of whoever looks wants them, px. */
export const rowHeight = (isNarrow: boolean): number =>
  Math.round(
    Number.parseFloat(getComputedStyle(document.documentElement).fontSize) * (isNarrow ? 3.4 : 1.75),
  );

const NARROW = '(max-width: 46rem)';

/** Where there is no room for a column for each step. */
export function useNarrow(): boolean {
  const [isNarrow, setNarrow] = useState(() => matchMedia(NARROW).matches);
  useEffect(() => {
    const query = matchMedia(NARROW);
    const changed = (): void => setNarrow(query.matches);
    query.addEventListener('change', changed);
    return () => query.removeEventListener('change', changed);
  }, []);
  return isNarrow;
}

/** How high an element is, px. */
export function useHeight(element: RefObject<HTMLElement | null>): number {
  const [height, setHeight] = useState(600);
  useEffect(() => {
    const { current } = element;
    if (!current) return undefined;
    const observer = new ResizeObserver(() => setHeight(current.clientHeight));
    observer.observe(current);
    return () => observer.disconnect();
  }, [element]);
  return height;
}
