import type { Finding, InstallationState } from '../../domain/tenant/finding.ts';
import type { ContainersOf, Step, TagImageStreamStep } from '../../domain/tenant/step-kinds.ts';
import type { DeploymentConfig, ImageStream } from '../../openshift/types.ts';
import { NEVER_LEFT } from '../../domain/paths/index.ts';
import type { View } from '../steps/step-module.ts';
import { placesOf } from '../images/image-triggers.ts';
import { followsNothing, strangers } from './own-followers.ts';
import { LATEST, movingWithLatest } from '../images/stream-tags.ts';
import { deletedConfigs } from '../backup/touched.ts';
import { pausedConfigs, stepsOf } from '../../domain/tenant/step.ts';

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
  const chosen = stepsOf(steps, 'follow-image-stream').map(({ deploymentConfig }) => deploymentConfig);
  const tags = stepsOf(steps, 'tag-image-stream');
  const known = [...pausedConfigs(steps).map(({ name }) => name), ...deletedConfigs(steps)];
  const severity = installation === 'upgraded' ? 'warning' : 'fatal';
  const along = installation === 'upgraded' ? [] : followsNothing(steps, installed);
  const ofTags = tags.flatMap((step) => [
    ...(step.runs ?? []).flatMap((wanted): Finding[] =>
      lookAt(step, wanted, installed, chosen).map((finding) => ({ ...finding, severity })),
    ),
    ...(installation === 'upgraded' ? [] : strangers(step, known, installed)),
  ]);
  return [...ofTags, ...along];
}

function lookAt(
  step: TagImageStreamStep,
  wanted: ContainersOf,
  installed: Installed,
  chosen: readonly string[],
): Omit<Finding, 'severity'>[] {
  const { configs, streams } = installed;
  if (!streamIn(streams, step.imageStream)) return wanted.left ? [] : withoutStream(step, wanted, configs);
  if (chosen.includes(wanted.deploymentConfig)) return strange(wanted, configs);
  return wanted.left ? wouldMove(step, wanted, installed) : pinned(step, wanted, installed);
}

interface Installed {
  readonly namespace: string;
  readonly configs: readonly DeploymentConfig[];
  readonly streams: readonly ImageStream[];
}

const streamIn = (streams: readonly ImageStream[], name: string): ImageStream | undefined =>
  streams.find(({ metadata }) => metadata.name === name);

/** What may be missing is no obstacle where nothing has to run its image; what has to be there is told by its step. */
function withoutStream(
  { imageStream, optional }: TagImageStreamStep,
  { deploymentConfig }: ContainersOf,
  configs: readonly DeploymentConfig[],
): Omit<Finding, 'severity'>[] {
  if (!optional || !configs.some(({ metadata }) => metadata.name === deploymentConfig)) return [];
  const object = `dc/${deploymentConfig}`;
  const message = `${object} is there, and imagestream/${imageStream}, whose image it should run, is not: what runs there would stay what it is`;
  const hint = `Restore imagestream/${imageStream}; where it is to stay as it is: ${choose('leave', deploymentConfig)}.`;
  return [{ check: 'images-followed', object, message, hint }];
}

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
  const isMoving = (place: string): boolean => moving.includes(place);
  const led = ours.map((name) => ({ name, places: placesOf(triggers, name, namespace) }));
  const astray = led.filter(({ places }) => !(places.length > 0 && places.every(isMoving)));
  const groups = Map.groupBy(astray, ({ places }) => places.join(' and '));
  return [...groups].map(([place, group]) => {
    const names = group.map(({ name }) => name);
    const isOne = (group[0]?.places.length ?? 0) < 2;
    const what = `${object}: ${names.length > 1 ? 'containers' : 'container'} ${names.join(', ')}`;
    const message =
      place === ''
        ? `${what}: no image trigger, so what runs there would stay what it is`
        : isOne
          ? `${what}: the image trigger leads to ${place}, which the upgrade does not move, and what runs there would stay what it is`
          : `${what}: image triggers lead to ${place}, of which the upgrade does not move all, and what runs there may stay what it is`;
    const leaves = NEVER_LEFT.includes(deploymentConfig)
      ? ''
      : `; where it is to stay as it is: ${choose('leave', deploymentConfig)}`;
    const hint = `Where it is to run the new version too: ${choose('follow', deploymentConfig)}, which lets it follow ${latest}${leaves}.`;
    return { check: 'images-followed', object, message, hint };
  });
}

/** By flag, and in a file. */
const choose = (what: 'follow' | 'leave', component: string): string =>
  `--${what} ${component} (in a file, components: {${component}: ${what}})`;

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
  const leave = NEVER_LEFT.includes(deploymentConfig)
    ? ''
    : `; where it is to stay as it is: ${choose('leave', deploymentConfig)}`;
  const hint = `What runs in it is not known here. See what it is: oc describe ${object}${leave}`;
  return [{ check: 'images-followed', object, message, hint }];
}

/** What is to go on running what it runs, and follows what the upgrade moves. */
function wouldMove(
  { imageStream }: TagImageStreamStep,
  { deploymentConfig, containers }: ContainersOf,
  { namespace, configs, streams }: Installed,
): Omit<Finding, 'severity'>[] {
  const { triggers = [] } = configs.find(({ metadata }) => metadata.name === deploymentConfig)?.spec ?? {};
  const moving = movingWithLatest(streamIn(streams, imageStream), imageStream);
  const movedBy = (name: string): string | undefined =>
    placesOf(triggers, name, namespace).find((place) => moving.includes(place));
  const moved = containers.filter((name) => movedBy(name) !== undefined);
  const [first] = moved;
  if (first === undefined) return [];
  const object = `dc/${deploymentConfig}`;
  const message = `${object} is to be left as it is, and its image trigger leads to ${movedBy(first) ?? ''}, which the upgrade moves: ${moved.join(', ')}`;
  const hint = `Lead its trigger elsewhere first, or do not leave it: without --leave ${deploymentConfig}.`;
  return [{ check: 'images-followed', object, message, hint }];
}
