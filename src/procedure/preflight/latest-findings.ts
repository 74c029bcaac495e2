import type { Finding } from '../../domain/tenant/finding.ts';
import type { SetImageStep, Step, TagImageStreamStep } from '../../domain/tenant/step-kinds.ts';
import { imageNameOf } from '../../domain/paths/index.ts';
import { versionInImage } from '../../domain/tenant/version.ts';
import type { DeploymentConfig, ImageStream, TagEvent } from '../../openshift/types.ts';
import { followedTag, imagesOfTag, LATEST, specTag } from '../images/stream-tags.ts';
import { stepsOf } from '../../domain/tenant/step.ts';

/** Where the images of an installation come from, and whether those of the new version would come from there too. */

interface Installed {
  readonly streams: readonly ImageStream[];
  readonly configs: readonly DeploymentConfig[];
}

/** What `latest` of a stream has is none of the vendor's: somebody has pushed it, and it would be replaced. */
export function ownImages(steps: readonly Step[], { streams }: Installed): Finding[] {
  return stepsOf(steps, 'tag-image-stream').flatMap((step) => {
    if (step.replacesLatest) return [];
    const stream = streams.find(({ metadata }) => metadata.name === step.imageStream);
    const what = stream && ownImageOf(stream);
    if (what === undefined) return [];
    const object = `imagestream/${step.imageStream}`;
    return {
      check: 'latest-is-the-vendors',
      severity: 'fatal',
      object,
      message: `${object}: latest has ${what}, and the upgrade would replace it with the vendor's`,
      hint: `Where it may be replaced: --replace-latest ${step.imageStream} (in a file, replaceLatest: [${step.imageStream}]); where what it has is needed, build it anew on the new version first, and let what runs it follow a tag of its own.`,
    };
  });
}

/** In words; undefined where it is the vendor's, or there is none. */
function ownImageOf(stream: ImageStream): string | undefined {
  const [image] = imagesOfTag(stream, LATEST);
  if (!image) return undefined;
  const latest = specTag(stream, LATEST);
  const followed = followedTag(stream, latest);
  if (latest?.from?.kind === 'ImageStreamTag' && followed === undefined)
    return `the image of ${latest.from.namespace ? `${latest.from.namespace}/` : ''}${latest.from.name}, which is a tag of another image stream`;
  const [behind] = followed === undefined ? [] : imagesOfTag(stream, followed);
  if (behind)
    return behind.image === image.image
      ? undefined
      : `another image than ${followed ?? ''}, which it follows: somebody has pushed it`;
  return isVendors(stream, image) ? undefined : 'an image that no tag of the vendor\u2019s explains';
}

/** By its repository, or as that of a tag that comes from the vendor's. */
function isVendors(stream: ImageStream, { image, dockerImageReference }: TagEvent): boolean {
  if (versionInImage(dockerImageReference) !== undefined) return true;
  return (stream.spec.tags ?? []).some(
    ({ name, from }) =>
      from?.kind === 'DockerImage' &&
      versionInImage(from.name) !== undefined &&
      imagesOfTag(stream, name).some((item) => item.image === image),
  );
}

/** The vendor's own: what comes from one of them may come from the other. */
const VENDORS: readonly string[] = ['registry.access.redhat.com', 'registry.redhat.io'];

/** What comes from a mirror today, and would come from the vendor's registry: a cluster that needs one could not import it. */
export function unmirrored(steps: readonly Step[], { streams, configs }: Installed): Finding[] {
  const sources = [
    ...stepsOf(steps, 'tag-image-stream').map((step) => ({
      step,
      place: `imagestream/${step.imageStream}`,
      key: imageNameOf(step.imageStream),
      source: sourceOf(streams, step),
    })),
    ...stepsOf(steps, 'set-image').map((step) => ({
      step,
      place: `dc/${step.deploymentConfig}`,
      key: imageNameOf(step.deploymentConfig),
      source: imageSetOn(configs, step),
    })),
  ];
  const found = sources.flatMap(({ step, source, place, key = 'NAME' }) => {
    if (step.imageChosen) return [];
    const host = source === undefined ? undefined : hostOf(source);
    if (source === undefined || host === undefined || host === hostOf(step.image) || VENDORS.includes(host))
      return [];
    return [{ step, source, place, key }];
  });
  if (found.length === 0) return [];
  const from = found.map(({ place, source }) => `${place} from ${source}`);
  const flags = found.map(({ step, key, source }) => `--image ${key}=${mirrored(source, step.image)}`);
  return [
    {
      check: 'images-mirrored',
      severity: 'fatal',
      message: `images come from a mirror, and those of the new version would come from ${hostOf(found[0]?.step.image ?? '') ?? ''}: ${from.join('; ')}`,
      hint: `See that the mirror has them, and name them (images in a file); as it names the old ones that would be: ${flags.join(' ')}`,
    },
  ];
}

/** What `latest`, or the tag that it follows, is imported from. */
function sourceOf(streams: readonly ImageStream[], step: TagImageStreamStep): string | undefined {
  const stream = streams.find(({ metadata }) => metadata.name === step.imageStream);
  if (!stream) return undefined;
  const latest = specTag(stream, LATEST);
  const name = followedTag(stream, latest);
  const followed = name === undefined ? latest : specTag(stream, name);
  return followed?.from?.kind === 'DockerImage' ? followed.from.name : undefined;
}

function imageSetOn(
  configs: readonly DeploymentConfig[],
  { deploymentConfig, container }: SetImageStep,
): string | undefined {
  const config = configs.find(({ metadata }) => metadata.name === deploymentConfig);
  return config?.spec.template.spec.containers.find(({ name }) => name === container)?.image;
}

/** Of `host[:port]/path`; undefined for what names no host, as `library/memcached`. */
function hostOf(image: string): string | undefined {
  const [host = '', ...path] = image.split('/');
  return path.length > 0 && (/[.:]/.test(host) || host === 'localhost') ? host : undefined;
}

/** The new image's path, behind what the mirror has put before the vendor's. */
function mirrored(source: string, image: string): string {
  const path = image.slice((hostOf(image) ?? '').length + 1);
  const vendors = source.search(/3scale-amp|(?<=\/)[^/]+\/[^/]+$/);
  return `${vendors < 0 ? `${hostOf(source) ?? ''}/` : source.slice(0, vendors)}${path}`;
}
