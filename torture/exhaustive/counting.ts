import type { Arrival } from '../faults/course.ts';
import type { Point } from './rows.ts';

/** The path of a request as it is in every upgrade: a backup bears the id of its own. */
export const pathOfAny = (path: string): string =>
  path.replace(/(threescale-upgrade-backup-)[0-9a-f-]+/, '$1*');

/** Tells when the request of a point arrives: the so manieth of its method and path. */
export function counter(): (arrival: Arrival) => (point: Point | undefined) => boolean {
  const counts = new Map<string, number>();
  return ({ method, path, isWatch }) => {
    if (isWatch) return () => false;
    const key = `${method} ${pathOfAny(path)}`;
    const nth = (counts.get(key) ?? 0) + 1;
    counts.set(key, nth);
    return (point) => point !== undefined && point.nth === nth && `${point.method} ${point.path}` === key;
  };
}
