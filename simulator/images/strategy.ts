import { isDeepStrictEqual } from 'node:util';
import type { Cluster } from '../cluster.ts';
import { copy } from '../copy.ts';
import { field } from '../errors.ts';
import type { FieldError } from '../errors.ts';
import { asImageStream } from '../objects.ts';
import type { ImageStream, SpecTag } from '../objects.ts';
import { isRecord } from '../schema/decode.ts';
import type { KubeObject, Store } from '../types.ts';
import { statusOfChangedTags } from './changed-tags.ts';
import { readSpecTags } from './spec-tags.ts';
import { updateTrackingTags } from './tag-events.ts';

/**
 * The image stream strategy of openshift-apiserver: `spec.tags` is a map by name behind a list (sorted, the last of a
 * name wins), a changed tag takes the stream's new generation, and tags that need no import get their image at once.
 */
export function prepareImageStream(
  cluster: Cluster,
  object: KubeObject,
  previous?: KubeObject,
): readonly FieldError[] {
  const { lookupPolicy, tags, ...rest } = isRecord(object.spec) ? object.spec : {};
  const next = readSpecTags(tags);
  const repository = `image-registry.openshift-image-registry.svc:5000/${object.metadata.namespace ?? ''}/${object.metadata.name}`;
  object.spec = {
    lookupPolicy: isRecord(lookupPolicy) ? { local: lookupPolicy.local === true } : { local: false },
    ...rest,
    ...(next.length > 0 ? { tags: next } : {}),
  };
  object.status = previous?.status ? copy(previous.status) : { dockerImageRepository: repository };
  return settleTags(cluster.store, asImageStream(object), previous && asImageStream(previous));
}

/** Counts generations of the tags, and lets status follow. Changes `stream`; returns what is wrong with it. */
export function settleTags(
  store: Store,
  stream: ImageStream,
  previous: ImageStream | undefined,
): readonly FieldError[] {
  const before = new Map((previous?.spec.tags ?? []).map((tag) => [tag.name, tag]));
  const tags = stream.spec.tags ?? [];
  for (const tag of tags) {
    // Cannot be set by a user, except to 0, which makes the tag a changed one.
    if (tag.generation !== 0) tag.generation = before.get(tag.name)?.generation ?? NaN;
  }
  const same = previous !== undefined && isDeepStrictEqual(stream.spec, previous.spec);
  const generation = previous ? (previous.metadata.generation ?? 1) + (same ? 0 : 1) : 1;
  const changed = tags.filter((tag) => isChanged(before.get(tag.name), tag, stream.metadata.namespace));
  for (const tag of tags) {
    if (!(tag.generation > 0) || changed.includes(tag)) tag.generation = generation;
  }
  const wrong = statusOfChangedTags(store, stream, changed);
  updateTrackingTags(stream, previous);
  if (wrong.length === 0) return [];
  const texts = wrong.map((error) => `${error.field}: ${error.message}`);
  const text = texts.length === 1 ? texts[0] : `[${texts.join(', ')}]`;
  return [field.internal('[]', `imagestreams "${stream.metadata.name}" is invalid: ${text ?? ''}`)];
}

/** `tagRefChanged`: annotations and policies make no new generation, but for the import mode. */
function isChanged(old: SpecTag | undefined, next: SpecTag, namespace = ''): boolean {
  if (!old) return true;
  if (!next.from || (!next.from.kind && !next.from.name)) return false;
  return (
    (old.from?.namespace ?? namespace) !== (next.from.namespace ?? namespace) ||
    old.from?.name !== next.from.name ||
    (old.reference ?? false) !== (next.reference ?? false) ||
    old.importPolicy.importMode !== next.importPolicy.importMode
  );
}
