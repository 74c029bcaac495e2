import { isDeepStrictEqual } from 'node:util';
import type { Operation } from 'fast-json-patch';
import { someOf } from '../../domain/text/some-of.ts';
import type { FollowImageStreamStep } from '../../domain/tenant/step-kinds.ts';
import { accessTo, named } from '../../openshift/tenant-api.ts';
import type { DeploymentConfig, DeploymentTrigger, ImageStream } from '../../openshift/types.ts';
import { backedUp } from '../backup/backup.ts';
import { edit, pointer } from '../edit/edit.ts';
import { refuseEdited, refuseResumed } from '../edit/guard.ts';
import { editedByOthers, missing } from '../step-error.ts';
import type { StepModule } from './step-module.ts';
import { absent, edited, NOTHING, problems, UNCHANGED } from './step-module.ts';
import { imagesOfTag, LATEST } from '../images/stream-tags.ts';

/**
 * Leads the image trigger of what has to run the stream's image to `latest` of it; the images themselves are written by
 * the cluster, also while the DeploymentConfig is paused.
 */
export const followImageStream: StepModule<'follow-image-stream'> = {
  async inspect({ api }, step) {
    const config = await api.get('deploymentconfigs', step.deploymentConfig);
    if (!config) return absent(nameOf(step));
    if (follows(config, step, api.namespace)) return NOTHING;
    const before = placesOf(config, step);
    const change = {
      object: nameOf(step),
      path: 'spec.triggers',
      ...(before.length > 0 ? { before: before.join(', ') } : {}),
      after: latestOf(step),
    };
    return { status: 'todo', changes: [change] };
  },

  async apply({ api, backup, mark, mayRoll = false }, step) {
    const original = backedUp(await backup(), 'deploymentconfigs', step.deploymentConfig);
    const { status } = await edit(api, 'deploymentconfigs', step.deploymentConfig, (config) => {
      if (follows(config, step, api.namespace)) return [];
      const before = original && written(triggersOf(original), api.namespace);
      const now = written(triggersOf(config), api.namespace);
      refuseEdited(now, before, { object: nameOf(step), what: triggersThatDiffer(now, before ?? []) });
      refuseResumed(config, { mark, mayRoll });
      return [{ op: 'add', path: '/spec/triggers', value: wantedOf(config, step) }];
    });
    if (status === 'absent' && !step.optional) throw missing(nameOf(step));
    return { status };
  },

  async verify({ api }, step) {
    const config = await api.get('deploymentconfigs', step.deploymentConfig);
    if (!config) return problems(step.optional !== true, `${nameOf(step)} is not there`);
    if (follows(config, step, api.namespace)) return [];
    const [now, wanted] = [triggersOf(config), wantedOf(config, step)].map((all) =>
      written(all, api.namespace),
    );
    const which = triggersThatDiffer(now ?? [], wanted ?? []);
    return [edited(`${nameOf(step)}: ${which} is not as the upgrade has set it`)];
  },

  /** With the triggers go the images, also where somebody has put back the triggers alone: what had none keeps whatever image it was given. */
  async revert(work, step) {
    const original = backedUp(await work.backup(), 'deploymentconfigs', step.deploymentConfig);
    if (!original) return UNCHANGED;
    const before = triggersOf(original);
    const [was, ours] = [before, wantedOf(original, step)].map((all) => written(all, work.api.namespace));
    const brought = latestImageOf(await work.api.get('imagestreams', step.imageStream));
    const { status } = await edit(work.api, 'deploymentconfigs', step.deploymentConfig, (config) => {
      const now = written(triggersOf(config), work.api.namespace);
      if (isDeepStrictEqual(now, was)) return imagesAsBefore(config, original, step, brought);
      if (!isDeepStrictEqual(now, ours))
        throw editedByOthers(nameOf(step), triggersThatDiffer(now, ours ?? []));
      return [
        { op: 'add', path: '/spec/triggers', value: before },
        ...imagesAsBefore(config, original, step),
      ];
    });
    if (status === 'absent') throw missing(nameOf(step));
    return { status };
  },

  touches: ({ deploymentConfig: name }) => [{ resource: 'deploymentconfigs', name }],

  rolls: ({ deploymentConfig }, { metadata }) => metadata.name === deploymentConfig,

  /** Those before it, and those after it where nobody else has changed them, are the same. */
  triggersAfter: (step, config, own) =>
    written(follows(config, step, own) ? triggersOf(config) : wantedOf(config, step), own),

  rights: ({ deploymentConfig }) => [
    accessTo('get', 'deploymentconfigs'),
    accessTo('get', 'imagestreams'),
    named(accessTo('patch', 'deploymentconfigs'), deploymentConfig),
  ],
};

