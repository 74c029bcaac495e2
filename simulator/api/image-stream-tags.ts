import type { Cluster } from '../cluster.ts';
import { copy } from '../copy.ts';
import { badRequest, notFound, preconditionFailed } from '../errors.ts';
import { storeMapping } from '../images/mapping.ts';
import { latestTagEvent } from '../images/tag-events.ts';
import { asImageStream } from '../objects.ts';
import type { ImageStream, SpecTag, TagEvent } from '../objects.ts';
import { IMAGE_STREAM_TAGS, RESOURCES } from '../resources.ts';
import { isRecord } from '../schema/decode.ts';

/** `POST imagestreammappings`: an image is pushed to a tag. */
export function createMapping(
  cluster: Cluster,
  namespace: string,
  body: Record<string, unknown>,
  writer: string,
): void {
  const metadata = isRecord(body.metadata) ? body.metadata : {};
  const name = typeof metadata.name === 'string' ? metadata.name : '';
  const found = cluster.store.get(RESOURCES.imagestreams, namespace, name);
  if (!found) throw notFound(RESOURCES.imagestreams, name);
  const image = isRecord(body.image) ? body.image : {};
  const imageMetadata = isRecord(image.metadata) ? image.metadata : {};
  const pushed = {
    tag: typeof body.tag === 'string' && body.tag ? body.tag : 'latest',
    dockerImageReference: String(image.dockerImageReference ?? ''),
    image: String(imageMetadata.name ?? ''),
  };
  storeMapping(cluster, asImageStream(found), pushed, writer);
}

/** A tag that has no image is not there, whatever the spec says. */
export function getTag(cluster: Cluster, namespace: string, name: string): Record<string, unknown> {
  const { stream, tag } = find(cluster, namespace, name);
  const event = latestTagEvent(stream, tag);
  if (!event?.image) throw notFound(IMAGE_STREAM_TAGS, name);
  return {
    kind: 'ImageStreamTag',
    apiVersion: 'image.openshift.io/v1',
    ...toTag(stream, tag, event, true),
  };
}

export function listTags(cluster: Cluster, namespace: string | undefined): Record<string, unknown>[] {
  return cluster.store.list(RESOURCES.imagestreams, namespace).flatMap((object) => {
    const stream = asImageStream(object);
    return (stream.status.tags ?? []).flatMap(({ tag, items }) => {
      const event = items?.[0];
      return event?.image ? [toTag(stream, tag, event, false)] : [];
    });
  });
}

/** `DELETE imagestreamtags`: the tag goes from spec and status. */
export function deleteTag(
  cluster: Cluster,
  namespace: string,
  name: string,
  { writer, uid }: { readonly writer: string; readonly uid: string | undefined },
): void {
  const { stream, tag } = find(cluster, namespace, name);
  if (uid !== undefined && uid !== stream.metadata.uid)
    throw preconditionFailed(IMAGE_STREAM_TAGS, name, 'the UID precondition was not met');
  const spec = (stream.spec.tags ?? []).filter((candidate) => candidate.name !== tag);
  const status = (stream.status.tags ?? []).filter((events) => events.tag !== tag);
  if (spec.length === (stream.spec.tags ?? []).length && status.length === (stream.status.tags ?? []).length)
    throw notFound(IMAGE_STREAM_TAGS, name);
  const draft = copy(stream);
  delete draft.spec.tags;
  delete draft.status.tags;
  if (spec.length > 0) draft.spec.tags = spec;
  if (status.length > 0) draft.status.tags = status;
  cluster.store.update(RESOURCES.imagestreams, draft, writer);
}

function find(cluster: Cluster, namespace: string, name: string): { stream: ImageStream; tag: string } {
  const [streamName, tag, more] = name.split(':');
  if (!streamName || !tag || more !== undefined)
    throw badRequest('ImageStreamTags must be retrieved with <name>:<tag>');
  const found = cluster.store.get(RESOURCES.imagestreams, namespace, streamName);
  if (!found) throw notFound(RESOURCES.imagestreams, streamName);
  return { stream: asImageStream(found), tag };
}

function toTag(stream: ImageStream, tag: string, event: TagEvent, withId: boolean): Record<string, unknown> {
  const { namespace, uid, resourceVersion, labels } = stream.metadata;
  const spec: SpecTag | undefined = stream.spec.tags?.find(({ name }) => name === tag);
  const conditions = stream.status.tags?.find((events) => events.tag === tag)?.conditions;
  const annotations = spec?.annotations ? { annotations: spec.annotations } : {};
  return {
    metadata: {
      name: `${stream.metadata.name}:${tag}`,
      namespace,
      uid,
      resourceVersion,
      creationTimestamp: event.created,
      ...(labels ? { labels } : {}),
      ...annotations,
    },
    tag: spec ?? null,
    generation: event.generation,
    lookupPolicy: stream.spec.lookupPolicy,
    ...(conditions ? { conditions } : {}),
    image: {
      metadata: {
        name: event.image,
        ...(withId ? { ...imageIdentity(stream, event), ...annotations } : {}),
      },
      dockerImageReference: event.dockerImageReference,
      dockerImageMetadata: {
        kind: 'DockerImage',
        apiVersion: 'image.openshift.io/1.0',
        Id: withId ? event.image : '',
        Created: null,
        ContainerConfig: {},
      },
      dockerImageMetadataVersion: '1.0',
    },
  };
}

/** Images are not stored by the simulator: their identity follows from their digest. */
function imageIdentity(stream: ImageStream, event: TagEvent): Record<string, unknown> {
  const hex = event.image.replace('sha256:', '').padEnd(32, '0');
  const uid = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20, 32),
  ].join('-');
  return {
    uid,
    resourceVersion: `${stream.metadata.resourceVersion}0`,
    creationTimestamp: event.created,
  };
}
