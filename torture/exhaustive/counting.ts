import type { Arrival } from '../faults/course.ts';
import type { Point } from './rows.ts';

/** Tells when the request of a point arrives: the so manieth of its method and path. */
export function counter(): (arrival: Arrival) => (point: Point | undefined) => boolean {
  const counts = new Map<string, number>();
  return ({ method, path, isWatch }) => {
    if (isWatch) return () => false;
    const key = `${method} ${path}`;
    const nth = (counts.get(key) ?? 0) + 1;
    counts.set(key, nth);
    return (point) => point !== undefined && point.nth === nth && `${point.method} ${point.path}` === key;
  };
}