const nameOf = ({ deploymentConfig }: FollowImageStreamStep): string => `dc/${deploymentConfig}`;
const latestOf = ({ imageStream }: FollowImageStreamStep): string => `${imageStream}:latest`;
const triggersOf = ({ spec }: DeploymentConfig): readonly DeploymentTrigger[] => spec.triggers ?? [];

/** The step's containers that are there: those that wait for others may rightly be missing. */
function oursOf({ spec: { template } }: DeploymentConfig, { containers }: FollowImageStreamStep): string[] {
  const there = [...template.spec.containers, ...(template.spec.initContainers ?? [])];
  return containers.filter((name) => there.some((one) => one.name === name));
}

/**
 * The triggers with one of our containers' own, in the place of the first that gave one of them its image; other containers
 * of such triggers keep theirs.
 */
function wantedOf(config: DeploymentConfig, step: FollowImageStreamStep): DeploymentTrigger[] {
  const ours = oursOf(config, step);
  const own: DeploymentTrigger = {
    type: 'ImageChange',
    imageChangeParams: {
      automatic: true,
      containerNames: ours,
      from: { kind: 'ImageStreamTag', name: latestOf(step) },
    },
  };
  const others = triggersOf(config).flatMap((trigger): DeploymentTrigger[] => {
    const { imageChangeParams: change } = trigger;
    const names = change?.containerNames ?? [];
    if (!change || !names.some((name) => ours.includes(name))) return [trigger];
    const left = names.filter((name) => !ours.includes(name));
    return left.length === 0 ? [] : [{ ...trigger, imageChangeParams: { ...change, containerNames: left } }];
  });
  return [...others, own];
}

/** Without what the server notes there for itself, or fills in; in an order of its own. `own`: the tenant's namespace. */
function written(triggers: readonly DeploymentTrigger[], own: string): string[] {
  return triggers
    .map(({ type, imageChangeParams: change }) => {
      if (!change) return JSON.stringify({ type });
      const { automatic = false, containerNames = [], from } = change;
      const { kind, name, namespace = own } = from;
      return JSON.stringify({ type, automatic, names: [...containerNames].sort(), kind, name, namespace });
    })
    .sort();
}

/** `spec.triggers (ImageChange of zync)`: those that only one of the two lists has. */
function triggersThatDiffer(one: readonly string[], other: readonly string[]): string {
  const odd = [
    ...one.filter((text) => !other.includes(text)),
    ...other.filter((text) => !one.includes(text)),
  ];
  const shown = odd.map((text) => {
    const { type, names = [] } = JSON.parse(text) as { readonly type: string; readonly names?: string[] };
    return names.length === 0 ? type : `${type} of ${names.join(', ')}`;
  });
  return `spec.triggers (${someOf([...new Set(shown)])})`;
}

/** Each of our containers has its image from `latest` by itself, and from nowhere else. */
function follows(config: DeploymentConfig, step: FollowImageStreamStep, own: string): boolean {
  return oursOf(config, step).every((container) => {
    const writing = triggersOf(config).filter(({ imageChangeParams: change }) =>
      change?.containerNames?.includes(container),
    );
    const leadThere = writing.every(({ imageChangeParams: change }) => {
      const { kind, name, namespace = own } = change?.from ?? {};
      const isLatest = kind === 'ImageStreamTag' && name === latestOf(step) && namespace === own;
      return change?.automatic === true && isLatest;
    });
    return writing.length > 0 && leadThere;
  });
}

function placesOf(config: DeploymentConfig, step: FollowImageStreamStep): string[] {
  const ours = oursOf(config, step);
  const places = triggersOf(config).flatMap(({ imageChangeParams: change }) =>
    change?.containerNames?.some((name) => ours.includes(name)) ? change.from.name : [],
  );
  return [...new Set(places)];
}

const latestImageOf = (stream: ImageStream | undefined): string | undefined =>
  imagesOfTag(stream, LATEST)[0]?.dockerImageReference;

/** `brought`: only where it is that one. */
function imagesAsBefore(
  { spec }: DeploymentConfig,
  original: DeploymentConfig,
  step: FollowImageStreamStep,
  brought?: string,
): Operation[] {
  const ours = oursOf(original, step);
  return (['containers', 'initContainers'] as const).flatMap((list) =>
    (spec.template.spec[list] ?? []).flatMap(({ name, image }, index): Operation[] => {
      const before = original.spec.template.spec[list]?.find((one) => one.name === name)?.image;
      if (!ours.includes(name) || before === undefined || before === image) return [];
      if (brought !== undefined && image !== brought) return [];
      return [{ op: 'add', path: pointer('spec', 'template', 'spec', list, index, 'image'), value: before }];
    }),
  );
}
