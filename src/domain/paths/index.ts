import type { ResolvedPath } from '../tenant/step.ts';
import { compareVersions } from '../tenant/version.ts';
import * as catalogue from './catalogue.ts';
import type { PathOptions, UpgradePath } from './upgrade-path.ts';

/** Every upgrade path there is, from the oldest version on. */
export const PATHS: readonly UpgradePath[] = Object.values<UpgradePath>(catalogue).sort(
  (a, b) => compareVersions(a.from, b.from) || a.to.localeCompare(b.to),
);

interface Versions {
  readonly from: string;
  readonly to: string;
}

/** `2.3-2.4`: what `--path` takes. */
export const nameOfPath = ({ from, to }: Versions): string => `${from}-${to}`;

/** Default: the first. Undefined where there is no such path. */
export function findPath(name?: string): UpgradePath | undefined {
  return name === undefined ? PATHS[0] : PATHS.find((path) => nameOfPath(path) === name);
}

/** The DeploymentConfig that carries the claim of an upgrade along a path. */
export function anchorOf(path: Versions): string {
  return findPath(nameOfPath(path))?.anchor ?? 'system-app';
}

/** What names the version of an installation. */
export function evidenceOf(path: Versions): UpgradePath['evidence'] {
  return findPath(nameOfPath(path))?.evidence ?? { variable: 'AMP_RELEASE', containers: [] };
}

/** As `--path` takes them. */
export function pathNames(): string[] {
  return PATHS.map(nameOfPath);
}

const all = (of: (path: UpgradePath) => readonly string[]): readonly string[] => [
  ...new Set(PATHS.flatMap(of)),
];

/** Components, image streams and images of all paths, by name: what files are read by, before it is known which path is meant. */
export const COMPONENTS = all(({ components }) => components);
export const STREAMS = all(({ streams }) => streams);
export const IMAGE_NAMES = all(({ images }) => Object.keys(images));
/** Components that cannot be left as they are. */
export const NEVER_LEFT = all(({ neverLeft }) => neverLeft ?? []);

/** What `--image` calls the image of a stream, or of a DeploymentConfig's container; undefined where no path moves it. */
export const imageNameOf = (name: string): string | undefined =>
  PATHS.map(({ imageOf }) => imageOf[name]).find((found) => found !== undefined);

/** An option that is given, and that the path does not take, as it would have no effect; what of it: `images.zync`. */
export function optionNotTaken(path: UpgradePath, options: PathOptions): string | undefined {
  const { images = {}, components = {}, replaceLatest = [] } = options;
  const given = (['impersonation', 'releaseEverywhere', 'takeAlong'] as const).filter(
    (name) => options[name] && !path.options.includes(name),
  );
  const named = [
    ...Object.keys(images).map((name) => ['images', name, name in path.images] as const),
    ...Object.keys(components).map((name) => ['components', name, path.components.includes(name)] as const),
    ...replaceLatest.map((name) => ['replaceLatest', name, path.streams.includes(name)] as const),
  ];
  const [first] = named.filter(([, , isTaken]) => !isTaken).map(([option, name]) => `${option}.${name}`);
  return given[0] ?? first;
}

/** A path with its choices made. `hash` names a text by 12 hex digits (SHA-256 of it). */
export function resolvePath(
  { from, to, steps }: UpgradePath,
  options: PathOptions,
  hash: (text: string) => string,
): ResolvedPath {
  const { assumedVersion } = options;
  const resolved = { from, to, ...(assumedVersion ? { assumedVersion } : {}), steps: steps(options) };
  return { ...resolved, hash: hash(JSON.stringify(resolved)) };
}
