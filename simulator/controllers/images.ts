import { asImageStream, timestamp } from '../objects.ts';
import type { ImageStream, NamedTagEvents, SpecTag, TagEvent } from '../objects.ts';
import { RESOURCES } from '../resources.ts';
import type { Store } from '../types.ts';

/** How tags of a stream get their images: shared by the API's image stream strategy and the import controller. */

export function latestTagEvent(stream: ImageStream, tag: string): TagEvent | undefined {
  return stream.status.tags?.find((events) => events.tag === tag)?.items?.[0];
}

/** Puts a new first item on a tag, or raises the generation of the one that is there. Changes `stream`. */
export function addTagEvent(stream: ImageStream, tag: string, event: TagEvent): boolean {
  stream.status.tags ??= [];
  const tags = stream.status.tags;
  let events = tags.find((candidate) => candidate.tag === tag);
  if (!events) {
    events = { tag, items: [] };
    tags.push(events);
    tags.sort((a, b) => (a.tag < b.tag ? -1 : 1));
  }
  delete events.conditions;
  const [first] = events.items ?? [];
  if (first && first.image === event.image && first.dockerImageReference === event.dockerImageReference) {
    if (first.generation >= event.generation) return false;
    first.generation = event.generation;
    return true;
  }
  events.items = [event, ...(events.items ?? [])];
  return true;
}

/** The tag of the same stream that a spec tag follows. */
export function followedTag(stream: ImageStream, tag: SpecTag): string | undefined {
  if (tag.from?.kind !== 'ImageStreamTag') return undefined;
  const namespace = tag.from.namespace ?? stream.metadata.namespace;
  if (namespace !== stream.metadata.namespace) return undefined;
  const [first = '', second] = tag.from.name.split(':');
  if (second === undefined) return first;
  return first === stream.metadata.name ? second : undefined;
}

/**
 * Fills status for changed spec tags that need no import: those that follow another tag, and references. As in
 * openshift-apiserver, following a tag also raises the generation of the item that is followed.
 */
export function applyChangedTags(store: Store, stream: ImageStream, changed: readonly SpecTag[]): void {
  for (const tag of changed) {
    if (tag.from?.kind === 'DockerImage') {
      if (tag.reference) {
        addTagEvent(stream, tag.name, {
          created: timestamp(),
          dockerImageReference: tag.from.name,
          image: '',
          generation: tag.generation,
        });
      }
      continue;
    }
    const event = followedEvent(store, stream, tag);
    if (!event) continue;
    event.generation = tag.generation;
    addTagEvent(stream, tag.name, { ...event });
  }
  followTags(stream);
}

function followedEvent(store: Store, stream: ImageStream, tag: SpecTag): TagEvent | undefined {
  const own = followedTag(stream, tag);
  if (own !== undefined) return latestTagEvent(stream, own);
  if (tag.from?.kind !== 'ImageStreamTag') return undefined;
  const [name = '', otherTag = ''] = tag.from.name.split(':');
  const other = store.get(RESOURCES.imagestreams, tag.from.namespace ?? stream.metadata.namespace, name);
  const event = other && latestTagEvent(asImageStream(other), otherTag);
  return event && { ...event };
}

/** Lets every tag that follows another of the same stream have its image. Changes `stream`. */
export function followTags(stream: ImageStream): void {
  for (const tag of stream.spec.tags ?? []) {
    const followed = followedTag(stream, tag);
    const event = followed === undefined ? undefined : latestTagEvent(stream, followed);
    const current = latestTagEvent(stream, tag.name);
    if (!event || current?.dockerImageReference === event.dockerImageReference) continue;
    event.generation = Math.max(event.generation, tag.generation);
    addTagEvent(stream, tag.name, { ...event });
  }
}

export function failedImport(
  events: NamedTagEvents,
  reason: string,
  message: string,
  generation: number,
): void {
  events.conditions = [
    { type: 'ImportSuccess', status: 'False', lastTransitionTime: timestamp(), reason, message, generation },
  ];
}

/** The image a trigger that names `stream:tag` resolves to. */
export function resolveImage(store: Store, namespace: string, name: string): string | undefined {
  const [streamName = '', tag = ''] = name.split(':');
  const stream = store.get(RESOURCES.imagestreams, namespace, streamName);
  return stream && latestTagEvent(asImageStream(stream), tag)?.dockerImageReference;
}
