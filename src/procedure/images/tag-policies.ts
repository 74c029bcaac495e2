import type { Step, TagImageStreamStep } from '../../domain/tenant/step-kinds.ts';
import type { ImageStream, SpecTag } from '../../openshift/types.ts';
import { followedTag, LATEST, specTag } from './stream-tags.ts';
import { stepsOf } from '../../domain/tenant/step.ts';

/** What the owner has set on the tags that the upgrade replaces, and its own do not have: for a plan, a line each stream. */
export function policiesNotTakenOver(steps: readonly Step[], streams: readonly ImageStream[]): string[] {
  return stepsOf(steps, 'tag-image-stream').flatMap((step) => {
    const stream = streams.find(({ metadata }) => metadata.name === step.imageStream);
    const set = stream ? replacedTags(stream, step).flatMap(policiesOf) : [];
    if (set.length === 0) return [];
    return `imagestream/${step.imageStream}: the new tags do not take over what is set on the old ones: ${set.join(', ')}; set it on them after the upgrade where it is needed`;
  });
}

/** `latest`, and the tag that it follows; none where the upgrade has moved it already. */
function replacedTags(stream: ImageStream, step: TagImageStreamStep): SpecTag[] {
  const latest = specTag(stream, LATEST);
  if (!latest || latest.from?.name === step.tag) return [];
  const name = followedTag(stream, latest);
  const followed = name === undefined ? undefined : specTag(stream, name);
  return [latest, ...(followed ? [followed] : [])];
}

/** Without what the API takes for granted. */
function policiesOf({ name, referencePolicy, importPolicy = {} }: SpecTag): string[] {
  const imports = Object.entries(importPolicy).filter(
    ([key, value]) => value !== false && !(key === 'importMode' && value === 'Legacy'),
  );
  return [
    ...(referencePolicy && referencePolicy.type !== 'Source'
      ? [`${name}: referencePolicy ${referencePolicy.type}`]
      : []),
    ...imports.map(([key, value]) => `${name}: importPolicy.${key} ${String(value)}`),
  ];
}
