import type { PathOptions } from './2.3-to-2.4/steps.ts';
import { stepsFrom23To24 } from './2.3-to-2.4/steps.ts';
import type { Step } from '../tenant/step-kinds.ts';
import type { ResolvedPath } from '../tenant/step.ts';
import type { MinorVersion } from '../tenant/version.ts';

interface KnownPath {
  readonly from: MinorVersion;
  readonly to: MinorVersion;
  /** The DeploymentConfig that every installation has, on which an upgrade says that it is under way. */
  readonly anchor: string;
  steps(options: PathOptions): Step[];
}

/** Every upgrade path there is. */
export const PATHS: readonly KnownPath[] = [
  { from: '2.3', to: '2.4', anchor: 'system-app', steps: stepsFrom23To24 },
];

/** Default: the first. Undefined where there is no such path. */
export function findPath(name?: string): KnownPath | undefined {
  return name === undefined ? PATHS[0] : PATHS.find(({ from, to }) => `${from}-${to}` === name);
}

/** The DeploymentConfig that carries the claim of an upgrade along a path. */
export function anchorOf({ from, to }: { readonly from: string; readonly to: string }): string {
  return findPath(`${from}-${to}`)?.anchor ?? 'system-app';
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
  const { assumedVersion } = options;
  const resolved = { from, to, ...(assumedVersion ? { assumedVersion } : {}), steps: steps(options) };
  return { ...resolved, hash: hash(JSON.stringify(resolved)) };
}
