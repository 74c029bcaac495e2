import type { Step } from '../../domain/tenant/step-kinds.ts';
import type { ImageStream, SpecTag, StatusTag, TagEvent } from '../../openshift/types.ts';
import { stepsOf } from '../../domain/tenant/step.ts';

/** The tag that DeploymentConfigs follow, and that an upgrade moves. */
export const LATEST = 'latest';

/** A tag as its owner has set it. The server sorts the list, so that it is found by its name. */
export const specTag = ({ spec }: ImageStream, name: string): SpecTag | undefined =>
  spec.tags?.find((tag) => tag.name === name);

/** What has become of it. */
export const statusTag = ({ status }: ImageStream, name: string): StatusTag | undefined =>
  status?.tags?.find(({ tag }) => tag === name);

/** The images that a tag has had, the newest first. */
export const imagesOfTag = (stream: ImageStream | undefined, name: string): readonly TagEvent[] =>
  (stream && statusTag(stream, name)?.items) ?? [];

/**
 * `amp-system:latest` and `amp-system:2.4.0`, and the tags that follow them: what follows one of them has its image moved by
 * these steps.
 */
export const movedTags = (steps: readonly Step[], streams: readonly ImageStream[]): string[] =>
  stepsOf(steps, 'tag-image-stream').flatMap((step) => {
    const stream = streams.find(({ metadata }) => metadata.name === step.imageStream);
    return movingWith(stream, step.imageStream, [LATEST, step.tag]);
  });

/** `amp-system:latest`, and the tags that follow it. */
export const movingWithLatest = (stream: ImageStream | undefined, name: string): string[] =>
  movingWith(stream, name, [LATEST]);

function movingWith(stream: ImageStream | undefined, name: string, tags: readonly string[]): string[] {
  const more = (stream?.spec.tags ?? []).filter((tag) => {
    const followed = stream && followedTag(stream, tag);
    return followed !== undefined && tags.includes(followed) && !tags.includes(tag.name);
  });
  return more.length === 0
    ? tags.map((tag) => `${name}:${tag}`)
    : movingWith(stream, name, [...tags, ...more.map((tag) => tag.name)]);
}

/** The tag of its own stream that a tag follows. The image of one of another stream is looked up once, and does not move. */
export function followedTag({ metadata }: ImageStream, tag: SpecTag | undefined): string | undefined {
  const from = tag?.from;
  if (from?.kind !== 'ImageStreamTag') return undefined;
  if (from.namespace && from.namespace !== metadata.namespace) return undefined;
  const [first = '', second] = from.name.split(':');
  if (second === undefined) return first;
  return first === metadata.name ? second : undefined;
}
