import { isDeepStrictEqual } from 'node:util';
import type { Cluster } from '../cluster.ts';
import { addTagEvent, applyChangedTags, followTags } from '../controllers/images.ts';
import { badRequest, notFound } from '../errors.ts';
import { asImageStream, timestamp } from '../objects.ts';
import type { ImageStream, NamedTagEvents, SpecTag, TagEvent } from '../objects.ts';
import { IMAGE_STREAM_TAGS, RESOURCES } from '../resources.ts';
import { isRecord } from '../schema/decode.ts';
import type { KubeObject } from '../types.ts';
import { copy } from '../copy.ts';

/**
 * The image stream strategy of openshift-apiserver: `spec.tags` is a map by name behind a list (sorted, the last of a
 * name wins), a changed tag takes the stream's new generation, and tags that need no import get their image at once.
 */
export function prepareImageStream(cluster: Cluster, object: KubeObject, previous?: KubeObject): void {
  const spec = isRecord(object.spec) ? object.spec : {};
  const before = previous ? (asImageStream(previous).spec.tags ?? []) : [];
  const { lookupPolicy, tags, ...rest } = spec;
  const byName = new Map<string, SpecTag>();
  const reset = new Set<string>();
  for (const tag of Array.isArray(tags) ? tags.filter(isRecord) : []) {
    const defaulted = defaultTag(tag);
    byName.set(defaulted.name, defaulted);
    // Cannot be set by an end user, except to 0, which asks for another import.
    if (tag.generation === 0) reset.add(defaulted.name);
  }
  const next = [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  const changed = next.filter((tag) => {
    const old = before.find(({ name }) => name === tag.name);
    return (
      !old || reset.has(tag.name) || !isDeepStrictEqual({ ...old, generation: 0 }, { ...tag, generation: 0 })
    );
  });
  const specChanged = changed.length > 0 || next.length !== before.length;
  const generation = previous ? (previous.metadata.generation ?? 1) + (specChanged ? 1 : 0) : 1;
  for (const tag of next) {
    const old = before.find(({ name }) => name === tag.name);
    tag.generation = changed.includes(tag) || !old ? generation : old.generation;
  }
  object.spec = {
    lookupPolicy: isRecord(lookupPolicy) ? { local: lookupPolicy.local === true } : { local: false },
    ...rest,
    ...(next.length > 0 ? { tags: next } : {}),
  };
  const repository = `image-registry.openshift-image-registry.svc:5000/${object.metadata.namespace ?? ''}/${object.metadata.name}`;
  object.status = previous?.status ? copy(previous.status) : { dockerImageRepository: repository };
  if (isValid(next)) applyChangedTags(cluster.store, asImageStream(object), changed);
}

/** Validation follows; a stream that fails it is not stored, whatever its status says. */
const isValid = (tags: readonly SpecTag[]): boolean => tags.every(({ from }) => !from || from.name !== '');

function defaultTag(tag: Record<string, unknown>): SpecTag {
  const { name, annotations, from, reference, importPolicy, referencePolicy } = tag;
  const policy = isRecord(referencePolicy) && referencePolicy.type ? { ...referencePolicy } : {};
  return {
    name: typeof name === 'string' ? name : '',
    annotations: isRecord(annotations) && Object.keys(annotations).length > 0 ? stringMap(annotations) : null,
    ...(isRecord(from) ? { from: objectReference(from) } : {}),
    ...(reference === true ? { reference } : {}),
    generation: 0,
    importPolicy: { importMode: 'Legacy', ...withoutFalse(isRecord(importPolicy) ? importPolicy : {}) },
    referencePolicy: { type: 'Source', ...policy },
  };
}

/** Flags that are off are not written out. */
const withoutFalse = (policy: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(policy).filter(([, value]) => value !== false));

const stringMap = (map: Record<string, unknown>): Record<string, string> =>
  Object.fromEntries(Object.entries(map).map(([key, value]) => [key, String(value)]));

function objectReference(from: Record<string, unknown>): { kind: string; name: string; namespace?: string } {
  const { kind, name, namespace } = from;
  return {
    kind: typeof kind === 'string' ? kind : '',
    name: typeof name === 'string' ? name : '',
    ...(typeof namespace === 'string' ? { namespace } : {}),
  };
}

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
  const stream = asImageStream(copy(found));
  const image = isRecord(body.image) ? body.image : {};
  const imageMetadata = isRecord(image.metadata) ? image.metadata : {};
  const tag = typeof body.tag === 'string' ? body.tag : '';
  addTagEvent(stream, tag, {
    created: timestamp(),
    dockerImageReference: String(image.dockerImageReference ?? ''),
    image: String(imageMetadata.name ?? ''),
    generation:
      stream.spec.tags?.find((candidate) => candidate.name === tag)?.generation ??
      stream.metadata.generation ??
      1,
  });
  followTags(stream);
  cluster.store.update(RESOURCES.imagestreams, stream, writer);
}

