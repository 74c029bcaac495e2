import type { TagImageStreamStep } from '../../domain/tenant/step-kinds.ts';
import { isOpenShiftError } from '../../openshift/api-error.ts';
import { foreignWords } from '../../openshift/foreign-words.ts';
import { pause } from '../../openshift/pause.ts';
import type { TenantApi } from '../../openshift/tenant-api.ts';
import type { ImageStream, ImageStreamImport } from '../../openshift/types.ts';
import { imagesOfTag, LATEST, specTag, statusTag } from './stream-tags.ts';
import { editedByOthers, missing, StepError } from '../step-error.ts';

type Wanted = Pick<TagImageStreamStep, 'imageStream' | 'tag' | 'image'>;

export type Import =
  | { readonly status: 'imported'; readonly reference: string }
  | { readonly status: 'failed'; readonly why: string }
  | { readonly status: 'pending' };

/** How long the cluster's own importer is given, and how long is waited before each further time that it is asked. */
export interface Patience {
  readonly promptMs: number;
  readonly waitsMs: readonly number[];
  /** A registry that says nothing makes each answer late: nobody is asked again after this. */
  readonly longestMs: number;
}

/** A registry that is away for a quarter of a minute is survived by one attempt of the activity. */
const PATIENCE: Patience = {
  promptMs: 4_000,
  waitsMs: [1_000, 2_000, 4_000, 8_000, 15_000],
  longestMs: 60_000,
};
const CHANGED_MS = 100;

/** What does not exist, or may not be had, is asked for this often: registries are replicated, too. */
const FINAL_AFTER = 3;
const FINAL = ['NotFound', 'Unauthorized', 'Forbidden', 'Invalid', 'BadRequest'];
const FINAL_WORDS =
  /manifest unknown|name unknown|not found|unauthorized|authentication required|denied|x509/i;

/** Imported once the tag has an image of its newest generation, and `latest` has the same. */
export function importOf(stream: ImageStream, { tag }: Pick<Wanted, 'tag'>): Import {
  const generation = specTag(stream, tag)?.generation ?? 0;
  const { items, conditions } = statusTag(stream, tag) ?? {};
  const failure = conditions?.find(
    (condition) =>
      condition.type === 'ImportSuccess' &&
      condition.status === 'False' &&
      (condition.generation ?? 0) >= generation,
  );
  if (failure) return { status: 'failed', why: failure.message ?? failure.reason ?? 'no reason given' };
  const [item] = items ?? [];
  const [latest] = imagesOfTag(stream, LATEST);
  if (!item || (item.generation ?? 0) < generation || latest?.image !== item.image)
    return { status: 'pending' };
  return { status: 'imported', reference: item.dockerImageReference };
}

/**
 * Sees the tag's image imported. The cluster asks a registry once for a new tag, and never again by itself; so where
 * that does not succeed promptly, it is asked by `imagestreamimports`, which answers at once, and in the registry's words.
 * Returns how often that was needed. Throws `ImportFailed`.
 */
export async function importImage(
  api: TenantApi,
  seen: ImageStream,
  wanted: Wanted,
  patience: Patience = PATIENCE,
): Promise<number> {
  let stream = await promptly(api, seen, wanted, patience.promptMs);
  const began = performance.now();
  const isLate = (): boolean => performance.now() - began > patience.longestMs;
  let failures = 0;
  for (let asked = 0; ; asked += 1) {
    if (importOf(stream, wanted).status === 'imported') return asked;
    const answer = await ask(api, stream, wanted);
    if (answer.status === 'imported') {
      if (importOf(answer.stream, wanted).status === 'imported') return asked + 1;
      throw editedByOthers(nameOf(wanted), 'its tag latest');
    }
    let waitMs: number | undefined = CHANGED_MS;
    if (answer.status === 'failed') {
      waitMs = patience.waitsMs[failures];
      failures += 1;
      if (answer.isFinal && failures >= FINAL_AFTER) waitMs = undefined;
    }
    if (waitMs === undefined || isLate()) throw importFailed(wanted, answer.why);
    await pause(waitMs, api.signal);
    stream = await read(api, wanted);
  }
}

/** The stream as it is once the cluster's own importer has imported the image, or failed, or had time enough. */
async function promptly(
  api: TenantApi,
  seen: ImageStream,
  wanted: Wanted,
  promptMs: number,
): Promise<ImageStream> {
  const deadline = performance.now() + promptMs;
  for await (const stream of api.follow('imagestreams', seen)) {
    if (!stream) throw missing(nameOf(wanted));
    if (importOf(stream, wanted).status !== 'pending' || performance.now() > deadline) return stream;
  }
  return seen;
}

type Answer =
  | { readonly status: 'imported'; readonly stream: ImageStream }
  | { readonly status: 'failed'; readonly isFinal: boolean; readonly why: string }
  /** Somebody else has written the stream since we read it: maybe the cluster's importer. */
  | { readonly status: 'changed'; readonly why: string };

/** Asks only for a stream that is as it was read, so that no edit is lost; the tag's own annotations stay. */
async function ask(api: TenantApi, stream: ImageStream, wanted: Wanted): Promise<Answer> {
  const { name, resourceVersion } = stream.metadata;
  const tag = specTag(stream, wanted.tag);
  if (tag?.from?.kind !== 'DockerImage' || tag.from.name !== wanted.image)
    throw editedByOthers(nameOf(wanted), `its tag ${wanted.tag}`);
  const { from, importPolicy, referencePolicy } = tag;
  const image = {
    from,
    to: { name: tag.name },
    ...(importPolicy ? { importPolicy } : {}),
    ...(referencePolicy ? { referencePolicy } : {}),
  };
  try {
    const { status } = await api.create('imagestreamimports', {
      metadata: { name, ...(resourceVersion === undefined ? {} : { resourceVersion }) },
      spec: { import: true, images: [image] },
    });
    return understood(status, wanted);
  } catch (error) {
    if (isOpenShiftError(error, 'Conflict'))
      return { status: 'changed', why: 'the stream is written by somebody else all the time' };
    if (!isOpenShiftError(error, 'Unreachable') || !error.unsure) throw error;
    // The cluster waits for the registry: where it answers everything else, it is the registry that does not.
    await read(api, wanted);
    return { status: 'failed', isFinal: false, why: 'the registry gives no answer' };
  }
}

function understood(status: ImageStreamImport['status'], wanted: Wanted): Answer {
  const [answer] = status?.images ?? [];
  if (answer?.status?.status === 'Success' && status?.import) {
    return { status: 'imported', stream: status.import };
  }
  const { reason = '', message = '' } = answer?.status ?? {};
  const why = message || reason || `nothing is said of ${wanted.image}`;
  return { status: 'failed', isFinal: FINAL.includes(reason) || FINAL_WORDS.test(message), why };
}

async function read(api: TenantApi, wanted: Wanted): Promise<ImageStream> {
  const stream = await api.get('imagestreams', wanted.imageStream);
  if (!stream) throw missing(nameOf(wanted));
  return stream;
}

function importFailed(wanted: Wanted, why: string): StepError {
  const { tag, image } = wanted;
  return new StepError(
    'ImportFailed',
    `${nameOf(wanted)}:${tag} cannot be imported from ${image}: ${foreignWords(why)}`,
    `See that the cluster reaches the registry and may pull ${image}, then retry; another registry is named with --image (images in a file) when the upgrade is started.`,
  );
}

const nameOf = ({ imageStream }: Wanted): string => `imagestream/${imageStream}`;
