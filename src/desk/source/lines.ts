import type { TenantLine } from '../../domain/fleet/show/tenant-lines.ts';

/** A change is told to whoever looks; of how many changes it is remembered which tenants they were about. */
const REMEMBERED = 50;

/** All tenants of a fleet, in the plan's order, and what has changed lately. */
export interface Lines {
  readonly lines: readonly TenantLine[];
  /** Rises with every change. */
  readonly version: number;
  /** By version: the places in the plan that have changed with it; newest last. */
  readonly changes: readonly { readonly version: number; readonly indexes: readonly number[] }[];
}

/** The same lines where none of them has changed. */
export function linesAfter(before: Lines | undefined, lines: readonly TenantLine[]): Lines {
  if (!before) return { lines, version: 1, changes: [] };
  const indexes = lines.flatMap((line, index) => (isSame(before.lines[index], line) ? [] : [index]));
  if (indexes.length === 0 && lines.length === before.lines.length) return before;
  const version = before.version + 1;
  return { lines, version, changes: [...before.changes, { version, indexes }].slice(-REMEMBERED) };
}

/** What has changed since a version; `undefined`: nobody remembers, all of it may have. */
export function changedSince({ version, changes }: Lines, since: number): readonly number[] | undefined {
  if (since === version) return [];
  const later = changes.filter((change) => change.version > since);
  if (later.length < version - since) return undefined;
  return [...new Set(later.flatMap(({ indexes }) => indexes))].sort((one, other) => one - other);
}

/** Most of ten thousand have not changed: their text is made only where the quick looks are equal. */
function isSame(before: TenantLine | undefined, after: TenantLine): boolean {
  if (!before) return false;
  const { state, since, attempts, wave, name } = before;
  if (state !== after.state || since !== after.since || attempts !== after.attempts) return false;
  if (wave !== after.wave || name !== after.name) return false;
  return JSON.stringify(before) === JSON.stringify(after);
}
