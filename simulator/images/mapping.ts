import type { Cluster } from '../cluster.ts';
import { copy } from '../copy.ts';
import { asImageStream, timestamp } from '../objects.ts';
import type { ImageStream, TagEvent } from '../objects.ts';
import { RESOURCES } from '../resources.ts';
import { addTagEvent, updateTrackingTags } from './tag-events.ts';

/** An image that was pushed to a tag. */
export interface PushedImage extends Pick<TagEvent, 'dockerImageReference' | 'image'> {
  readonly tag: string;
}

/** `imagestreammappings` of openshift-apiserver: the tag, and those that follow it, note the stream's generation. */
export function storeMapping(
  cluster: Cluster,
  stored: ImageStream,
  { tag, dockerImageReference, image }: PushedImage,
  writer: string,
): void {
  const stream = asImageStream(copy(stored));
  const generation = stream.metadata.generation ?? 1;
  addTagEvent(stream, tag, { created: timestamp(), dockerImageReference, image, generation });
  updateTrackingTags(stream, stored);
  cluster.store.update(RESOURCES.imagestreams, stream, writer);
}
