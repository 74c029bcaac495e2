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

/** A path with its choices made. `hash` names a text by 12 hex digits (SHA-256 of it). */
export function resolvePath(
  { from, to, steps }: KnownPath,
  options: PathOptions,
  hash: (text: string) => string,
): ResolvedPath {
  const resolved = { from, to, steps: steps(options) };
  return { ...resolved, hash: hash(JSON.stringify(resolved)) };
}
