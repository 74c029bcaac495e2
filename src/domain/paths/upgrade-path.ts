import type { Step } from '../tenant/step-kinds.ts';
import type { MinorVersion, Release } from '../tenant/version.ts';
import type { PathChoices } from './choices.ts';

/** What may be chosen of an upgrade along a path. Which of it a path takes, `options` of the path says. */
export interface PathOptions extends PathChoices {
  /** Instead of the path's own, by the names that the path gives them. */
  readonly images?: Readonly<Record<string, string>>;
  /** Section 1.3: the Secret in the tenant's namespace that holds the new `username` and `domain`. */
  readonly impersonation?: { readonly fromSecret: string };
  /** Also set AMP_RELEASE where the guide leaves 2.3.0: system-app's pre-hook and system-sidekiq. Default false. */
  readonly releaseEverywhere?: boolean;
  /** What installations are taken for of which nothing names the version; any other path than from there is refused. */
  readonly assumedVersion?: MinorVersion;
}

/** Where a path does otherwise than its guide. */
export interface Deviation {
  /** The section of the guide: `8`, `2–5`, `all`. */
  readonly guide: string;
  readonly documented: string;
  /** What comes of it as it is documented. */
  readonly trouble: string;
  readonly instead: string;
  /** The end state differs from the guide's, and not only the way there. */
  readonly inEndState?: true;
}

/** An upgrade path: all that the tool has to know of it. docs/adding-a-path.md says how one is added. */
export interface UpgradePath {
  readonly from: MinorVersion;
  readonly to: Release;
  /** Where the procedure is documented, for people. */
  readonly guide: string;
  /** What it does otherwise than that; absent: nothing. */
  readonly deviations?: readonly Deviation[];
  /** The DeploymentConfig that every installation has, on which an upgrade says that it is under way. */
  readonly anchor: string;
  /** What names the version of an installation: a variable of these containers of the anchor. */
  readonly evidence: { readonly variable: string; readonly containers: readonly string[] };
  /**
   * Which of these it takes; another one is refused, as it would have no effect. What of images, components and streams it takes is
   * below; `assumedVersion` is taken by all.
   */
  readonly options: readonly ('impersonation' | 'releaseEverywhere' | 'takeAlong')[];
  /** The vendor's images of the new version, by the names that `--image` and `images` of a file take. */
  readonly images: Readonly<Record<string, string>>;
  /** The name in `images` of what an image stream is tagged with, or a DeploymentConfig's image is set to. */
  readonly imageOf: Readonly<Record<string, string>>;
  /** DeploymentConfigs whose images come from the path's image streams. */
  readonly components: readonly string[];
  /** Those of them that cannot be left as they are, as they migrate the database of the others. */
  readonly neverLeft?: readonly string[];
  /** The image streams that it tags. */
  readonly streams: readonly string[];
  /** Its steps in their order; the same for the same options. */
  steps(options: PathOptions): Step[];
}
