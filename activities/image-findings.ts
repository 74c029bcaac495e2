import type { Finding, InstallationState } from '../src/domain/finding.ts';
import type { ContainersOf, Step, TagImageStreamStep } from '../src/domain/step.ts';
import type { DeploymentConfig, DeploymentTrigger, ImageStream } from '../src/openshift/types.ts';
import { NEVER_LEFT } from '../src/domain/paths/upgrade-2.3-to-2.4.ts';
import type { View } from './step-module.ts';
import { LATEST, movedTags, movingWithLatest } from './stream-tags.ts';

/**
 * Where the image triggers of an installation lead. What has to run 2.4 must follow the tag that the upgrade moves, or it
 * would go on running its old image; and what follows that tag without being one of the path's would roll while the rest
 * is staged, before the database is migrated. Of what is upgraded already the first is a warning.
 */
export function imageFindings(
  { api: { namespace } }: View,
  steps: readonly Step[],
  { configs, streams }: Pick<Installed, 'configs' | 'streams'>,
  installation: InstallationState,
): Finding[] {
  const installed = { namespace, configs, streams };
  const chosen = steps.flatMap((step) => (step.kind === 'follow-image-stream' ? step.deploymentConfig : []));
  const tags = steps.filter((step) => step.kind === 'tag-image-stream');
  const known = steps.flatMap((step) => {
    if (step.kind === 'pause-rollouts') return step.deploymentConfigs.map(({ name }) => name);
    return step.kind === 'delete-deployment-config' ? step.deploymentConfig : [];
  });
  const severity = installation === 'upgraded' ? 'warning' : 'fatal';
  const along = installation === 'upgraded' ? [] : followsNothing(steps, installed);
  const ofTags = tags.flatMap((step) => [
    ...(step.runs ?? []).flatMap((wanted): Finding[] =>
      (chosen.includes(wanted.deploymentConfig)
        ? strange(wanted, configs)
        : wanted.left
          ? wouldMove(step, wanted, installed)
          : pinned(step, wanted, installed)
      ).map((finding) => ({ ...finding, severity })),
    ),
    ...(installation === 'upgraded' ? [] : strangers(step, known, installed)),
  ]);
  return [...ofTags, ...along];
}

interface Installed {
  readonly namespace: string;
  readonly configs: readonly DeploymentConfig[];
  readonly streams: readonly ImageStream[];
}

const streamIn = (streams: readonly ImageStream[], name: string): ImageStream | undefined =>
  streams.find(({ metadata }) => metadata.name === name);

/** A finding for each place where containers that have to run the stream's new image get theirs instead. */
function pinned(
  { imageStream }: TagImageStreamStep,
  { deploymentConfig, containers }: ContainersOf,
  { namespace, configs, streams }: Installed,
): Omit<Finding, 'severity'>[] {
  const config = configs.find(({ metadata }) => metadata.name === deploymentConfig);
  if (!config) return [];
  const { template, triggers = [] } = config.spec;
  const there = [...template.spec.containers, ...(template.spec.initContainers ?? [])].map(
    ({ name }) => name,
  );
  const ours = containers.filter((name) => there.includes(name));
  const object = `dc/${deploymentConfig}`;
  const latest = `${imageStream}:${LATEST}`;
  if (ours.length === 0) return strange({ deploymentConfig, containers }, configs);
  const moving = movingWithLatest(streamIn(streams, imageStream), imageStream);
  const places = Map.groupBy(ours, (name) => placeOf(triggerOf(triggers, name), namespace));
  return [...places].flatMap(([place, names]) => {
    if (place !== undefined && moving.includes(place)) return [];
    const what = `${object}: ${names.length > 1 ? 'containers' : 'container'} ${names.join(', ')}`;
    const message =
      place === undefined
        ? `${what}: no image trigger, so what runs there would stay what it is`
        : `${what}: the image trigger leads to ${place}, which the upgrade does not move, and what runs there would stay what it is`;
    const leaves =
      deploymentConfig === NEVER_LEFT ? '' : `; where it is to stay as it is: --leave ${deploymentConfig}`;
    const hint = `Where it is to run the new version too: --follow ${deploymentConfig}, which lets it follow ${latest}${leaves}.`;
    return [{ check: 'images-followed', object, message, hint }];
  });
}

/** What has none of the containers that are known cannot be led anywhere. */
function strange(
  { deploymentConfig, containers }: ContainersOf,
  configs: readonly DeploymentConfig[],
): Omit<Finding, 'severity'>[] {
  const config = configs.find(({ metadata }) => metadata.name === deploymentConfig);
  if (!config) return [];
  const { template } = config.spec;
  const there = [...template.spec.containers, ...(template.spec.initContainers ?? [])];
  if (there.some(({ name }) => containers.includes(name))) return [];
  const object = `dc/${deploymentConfig}`;
  const message = `${object} has none of the containers that it should have: ${containers.join(', ')}`;
  const leave =
    deploymentConfig === NEVER_LEFT ? '' : `; where it is to stay as it is: --leave ${deploymentConfig}`;
  const hint = `What runs in it is not known here. See what it is: oc describe ${object}${leave}`;
  return [{ check: 'images-followed', object, message, hint }];
}

