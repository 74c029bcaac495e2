import { createHash } from 'node:crypto';
import { importFailure } from './registry-words.ts';
import type { ImportFailure, RegistryAnswer } from './registry-words.ts';

export type { RegistryAnswer } from './registry-words.ts';

/** What the cluster's importer learns when it asks a registry for an image. */
export type ImportResult =
  { readonly status: 'found'; readonly digest: string } | ({ readonly status: 'failed' } & ImportFailure);

/** Which images of a registry fail, how, and for how long. */
export interface RegistryFault {
  /** A whole reference, or a pattern of references. */
  readonly images: string | RegExp;
  readonly answer: RegistryAnswer;
  /** Well again after this many requests; default never. */
  readonly times?: number;
  /** Well again this long after it was scripted; default never. */
  readonly forMs?: number;
}

/** A registry fault in force. */
export interface ScriptedRegistryFault {
  /** How many requests have met it. */
  readonly hits: number;
  remove(): void;
}

/** The registries that the simulated cluster can reach, and what runs when an image is started. */
export interface ImageRegistry {
  /** One request for an image. */
  ask(reference: string): ImportResult;
  /** Nobody imports this image: the cluster has no importer, and the tag stays as it is. */
  isOutOfReach(reference: string): boolean;
  /** Adds an image; its digest is made from its name unless given. */
  add(reference: string, digest?: string): void;
  remove(reference: string): void;
  /** Lets requests fail; the newest fault that matches counts. */
  fail(fault: RegistryFault): ScriptedRegistryFault;
  /** Images of this repository make the rollout of this DeploymentConfig fail. */
  breakRollout(imagePart: string, deploymentConfig?: string): void;
  failsToRun(images: readonly string[], deploymentConfig: string): boolean;
  /** What an unknown image does: `pending` as on a cluster without an importer, or `failed` as a registry answers. */
  unknownImages: 'pending' | 'failed';
}

export function createRegistry(): ImageRegistry {
  const images = new Map<string, string>();
  const faults: { readonly fault: RegistryFault; readonly since: number; hits: number }[] = [];
  const broken: { imagePart: string; deploymentConfig: string | undefined }[] = [
    { imagePart: '/broken:', deploymentConfig: undefined },
  ];
  const digestOf = (reference: string): string | undefined =>
    images.get(reference) ?? images.get(withoutLatest(reference));
  const faultOf = (reference: string): (typeof faults)[number] | undefined =>
    faults.findLast(({ fault, since, hits }) => {
      const matches =
        typeof fault.images === 'string' ? fault.images === reference : fault.images.test(reference);
      const isOver = hits >= (fault.times ?? Infinity) || Date.now() - since >= (fault.forMs ?? Infinity);
      return matches && !isOver;
    });

  return {
    unknownImages: 'pending',
    add(reference, digest) {
      images.set(reference, digest ?? `sha256:${createHash('sha256').update(reference).digest('hex')}`);
    },
    remove(reference) {
      images.delete(reference);
    },
    fail(fault) {
      const scripted = { fault, since: Date.now(), hits: 0 };
      faults.push(scripted);
      return {
        get hits() {
          return scripted.hits;
        },
        remove: () => {
          const index = faults.indexOf(scripted);
          if (index >= 0) faults.splice(index, 1);
        },
      };
    },
    isOutOfReach(reference) {
      return this.unknownImages === 'pending' && !digestOf(reference) && !faultOf(reference);
    },
    ask(reference) {
      const scripted = faultOf(reference);
      if (scripted) {
        scripted.hits += 1;
        return { status: 'failed', ...importFailure(reference, scripted.fault.answer) };
      }
      const digest = digestOf(reference);
      if (digest) return { status: 'found', digest };
      return { status: 'failed', ...importFailure(reference, 'not-found') };
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

const withoutLatest = (reference: string): string => reference.replace(/:latest$/, '');

/** The repository part of a reference, without tag and digest: what a digest is appended to. */
export function repositoryOf(reference: string): string {
  return reference.replace(/@.*$/, '').replace(/:[^/:]*$/, '');
}
