import type { UpgradePath } from '../../domain/paths/upgrade-path.ts';
import type { Step } from '../../domain/tenant/step-kinds.ts';
import type { Evidence, MinorVersion } from '../../domain/tenant/version.ts';
import {
  minorNamedBy,
  minorOf,
  newestOf,
  versionInImage,
  versionInTag,
} from '../../domain/tenant/version.ts';
import { newestControllerName } from '../../openshift/rollout.ts';
import type { TenantReader } from '../../openshift/tenant-api.ts';
import type { DeploymentConfig, ImageStream } from '../../openshift/types.ts';
import { containersOf, findEnvValue } from '../edit/env.ts';
import { imagesOfTag, LATEST, specTag } from '../images/stream-tags.ts';
import { stepsOf } from '../../domain/tenant/step.ts';

/** What says so: the vendor's containers, as what the owner has put beside them may have a release of its own. */
type Naming = UpgradePath['evidence'];

/** What an installation says about its version. */
export interface InstalledVersion {
  /** As system-app names it, `2.3.0`; absent where it names none that can be read. */
  readonly release?: string;
  /** It is no literal of the DeploymentConfig: the template of a 2.4 keeps it in a ConfigMap. */
  readonly isReferred: boolean;
  /** Why a release that system-app has cannot be known, a line each: it may be another than all else says. */
  readonly unread: readonly string[];
  /** What was looked at, for people: where none of it names a version. */
  readonly seen: readonly string[];
  /** The newest version of what each DeploymentConfig runs, where its images name one. */
  readonly runs: readonly MinorVersion[];
  /** All that names a version: the release, what `latest` of the path's image streams stands for, the images that run. */
  readonly evidence: readonly Evidence[];
}

/** Reads it from system-app, the image streams that the path tags, and the replication controllers of what it rolls. */
export async function versionOf(
  api: TenantReader,
  app: DeploymentConfig,
  steps: readonly Step[],
  naming: Naming,
): Promise<InstalledVersion> {
  const { release, unread } = await releaseOf(api, app, naming);
  const [all, configs, controllers] = await Promise.all([
    api.list('imagestreams'),
    api.list('deploymentconfigs'),
    api.list('replicationcontrollers'),
  ]);
  const tagged = stepsOf(steps, 'tag-image-stream').map(({ imageStream }) => imageStream);
  const streams = all.filter(({ metadata }) => tagged.includes(metadata.name));
  // What has its image set has one of its own, which no release has rebuilt since.
  const apart = stepsOf(steps, 'set-image').map(({ deploymentConfig }) => deploymentConfig);
  const rolled = stepsOf(steps, 'roll-out')
    .map(({ deploymentConfig }) => deploymentConfig)
    .filter((name) => !apart.includes(name));
  const running = configs
    .filter(({ metadata }) => rolled.includes(metadata.name))
    .map((config) => {
      const newest = controllers.find(({ metadata }) => metadata.name === newestControllerName(config));
      const { containers = [], initContainers = [] } = newest?.spec.template?.spec ?? {};
      return [...initContainers, ...containers].flatMap(({ name, image = '' }) =>
        versionsOfImage(image, all).map((version) => ({
          version,
          where: `the image that container ${name} of dc/${config.metadata.name} runs`,
        })),
      );
    });
  const runs = running.flatMap((images) => newestOf(images.map(({ version }) => version)) ?? []);
  return {
    ...(release ? { release: release.value } : {}),
    unread,
    seen: streams.flatMap(seenOf),
    isReferred: release?.isReferred === true,
    runs,
    evidence: [
      ...(release ? [{ version: release.version, where: release.where }] : []),
      ...streams.flatMap(latestOf),
      ...running.flat(),
    ],
  };
}

type Release = Evidence & { readonly value: string; readonly isReferred: boolean };

/** The newest that one of its containers names. */
async function releaseOf(
  api: TenantReader,
  app: DeploymentConfig,
  { variable, containers }: Naming,
): Promise<{ readonly release: Release | undefined; readonly unread: readonly string[] }> {
  const found: Release[] = [];
  const unread: string[] = [];
  for (const container of containersOf(app).filter(({ name }) => containers.includes(name))) {
    const where = `${variable} of dc/${app.metadata.name}`;
    const { value: text, why } = (await findEnvValue(api, container, variable)) ?? {};
    if (why !== undefined) unread.push(`${where}, container ${container.name}: ${why}`);
    // A key that was made from a file ends with its line.
    const value = text?.trim();
    if (value === undefined || value === '') continue;
    const version = minorNamedBy(value);
    if (!version) {
      unread.push(`${where}, container ${container.name}: what it is set to names no version`);
      continue;
    }
    const isReferred = container.env?.findLast(({ name }) => name === variable)?.value === undefined;
    // What is no plain release may be anything: it is shown by its version alone.
    found.push({ value: minorOf(value) ? value : version, version, isReferred, where });
  }
  const newest = newestOf(found.map(({ version }) => version));
  return { release: found.find(({ version }) => version === newest), unread };
}

/** What `latest` stands for: the tag that it follows, and the images behind both. */
function latestOf(stream: ImageStream): Evidence[] {
  const { metadata } = stream;
  const latest = specTag(stream, LATEST);
  const followed = latest?.from?.kind === 'ImageStreamTag' ? latest.from.name.split(':').at(-1) : undefined;
  const froms = [latest?.from, followed === undefined ? undefined : specTag(stream, followed)?.from];
  const image = imageOfLatest(stream);
  const versions = [
    followed === undefined ? undefined : versionInTag(followed),
    ...froms.map((from) => (from?.kind === 'DockerImage' ? versionInImage(from.name) : undefined)),
    image === undefined ? undefined : versionInImage(image),
  ].filter((version) => version !== undefined);
  return [...new Set(versions)].map((version) => ({
    version,
    where: `tag latest of imagestream/${metadata.name}`,
  }));
}

const imageOfLatest = (stream: ImageStream): string | undefined =>
  imagesOfTag(stream, LATEST)[0]?.dockerImageReference;

/** `imagestream/amp-system: latest → example.test/own-system:7` */
function seenOf(stream: ImageStream): string[] {
  const { metadata, spec } = stream;
  const target = spec.tags?.find(({ name }) => name === 'latest')?.from?.name ?? imageOfLatest(stream);
  return target === undefined ? [] : [`imagestream/${metadata.name}: latest → ${target}`];
}

/** By its own name, and by the tags under which a stream knows its digest. */
function versionsOfImage(image: string, streams: readonly ImageStream[]): MinorVersion[] {
  const digest = image.split('@')[1];
  const known =
    digest === undefined
      ? []
      : streams
          .flatMap(({ status }) => status?.tags ?? [])
          .flatMap(({ tag, items }) =>
            (items ?? [])
              .filter((item) => item.image === digest)
              .flatMap((item) => [versionInTag(tag), versionInImage(item.dockerImageReference)]),
          );
  const found = [versionInImage(image), ...known].filter((version) => version !== undefined);
  return [...new Set(found)];
}
