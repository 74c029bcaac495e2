import { isDeepStrictEqual } from 'node:util';
import type { Arrival } from '../faults/course.ts';
import type { Phase, Place, Point } from './place.ts';

/** The path of a request as it is in every upgrade: a backup bears the id of its own. */
const pathOfAny = (path: string): string => path.replace(/(threescale-upgrade-backup-)[0-9a-f-]+/, '$1*');

/** The request that brings the abort: while the last ones before the point of no return roll; and near the end. */
const TURNS: Readonly<Partial<Record<Phase, { method: string; end: string; nth: number }>>> = {
  abort: { method: 'PATCH', end: '/deploymentconfigs/zync', nth: 2 },
  revert: { method: 'DELETE', end: '/routes/system-master-admin', nth: 1 },
};

/** Tells which of an upgrade's requests brings the phase. */
export function turnOf(phase: Phase): (arrival: Arrival) => boolean {
  const turn = TURNS[phase];
  let seen = 0;
  return ({ method, path }) => turn?.method === method && path.endsWith(turn.end) && (seen += 1) === turn.nth;
}

/**
 * Tells of each request in turn the so manieth of its sort it is: of its method, its path and what it changes, since the
 * turn that brings the phase. How often the claim is looked at, and written, is not the same in every upgrade: what
 * came before the turn does not count, and a write of the claim is no other write.
 */
export function numbering(phase: Phase): (arrival: Arrival) => Point | undefined {
  const counts = new Map<string, number>();
  const isTurn = turnOf(phase);
  let hasBegun = TURNS[phase] === undefined;
  return (arrival) => {
    const { method, changes, isWatch } = arrival;
    if (isTurn(arrival)) {
      hasBegun = true;
      return undefined;
    }
    if (isWatch || !hasBegun) return undefined;
    const path = pathOfAny(arrival.path);
    const key = `${method} ${path} ${changes}`;
    const nth = (counts.get(key) ?? 0) + 1;
    counts.set(key, nth);
    return { method, path, changes, nth };
  };
}

/** Tells when the request of a place arrives. */
export function arrivalAt(phase: Phase, { after, ...wanted }: Place): (arrival: Arrival) => boolean {
  const numberOf = numbering(phase);
  let left = Infinity;
  return (arrival) => {
    const arrived = numberOf(arrival);
    if (!arrived) return false;
    if (!after) return isDeepStrictEqual(wanted, arrived);
    if (isDeepStrictEqual(after.point, arrived)) left = after.more;
    else if (isSameRequest(wanted, arrived)) left -= 1;
    else return false;
    return left === 0 && isSameRequest(wanted, arrived);
  };
}

export const isSameRequest = (one: Point, other: Point): boolean =>
  one.method === other.method && one.path === other.path && one.changes === other.changes;