export function getTag(cluster: Cluster, namespace: string, name: string): Record<string, unknown> {
  const { stream, tag } = find(cluster, namespace, name);
  const spec = stream.spec.tags?.find((candidate) => candidate.name === tag);
  const events = stream.status.tags?.find((candidate) => candidate.tag === tag);
  if (!spec && !events) throw notFound(IMAGE_STREAM_TAGS, name);
  return {
    kind: 'ImageStreamTag',
    apiVersion: 'image.openshift.io/v1',
    ...toTag(stream, tag, spec, events, true),
  };
}

export function listTags(cluster: Cluster, namespace: string): Record<string, unknown>[] {
  return cluster.store.list(RESOURCES.imagestreams, namespace).flatMap((object) => {
    const stream = asImageStream(object);
    const names = new Set([
      ...(stream.status.tags ?? []).map(({ tag }) => tag),
      ...(stream.spec.tags ?? []).map(({ name }) => name),
    ]);
    return [...names].sort().map((tag) =>
      toTag(
        stream,
        tag,
        stream.spec.tags?.find(({ name }) => name === tag),
        stream.status.tags?.find((events) => events.tag === tag),
        false,
      ),
    );
  });
}

/** `DELETE imagestreamtags`: the tag goes from spec and status. */
export function deleteTag(cluster: Cluster, namespace: string, name: string, writer: string): void {
  const { stream, tag } = find(cluster, namespace, name);
  const draft = copy(stream);
  const inSpec = draft.spec.tags?.some((candidate) => candidate.name === tag);
  const inStatus = draft.status.tags?.some((events) => events.tag === tag);
  if (!inSpec && !inStatus) throw notFound(IMAGE_STREAM_TAGS, name);
  draft.spec.tags = (draft.spec.tags ?? []).filter((candidate) => candidate.name !== tag);
  draft.status.tags = (draft.status.tags ?? []).filter((events) => events.tag !== tag);
  cluster.store.update(RESOURCES.imagestreams, draft, writer);
}

function find(cluster: Cluster, namespace: string, name: string): { stream: ImageStream; tag: string } {
  const [streamName = '', tag] = name.split(':');
  if (tag === undefined) throw badRequest('ImageStreamTags must be retrieved with <name>:<tag>');
  const found = cluster.store.get(RESOURCES.imagestreams, namespace, streamName);
  if (!found) throw notFound(IMAGE_STREAM_TAGS, name);
  return { stream: asImageStream(found), tag };
}

function toTag(
  stream: ImageStream,
  tag: string,
  spec: SpecTag | undefined,
  events: NamedTagEvents | undefined,
  withId: boolean,
): Record<string, unknown> {
  const event = events?.items?.[0];
  const { namespace, uid, resourceVersion, creationTimestamp } = stream.metadata;
  return {
    metadata: {
      name: `${stream.metadata.name}:${tag}`,
      namespace,
      uid,
      resourceVersion,
      creationTimestamp: event?.created ?? creationTimestamp,
      ...(spec?.annotations ? { annotations: spec.annotations } : {}),
    },
    tag: spec ?? null,
    generation: event?.generation ?? spec?.generation ?? 0,
    lookupPolicy: stream.spec.lookupPolicy,
    ...(events?.conditions ? { conditions: events.conditions } : {}),
    image: {
      metadata: {
        name: event?.image ?? '',
        ...(withId ? imageIdentity(stream, event) : {}),
        ...(withId && spec?.annotations ? { annotations: spec.annotations } : {}),
      },
      dockerImageReference: event?.dockerImageReference ?? '',
      dockerImageMetadata: {
        kind: 'DockerImage',
        apiVersion: 'image.openshift.io/1.0',
        Id: withId ? (event?.image ?? '') : '',
        Created: null,
        ContainerConfig: {},
      },
      dockerImageMetadataVersion: '1.0',
    },
  };
}

/** Images are not stored by the simulator: their identity follows from their digest. */
function imageIdentity(stream: ImageStream, event: TagEvent | undefined): Record<string, unknown> {
  const hex = (event?.image ?? '').replace('sha256:', '').padEnd(32, '0');
  const uid = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20, 32),
  ].join('-');
  const { resourceVersion, creationTimestamp } = stream.metadata;
  return {
    uid,
    resourceVersion: `${resourceVersion}0`,
    creationTimestamp: event?.created ?? creationTimestamp,
  };
}
