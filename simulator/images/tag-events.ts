import { isDeepStrictEqual } from 'node:util';
import { asImageStream } from '../objects.ts';
import type { ImageStream, SpecTag, TagEvent } from '../objects.ts';
import { RESOURCES } from '../resources.ts';
import type { Store } from '../types.ts';

/** How tags of a stream get their images: openshift-apiserver's `imageutil`, in the same words. */

export function latestTagEvent(stream: ImageStream, tag: string): TagEvent | undefined {
  return stream.status.tags?.find((events) => events.tag === tag)?.items?.[0];
}

/** Puts a new first item on a tag, or lets the one that is there have another generation. Changes `stream`. */
export function addTagEvent(stream: ImageStream, tag: string, next: TagEvent): boolean {
  stream.status.tags ??= [];
  const { tags } = stream.status;
  let events = tags.find((candidate) => candidate.tag === tag);
  if (!events) {
    events = { tag, items: [] };
    tags.push(events);
    tags.sort((a, b) => (a.tag < b.tag ? -1 : 1));
  }
  const [first] = events.items ?? [];
  const sameReference = first?.dockerImageReference === next.dockerImageReference;
  const sameImage = first?.image === next.image;
  if (first && sameReference && sameImage && first.generation === next.generation) return false;
  delete events.conditions;
  if (first && (sameReference || sameImage)) {
    const { image, dockerImageReference, generation } = next;
    Object.assign(first, { image, dockerImageReference, generation });
  } else events.items = [{ ...next }, ...(events.items ?? [])];
  return true;
}

/** The tag of the same stream that a spec tag follows. */
function followedTag(stream: ImageStream, tag: SpecTag): string | undefined {
  if (tag.from?.kind !== 'ImageStreamTag') return undefined;
  const namespace = tag.from.namespace ?? stream.metadata.namespace;
  if (namespace !== stream.metadata.namespace) return undefined;
  const [first = '', second] = tag.from.name.split(':');
  if (second === undefined) return first;
  return first === stream.metadata.name ? second : undefined;
}

/** Lets every tag that follows one whose image has changed since `previous` have that image. Changes `stream`. */
export function updateTrackingTags(stream: ImageStream, previous: ImageStream | undefined): void {
  for (const { tag } of [...(stream.status.tags ?? [])]) {
    const event = latestTagEvent(stream, tag);
    if (!event || (previous && isDeepStrictEqual(event, latestTagEvent(previous, tag)))) continue;
    for (const spec of stream.spec.tags ?? []) {
      if (followedTag(stream, spec) === tag) addTagEvent(stream, spec.name, event);
    }
  }
}

/** The image of this id (or the beginning of one) that any tag of the stream has had. */
export function imageOfId(stream: ImageStream, id: string): TagEvent | undefined {
  const all = (stream.status.tags ?? []).flatMap(({ items }) => items ?? []);
  return all.find(({ image }) => image.startsWith(id) || image.startsWith(`sha256:${id}`));
}

/** The image a trigger that names `stream:tag` resolves to. */
export function resolveImage(store: Store, namespace: string, name: string): string | undefined {
  const [streamName = '', tag = ''] = name.split(':');
  const stream = store.get(RESOURCES.imagestreams, namespace, streamName);
  return stream && latestTagEvent(asImageStream(stream), tag)?.dockerImageReference;
}
