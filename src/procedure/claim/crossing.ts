import type { Step } from '../../domain/tenant/step-kinds.ts';
import { ANNOTATION, runsTemplate } from '../../openshift/rollout.ts';
import type { TenantReader } from '../../openshift/tenant-api.ts';
import type { DeploymentConfig, ObjectMeta, PodSpec } from '../../openshift/types.ts';
import type { Backup } from '../backup/backup.ts';
import { CLAIM_SAYS, claimOf } from './claim.ts';
import { imagesOfTag, LATEST } from '../images/stream-tags.ts';
import { pointOfNoReturnIn, stepsOf } from '../../domain/tenant/step.ts';

/** Where the point of no return is, and whether it is crossed. */
export interface Crossing {
  /** By what it is known, in one line; undefined: it is not crossed. */
  readonly why: string | undefined;
  /** The upgrade itself crossed it, or has ended; and not somebody who resumed the rollouts while it was staged. */
  readonly isOurs: boolean;
  /** The upgrade itself has un-paused some of it, as the claim says. */
  readonly hasBegunToSwitch?: boolean;
}

const NOT_CROSSED: Crossing = { why: undefined, isOurs: false };

/**
 * Looks in the cluster whether the point of no return is crossed, whatever history says: at the mark that the crossing
 * patch set, at the replication controllers made since the backup, and at the pods of their hooks. `view`: where the rest is
 * looked at; what it shows is of this moment, too.
 */
export async function findCrossing(
  api: TenantReader,
  steps: readonly Step[],
  backup: Backup | undefined,
  view: TenantReader = api,
): Promise<Crossing> {
  const step = pointOfNoReturnIn(steps);
  if (!step) return NOT_CROSSED;
  const name = step.deploymentConfig;
  const config = await view.get('deploymentconfigs', name);
  const claim = config && claimOf(config);
  if (claim?.phase === 'crossed') return { why: `dc/${name}: ${CLAIM_SAYS}`, isOurs: true };
  const before = backup?.deploymentconfigs.find(({ metadata }) => metadata.name === name);
  if (!before) return NOT_CROSSED;
  const controllers = await api.list('replicationcontrollers', `${ANNOTATION.config}=${name}`);
  const uid = backup?.uids?.[name];
  const isMadeAgain = config !== undefined && uid !== undefined && config.metadata.uid !== uid;
  const ranBefore = isMadeAgain
    ? 0
    : (backup?.versions?.[name] ??
      Math.max(0, ...controllers.filter((rc) => runsTemplate(rc, before)).map((rc) => versionOf(rc, name))));
  const isLater = (object: { readonly metadata: ObjectMeta }): boolean => versionOf(object, name) > ranBefore;
  const hooks = await api.list('pods', 'openshift.io/deployer-pod.type=hook-pre');
  const suspects = [
    ...controllers.filter(isLater).map(({ metadata, spec }) => ({
      spec: spec.template?.spec,
      why: `rc/${metadata.name} was made of the new version`,
    })),
    ...hooks
      .filter((pod) => pod.metadata.name.startsWith(`${name}-`) && isLater(pod))
      .map(({ metadata, spec }) => ({ spec, why: `pod/${metadata.name} ran the new version’s hook` })),
  ];
  const notCrossed = { ...NOT_CROSSED, hasBegunToSwitch: claim?.phase === 'switching' };
  if (suspects.length === 0) return notCrossed;
  const isNew = await newVersionOf(view, steps, { before, latest: backup?.latest ?? {} });
  const found = suspects.find(({ spec }) => spec !== undefined && isNew(spec));
  // No claim: this upgrade has ended. One of an earlier release never made any.
  const isOurs = claim === undefined && backup?.versions !== undefined && !isMadeAgain;
  return found ? { why: found.why, isOurs } : notCrossed;
}

/** Of a replication controller `system-app-3`, or of a pod of its hooks, `system-app-3-hook-pre`. */
const versionOf = ({ metadata }: { readonly metadata: ObjectMeta }, name: string): number =>
  Number.parseInt(metadata.name.slice(name.length + 1), 10) || 0;

/**
 * Tells pods of the new version from those of the old one: by the images of the new tags, by those that `latest` has had
 * since the backup (a revert deletes the new tags), and by what the steps set.
 */
async function newVersionOf(
  api: TenantReader,
  steps: readonly Step[],
  {
    before,
    latest,
  }: { readonly before: DeploymentConfig; readonly latest: Readonly<Record<string, string>> },
): Promise<(spec: PodSpec) => boolean> {
  const streams = await api.list('imagestreams');
  const old = imagesOf(before.spec.template.spec);
  /** Those of the new tags, also where the old version was half upgraded and ran them already. */
  const tagged = new Set<string>();
  const images = new Set(
    stepsOf(steps, 'tag-image-stream').flatMap((step) => {
      const stream = streams.find(({ metadata }) => metadata.name === step.imageStream);
      const itemsOf = (name: string) => imagesOfTag(stream, name);
      for (const { dockerImageReference } of itemsOf(step.tag)) tagged.add(dockerImageReference);
      const history = itemsOf(LATEST);
      const since = history.slice(
        0,
        Math.max(
          0,
          history.findLastIndex(({ image }) => image === latest[step.imageStream]),
        ),
      );
      return [...itemsOf(step.tag), ...since].map(({ dockerImageReference }) => dockerImageReference);
    }),
  );
  for (const image of old) images.delete(image);
  const settings = stepsOf(steps, 'set-env').flatMap(({ deploymentConfig, env }) =>
    deploymentConfig === before.metadata.name ? env : [],
  );
  const isSet = (
    { containers }: PodSpec,
    { name, value }: { readonly name: string; readonly value: string },
  ) =>
    containers.some(({ env }) => env?.some((variable) => variable.name === name && variable.value === value));
  const telling = settings.flatMap((setting) =>
    'value' in setting && !isSet(before.spec.template.spec, setting) ? [setting] : [],
  );
  // By a digest it is the very image: what runs no other is the old version, whatever variables an operator has left on it.
  const isOld = (spec: PodSpec) =>
    imagesOf(spec).every((image) => image.includes('@sha256:') && old.includes(image) && !tagged.has(image));
  return (spec) =>
    imagesOf(spec).some((image) => images.has(image)) ||
    (!isOld(spec) && telling.some((one) => isSet(spec, one)));
}

const imagesOf = ({ containers }: PodSpec): string[] => containers.flatMap(({ image }) => image ?? []);
