import type { Finding } from '../../domain/tenant/finding.ts';
import type { Step, TagImageStreamStep } from '../../domain/tenant/step-kinds.ts';
import type { DeploymentConfig, ImageStream } from '../../openshift/types.ts';
import { NEVER_LEFT } from '../../domain/paths/index.ts';
import { placeOf } from '../images/image-triggers.ts';
import { LATEST, movedTags } from '../images/stream-tags.ts';
import { stepsOf } from '../../domain/tenant/step.ts';

/** DeploymentConfigs of the owner's own that follow the streams: taken along, paused by their owner, or in the way. */

interface Installed {
  readonly namespace: string;
  readonly configs: readonly DeploymentConfig[];
  readonly streams: readonly ImageStream[];
}

/** What is taken along, and follows nothing that moves, would be paused, and roll nothing new. */
export function followsNothing(
  steps: readonly Step[],
  { namespace, configs, streams }: Installed,
): Finding[] {
  const moved = movedTags(steps, streams);
  return stepsOf(steps, 'roll-out').flatMap(({ takenAlong, deploymentConfig: name }): Finding[] => {
    if (!takenAlong) return [];
    const config = configs.find(({ metadata }) => metadata.name === name);
    const object = `dc/${name}`;
    const finding = { check: 'own-followers', object } as const;
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
export function strangers(
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
      const like = runs?.at(-1)?.deploymentConfig ?? NEVER_LEFT[0] ?? 'NAME';
      return {
        check: 'own-followers',
        severity: 'fatal',
        object,
        message: `${object} follows imagestream/${imageStream} and is none of 3scale's own: it would roll while the upgrade is staged, before the database is migrated`,
        hint: `Let it roll in its place: --take-along ${name}=${like} (in a file, takeAlong: {${name}: ${like}}); or pause it until the upgrade has ended: oc rollout pause ${object}; then: oc rollout resume ${object}`,
      };
    });
}
