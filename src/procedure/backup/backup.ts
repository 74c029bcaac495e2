import type { ConfigMap, DeploymentConfig, ImageStream, Route } from '../../openshift/types.ts';
import { backupIsGone } from '../step-error.ts';

/** What the path touches, as it was before the first change. It holds passwords: it never leaves the tenant's namespace. */
export interface Backup {
  readonly deploymentconfigs: readonly DeploymentConfig[];
  readonly imagestreams: readonly ImageStream[];
  readonly routes: readonly Route[];
  /** Absent: the path touches none, or the backup is of an earlier release. */
  readonly configmaps?: readonly ConfigMap[];
  /** Names of the Secrets that paths create, whatever is chosen, and that were there already. */
  readonly secrets: readonly string[];
  /** The version that each DeploymentConfig had rolled out; absent: made by an earlier release. */
  readonly versions?: Readonly<Record<string, number>>;
  /** The image that `latest` of each image stream had, by digest: also where no tag of its spec says so. */
  readonly latest?: Readonly<Record<string, string>>;
  /** The uid of each DeploymentConfig: one that was made again since counts its versions anew. */
  readonly uids?: Readonly<Record<string, string>>;
}

type Kept = 'deploymentconfigs' | 'imagestreams' | 'routes' | 'configmaps';

/** The object as it was; undefined where there was none. Throws where the backup itself is gone. */
export function backedUp<R extends Kept>(
  backup: Backup | undefined,
  resource: R,
  name: string,
): NonNullable<Backup[R]>[number] | undefined {
  return required(backup)[resource]?.find(({ metadata }) => metadata.name === name);
}

/** Throws where the backup is gone: without it nothing may be taken for undone. */
export function required(backup: Backup | undefined): Backup {
  if (backup) return backup;
  throw backupIsGone();
}
