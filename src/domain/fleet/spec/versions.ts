/** From which version a path leads, and to which. */
export interface Versions {
  readonly from: string;
  readonly to: string;
}

/** Each once, in the order in which they come: tenants of one fleet may take several paths. */
export function versionsOf(paths: readonly Versions[]): Versions[] {
  const known = new Map(paths.map(({ from, to }) => [`${from}-${to}`, { from, to }]));
  return [...known.values()];
}

/** `2.3 → 2.4`, or `2.3 → 2.4, 2.4 → 2.5`. */
export function describeVersions(paths: readonly Versions[]): string {
  return versionsOf(paths)
    .map(({ from, to }) => `${from} → ${to}`)
    .join(', ');
}
