import { createHash } from 'node:crypto';

/** What the cluster's importer learns when it asks a registry for an image. */
export type ImportResult =
  | { readonly status: 'found'; readonly digest: string }
  | { readonly status: 'failed'; readonly reason: string; readonly message: string }
  /** The registry does not answer yet: the tag stays as it is. */
  | { readonly status: 'pending' };

/** The registries that the simulated cluster can reach, and what runs when an image is started. */
export interface ImageRegistry {
  import(reference: string): ImportResult;
  /** Adds an image; its digest is made from its name unless given. */
  add(reference: string, digest?: string): void;
  remove(reference: string): void;
  /** Images of this repository make the rollout of this DeploymentConfig fail. */
  breakRollout(imagePart: string, deploymentConfig?: string): void;
  failsToRun(images: readonly string[], deploymentConfig: string): boolean;
  /** What an unknown image does: `pending` as on a cluster without an importer, or `failed` as a registry answers. */
  unknownImages: 'pending' | 'failed';
}

export function createRegistry(): ImageRegistry {
  const images = new Map<string, string>();
  const broken: { imagePart: string; deploymentConfig: string | undefined }[] = [
    { imagePart: '/broken:', deploymentConfig: undefined },
  ];

  return {
    unknownImages: 'pending',
    add(reference, digest) {
      images.set(reference, digest ?? `sha256:${createHash('sha256').update(reference).digest('hex')}`);
    },
    remove(reference) {
      images.delete(reference);
    },
    import(reference) {
      const digest = images.get(reference) ?? images.get(withoutLatest(reference));
      if (digest) return { status: 'found', digest };
      if (this.unknownImages === 'pending') return { status: 'pending' };
      return {
        status: 'failed',
        reason: 'NotFound',
        message: `dockerimage.image.openshift.io "${withLatest(reference)}" not found`,
      };
    },
    breakRollout(imagePart, deploymentConfig) {
      broken.push({ imagePart, deploymentConfig });
    },
    failsToRun: (references, deploymentConfig) =>
      references.some((reference) =>
        broken.some(
          (rule) =>
            reference.includes(rule.imagePart) &&
            (rule.deploymentConfig === undefined || rule.deploymentConfig === deploymentConfig),
        ),
      ),
  };
}

const hasTag = (reference: string): boolean => /[:@][^/]*$/.test(reference);
const withLatest = (reference: string): string => (hasTag(reference) ? reference : `${reference}:latest`);
const withoutLatest = (reference: string): string => reference.replace(/:latest$/, '');

/** The repository part of a reference, without tag and digest: what a digest is appended to. */
export function repositoryOf(reference: string): string {
  return reference.replace(/@.*$/, '').replace(/:[^/:]*$/, '');
}
