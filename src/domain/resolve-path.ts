import type { PathOptions } from './paths/upgrade-2.3-to-2.4.ts';
import { stepsFrom23To24 } from './paths/upgrade-2.3-to-2.4.ts';
import type { ResolvedPath, Step } from './step.ts';

interface KnownPath {
  readonly from: string;
  readonly to: string;
  steps(options: PathOptions): Step[];
}

/** Every upgrade path there is. */
export const PATHS: readonly KnownPath[] = [{ from: '2.3', to: '2.4', steps: stepsFrom23To24 }];

/** Default: the first. Undefined where there is no such path. */
export function findPath(name?: string): KnownPath | undefined {
  return name === undefined ? PATHS[0] : PATHS.find(({ from, to }) => `${from}-${to}` === name);
}

/** As `--path` takes them. */
export function pathNames(): string[] {
  return PATHS.map(({ from, to }) => `${from}-${to}`);
}

/** A path with its choices made. `hash` names a text by 12 hex digits (SHA-256 of it). */
export function resolvePath(
  { from, to, steps }: KnownPath,
  options: PathOptions,
  hash: (text: string) => string,
): ResolvedPath {
  const resolved = { from, to, steps: steps(options) };
  return { ...resolved, hash: hash(JSON.stringify(resolved)) };
}
