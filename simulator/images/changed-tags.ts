import { field } from '../errors.ts';
import type { FieldError } from '../errors.ts';
import { asImageStream, timestamp } from '../objects.ts';
import type { ImageStream, SpecTag, TagEvent } from '../objects.ts';
import { RESOURCES } from '../resources.ts';
import type { Store } from '../types.ts';
import { addTagEvent, imageOfId, latestTagEvent } from './tag-events.ts';

/**
 * Fills status for changed spec tags that need no import: those that follow another tag or an image, and references.
 * Changes `stream`; returns what is wrong with the references.
 */
export function statusOfChangedTags(
  store: Store,
  stream: ImageStream,
  changed: readonly SpecTag[],
): FieldError[] {
  return changed.flatMap((tag) => {
    if (!tag.from) return [];
    if (tag.from.kind === 'DockerImage' && tag.from.name) {
      if (tag.reference) addTagEvent(stream, tag.name, referenceEvent(tag, tag.from.name));
      return [];
    }
    const found = followedEvent(store, stream, tag);
    if (found && 'reason' in found) return [found];
    if (found) addTagEvent(stream, tag.name, { ...found });
    return [];
  });
}

function referenceEvent(tag: SpecTag, dockerImageReference: string): TagEvent {
  return { created: timestamp(), dockerImageReference, image: '', generation: tag.generation };
}

/** The image that a tag follows; undefined where that has none yet. */
function followedEvent(store: Store, stream: ImageStream, tag: SpecTag): TagEvent | FieldError | undefined {
  const { kind = '', name = '', namespace } = tag.from ?? {};
  const path = `spec.tags[${tag.name}].from.name`;
  const parts = name.split(kind === 'ImageStreamTag' ? ':' : '@');
  if ((kind !== 'ImageStreamTag' && kind !== 'ImageStreamImage') || parts.length > 2) {
    return field.invalid(path, name, 'must be of the form <tag>, <repo>:<tag>, <id>, or <repo>@<id>');
  }
  const [streamName, id = ''] = parts.length === 1 ? [stream.metadata.name, name] : parts;
  const own =
    streamName === stream.metadata.name &&
    (namespace ?? stream.metadata.namespace) === stream.metadata.namespace;
  const other = own
    ? stream
    : store.get(RESOURCES.imagestreams, namespace ?? stream.metadata.namespace, streamName ?? '');
  if (!other) return field.notFound(path, name);
  const followed = asImageStream(other);
  if (kind === 'ImageStreamImage') {
    const event = imageOfId(followed, id);
    const missing = `error generating tag event: imagestreamimage.image.openshift.io "${id}" not found`;
    if (!event) return field.invalid(path, name, missing);
    return { ...event, created: timestamp(), generation: tag.generation };
  }
  const event = latestTagEvent(followed, id);
  if (!event) return undefined;
  // As in openshift-apiserver: of the own stream, following a tag also raises the generation of the item that is followed.
  if (own) event.generation = tag.generation;
  return { ...event, generation: tag.generation };
}
