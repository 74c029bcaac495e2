import type { TagImageStreamStep } from '../../domain/tenant/step-kinds.ts';
import type { DeploymentConfig, ImageStream } from '../../openshift/types.ts';
import { required } from '../backup/backup.ts';
import { refuseResumed } from '../edit/guard.ts';
import { StepError } from '../step-error.ts';
import type { Problem, Work } from '../steps/step-module.ts';
import { edited, problem } from '../steps/step-module.ts';
import { movingWithLatest } from './stream-tags.ts';

/** What image triggers on a stream's `latest` roll. */

const latestOf = ({ imageStream }: TagImageStreamStep): string => `${imageStream}:latest`;

/** Containers that an image trigger on `latest` rolls, or did before the first change, or that have to run our image, and have another. */
export function otherImages(
  {
    config,
    original,
  }: { readonly config: DeploymentConfig; readonly original: DeploymentConfig | undefined },
  step: TagImageStreamStep,
  reference: string,
): Problem[] {
  const { name: configName } = config.metadata;
  const [following, followed] = [config, original].map((one) =>
    one ? containersFollowing(one, [latestOf(step)]) : [],
  );
  const runs = step.runs?.find(({ deploymentConfig }) => deploymentConfig === configName);
  const wanted = runs?.left ? [] : (runs?.containers ?? []);
  const { containers, initContainers = [] } = config.spec.template.spec;
  return [...initContainers, ...containers].flatMap(({ name, image }) => {
    if (image === reference) return [];
    const message = `dc/${configName}: container ${name} does not have the image of imagestream/${step.imageStream}`;
    if (following?.includes(name)) return [problem(message)];
    if (followed?.includes(name))
      return [edited(`${message}, and the image trigger that it had on ${latestOf(step)} is gone`)];
    return wanted.includes(name) ? [problem(`${message}, and no image trigger on ${latestOf(step)}`)] : [];
  });
}

/** What follows the tag, or one that follows it, and is not paused would roll at once; what is not of the path waits where its owner paused it. */
export async function refuseFollowers(
  {
    api,
    backup,
    mark,
    mayRoll,
    stream,
  }: Pick<Work, 'api' | 'backup' | 'mark'> & { readonly mayRoll: boolean; readonly stream: ImageStream },
  step: TagImageStreamStep,
): Promise<void> {
  const tags = movingWithLatest(stream, step.imageStream);
  const ours = required(await backup()).deploymentconfigs.map(({ metadata }) => metadata.name);
  for (const config of await api.list('deploymentconfigs')) {
    const { name } = config.metadata;
    if (containersFollowing(config, tags).length === 0) continue;
    if (ours.includes(name)) refuseResumed(config, { mark, mayRoll });
    else if (!mayRoll && !config.spec.paused)
      throw new StepError(
        'EditedByOthers',
        `dc/${name} follows imagestream/${step.imageStream}, is none of the upgrade's, and is not paused: it would roll while the upgrade is staged`,
        `Pause it until the upgrade has ended: oc rollout pause dc/${name}; then retry.`,
      );
  }
}

/** Of tags of the tenant's own project, as `amp-system:latest`. */
function containersFollowing({ metadata, spec }: DeploymentConfig, tags: readonly string[]): string[] {
  return (spec.triggers ?? []).flatMap(({ imageChangeParams: change }) => {
    const { name = '', namespace = metadata.namespace } = change?.from ?? {};
    // A backup does not repeat the namespace.
    const isElsewhere = metadata.namespace !== undefined && namespace !== metadata.namespace;
    return tags.includes(name) && !isElsewhere ? (change?.containerNames ?? []) : [];
  });
}
