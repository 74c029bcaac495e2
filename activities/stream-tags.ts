import type { Step } from '../src/domain/step.ts';
import type { ImageStream, SpecTag, StatusTag, TagEvent } from '../src/openshift/types.ts';

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

/** `amp-system:latest` and `amp-system:2.4.0`: what follows one of them has its image moved by these steps. */
export const movedTags = (steps: readonly Step[]): string[] =>
  steps.flatMap((step) =>
    step.kind === 'tag-image-stream' ? [LATEST, step.tag].map((tag) => `${step.imageStream}:${tag}`) : [],
  );