/** What is taken along, and follows nothing that moves, would be paused, and roll nothing new. */
function followsNothing(steps: readonly Step[], { namespace, configs, streams }: Installed): Finding[] {
  const moved = movedTags(steps, streams);
  return steps.flatMap((step): Finding[] => {
    if (step.kind !== 'roll-out' || !step.takenAlong) return [];
    const name = step.deploymentConfig;
    const config = configs.find(({ metadata }) => metadata.name === name);
    const object = `dc/${name}`;
    const finding = { check: 'own-followers', object };
    if (!config) {
      const message = `${object} is to be taken along, and is not there`;
      return [{ ...finding, severity: 'warning', message, hint: 'See what is there with: oc get dc' }];
    }
    const { triggers = [] } = config.spec;
    if (triggers.some((trigger) => moved.includes(placeOf(trigger, namespace) ?? ''))) return [];
    const message = `${object} is to be taken along, and follows none of the image streams that the upgrade moves: it would go on running what it runs`;
    const hint = `Let it follow one, such as: oc set triggers ${object} --from-image=amp-apicast:${LATEST} --containers=NAME; or leave --take-along ${name} out.`;
    return [{ ...finding, severity: 'fatal', message, hint }];
  });
}

/** What is to go on running what it runs, and follows what the upgrade moves. */
function wouldMove(
  { imageStream }: TagImageStreamStep,
  { deploymentConfig, containers }: ContainersOf,
  { namespace, configs, streams }: Installed,
): Omit<Finding, 'severity'>[] {
  const { triggers = [] } = configs.find(({ metadata }) => metadata.name === deploymentConfig)?.spec ?? {};
  const moving = movingWithLatest(streamIn(streams, imageStream), imageStream);
  const placeOfOne = (name: string): string => placeOf(triggerOf(triggers, name), namespace) ?? '';
  const moved = containers.filter((name) => moving.includes(placeOfOne(name)));
  const [first] = moved;
  if (first === undefined) return [];
  const object = `dc/${deploymentConfig}`;
  const message = `${object} is to be left as it is, and its image trigger leads to ${placeOfOne(first)}, which the upgrade moves: ${moved.join(', ')}`;
  const hint = `Lead its trigger elsewhere first, or do not leave it: without --leave ${deploymentConfig}.`;
  return [{ check: 'images-followed', object, message, hint }];
}

const triggerOf = (
  triggers: readonly DeploymentTrigger[],
  container: string,
): DeploymentTrigger | undefined =>
  triggers.find(({ imageChangeParams }) => imageChangeParams?.containerNames?.includes(container));

/** `amp-system:latest`; with its namespace where that is another; undefined where there is no trigger. */
function placeOf(trigger: DeploymentTrigger | undefined, own: string): string | undefined {
  const from = trigger?.imageChangeParams?.from;
  if (!from) return undefined;
  return from.namespace === undefined || from.namespace === own
    ? from.name
    : `${from.namespace}/${from.name}`;
}

/** What follows, and is paused by its owner: it does not roll meanwhile, and is not on the new version afterwards. */
export function waitingFollower(object: string, followed: string, resume: string): Finding {
  return {
    check: 'own-followers',
    severity: 'warning',
    object,
    message: `${object} follows ${followed}, is none of 3scale's own, and is paused: it stays on what it runs, and moves to the new version when it is resumed`,
    hint: `When the upgrade has ended: ${resume}`,
  };
}

/** What follows the stream and is none of the path's. What is paused waits, and is named: it stays on what it runs. */
function strangers(
  step: TagImageStreamStep,
  known: readonly string[],
  { namespace, configs, streams }: Installed,
): Finding[] {
  const { imageStream, runs } = step;
  const moved = movedTags([step], streams);
  return configs
    .filter(({ metadata }) => !known.includes(metadata.name))
    .filter(({ spec }) =>
      (spec.triggers ?? []).some((trigger) => moved.includes(placeOf(trigger, namespace) ?? '')),
    )
    .map(({ metadata: { name }, spec }) => {
      const object = `dc/${name}`;
      if (spec.paused)
        return waitingFollower(object, `imagestream/${imageStream}`, `oc rollout resume ${object}`);
      return {
        check: 'own-followers',
        severity: 'fatal',
        object,
        message: `${object} follows imagestream/${imageStream} and is none of 3scale's own: it would roll while the upgrade is staged, before the database is migrated`,
        hint: `Let it roll in its place: --take-along ${name}=${runs?.at(-1)?.deploymentConfig ?? NEVER_LEFT}; or pause it until the upgrade has ended: oc rollout pause ${object}; then: oc rollout resume ${object}`,
      };
    });
}
