import type { Finding } from '../../domain/tenant/finding.ts';
import type { CronJob, ImageStream } from '../../openshift/types.ts';

/** A tag of an image stream, `amp-system:latest`, and the names by which an image of a container is that very tag. */
interface NamedTag {
  readonly tag: string;
  readonly repositories: readonly string[];
  /** Names without a registry are looked up among the streams of the project. */
  readonly isLocal: boolean;
}

const RESOLVES = 'alpha.image.policy.openshift.io/resolve-names';

/**
 * A CronJob whose image is a tag that the upgrade moves, by the name that the cluster's own registry has for it, or by the
 * stream's where that is looked up: every job of it pulls what the tag has then, and nothing has to follow for that.
 */
export function pulledByName(
  { metadata, spec }: CronJob,
  streams: readonly ImageStream[],
  moved: readonly string[],
): Finding[] {
  const template = spec?.jobTemplate?.spec?.template;
  const { containers = [], initContainers = [] } = template?.spec ?? {};
  const resolves = [metadata, template?.metadata].some((one) => one?.annotations?.[RESOLVES] === '*');
  const tags = streams.flatMap((stream) => tagsOf(stream, moved));
  const [pulled] = [...initContainers, ...containers].flatMap(({ image = '' }) =>
    tags.filter((one) => isNamedBy(image, one, resolves)),
  );
  if (!pulled) return [];
  const object = `cronjob/${metadata.name}`;
  const what = `${object} runs imagestreamtag ${pulled.tag} by its name`;
  const common = { check: 'own-followers', object } as const;
  if (spec?.suspend === true) {
    const message = `${what}, and is suspended: its first job after that runs the new version`;
    return [
      {
        ...common,
        severity: 'warning',
        message,
        hint: `Let it go on when the upgrade has ended: ${resumeJob(object)}`,
      },
    ];
  }
  return [
    {
      ...common,
      severity: 'fatal',
      message: `${what}: its next job would run the new version while the upgrade is staged, before the database is migrated`,
      hint: `Suspend it until the upgrade has ended: oc patch ${object} -p '{"spec":{"suspend":true}}'; then: ${resumeJob(object)}`,
    },
  ];
}

/** The command that lets a suspended CronJob go on. */
export const resumeJob = (object: string): string => `oc patch ${object} -p '{"spec":{"suspend":false}}'`;

function tagsOf({ metadata, spec, status }: ImageStream, moved: readonly string[]): NamedTag[] {
  const { dockerImageRepository: own, publicDockerImageRepository: open } = status ?? {};
  return moved
    .filter((tag) => tag.startsWith(`${metadata.name}:`))
    .map((tag) => ({
      tag,
      repositories: [own, open].filter((one) => one !== undefined),
      isLocal: spec.lookupPolicy?.local === true,
    }));
}

/** Without a tag it is `latest`. */
function isNamedBy(image: string, { tag, repositories, isLocal }: NamedTag, resolves: boolean): boolean {
  const whole = /:[^/]+$/.test(image) ? image : `${image}:latest`;
  const [, name = ''] = tag.split(':');
  return (
    repositories.some((repository) => whole === `${repository}:${name}`) ||
    ((isLocal || resolves) && whole === tag)
  );
}
