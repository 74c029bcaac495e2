import { isDeepStrictEqual } from 'node:util';
import type { Cluster } from '../cluster.ts';
import { copy } from '../copy.ts';
import { asImageStream, timestamp } from '../objects.ts';
import type { ImageStream, SpecTag, TagEvent } from '../objects.ts';
import { repositoryOf } from '../registry.ts';
import type { ImportResult } from '../registry.ts';
import type { ImportFailure } from '../registry-words.ts';
import { RESOURCES } from '../resources.ts';
import { settleTags } from './strategy.ts';
import { addTagEvent, latestTagEvent } from './tag-events.ts';

/** One image that was asked for, for one tag. */
export interface ImageImport {
  readonly tag: string;
  readonly from: string;
  readonly importPolicy: Record<string, unknown>;
  readonly referencePolicy: { type: string };
  readonly result: ImportResult;
}

const CHECKED = 'openshift.io/image.dockerRepositoryCheck';

const CODES: Readonly<Record<string, number>> = { NotFound: 404, Unauthorized: 401, Forbidden: 403 };

/** One request to a registry; a scripted fault of this cluster's imports comes first. */
export function askRegistry(cluster: Cluster, namespace: string, reference: string): ImportResult {
  const fault = cluster.faults.work('import', namespace, reference);
  if (!fault) return cluster.registry.ask(reference);
  const { message, reason = 'InternalError' } = fault;
  return { status: 'failed', code: CODES[reason] ?? 500, reason, message };
}

/**
 * Writes what was imported, and what could not be, into a stream: `imagestreamimports` of openshift-apiserver, which the
 * import controller uses, too. A failure that is there already, in the same words, changes nothing.
 */
export function storeImports(
  cluster: Cluster,
  stored: ImageStream,
  imports: readonly ImageImport[],
  writer: string,
): ImageStream {
  const draft = asImageStream(copy(stored));
  const generation = (stored.metadata.generation ?? 0) + 1;
  for (const one of imports) record(draft, one, generation);
  const checked = stored.metadata.annotations?.[CHECKED] !== undefined;
  if (checked && isDeepStrictEqual(draft, stored)) return stored;
  draft.metadata.annotations = { ...draft.metadata.annotations, [CHECKED]: timestamp() };
  settleTags(cluster.store, draft, stored);
  return asImageStream(cluster.store.update(RESOURCES.imagestreams, draft, writer));
}

function record(stream: ImageStream, one: ImageImport, generation: number): void {
  const { result, tag, from } = one;
  if (result.status === 'failed') {
    fail(stream, tag, result, generation);
    if (!specTag(stream, tag)) resetSpecTag(stream, one);
    return;
  }
  const event: TagEvent = {
    created: timestamp(),
    dockerImageReference: `${repositoryOf(from)}@${result.digest}`,
    image: result.digest,
    generation,
  };
  if (hasChanged(stream, tag, event)) {
    resetSpecTag(stream, one);
    addTagEvent(stream, tag, event);
  }
  const spec = specTag(stream, tag);
  if (spec) spec.importPolicy = one.importPolicy;
  const events = stream.status.tags?.find((candidate) => candidate.tag === tag);
  if (events) delete events.conditions;
}

/** The condition of a failure that is not there yet; its tag takes the new generation. */
function fail(stream: ImageStream, tag: string, failure: ImportFailure, generation: number): void {
  const { reason, message } = failure;
  stream.status.tags ??= [];
  const { tags } = stream.status;
  let events = tags.find((candidate) => candidate.tag === tag);
  if (events?.conditions?.some((known) => known.reason === reason && known.message === message)) return;
  if (!events) tags.push((events = { tag, items: null }));
  tags.sort((a, b) => (a.tag < b.tag ? -1 : 1));
  const lastTransitionTime = timestamp();
  events.conditions = [
    { type: 'ImportSuccess', status: 'False', lastTransitionTime, reason, message, generation },
  ];
  const spec = specTag(stream, tag);
  if (spec) spec.generation = 0;
}

function hasChanged(stream: ImageStream, tag: string, next: TagEvent): boolean {
  const first = latestTagEvent(stream, tag);
  const spec = specTag(stream, tag);
  if (!first || !spec || spec.generation > first.generation) return true;
  return first.image !== next.image || first.dockerImageReference !== next.dockerImageReference;
}

/** The tag's own annotations and reference policy stay. */
function resetSpecTag(stream: ImageStream, { tag, from, importPolicy, referencePolicy }: ImageImport): void {
  const old = specTag(stream, tag);
  const next: SpecTag = {
    name: tag,
    annotations: old?.annotations ?? null,
    from: { kind: 'DockerImage', name: from },
    ...(old?.reference ? { reference: true } : {}),
    generation: 0,
    importPolicy,
    referencePolicy: old?.referencePolicy ?? referencePolicy,
  };
  const others = (stream.spec.tags ?? []).filter(({ name }) => name !== tag);
  stream.spec.tags = [...others, next].sort((a, b) => (a.name < b.name ? -1 : 1));
}

const specTag = (stream: ImageStream, tag: string): SpecTag | undefined =>
  stream.spec.tags?.find(({ name }) => name === tag);
