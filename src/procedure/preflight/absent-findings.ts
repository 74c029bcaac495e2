import type { Finding } from '../../domain/tenant/finding.ts';
import type { Step } from '../../domain/tenant/step-kinds.ts';
import type { DeploymentConfig, ImageStream } from '../../openshift/types.ts';
import { deletedConfigs } from '../backup/touched.ts';
import { pausedConfigs, stepsOf } from '../../domain/tenant/step.ts';

/**
 * Components that an installation may rightly lack, and does. What the path deletes is no loss; what is taken along is told by
 * another finding.
 */
export function absentFindings(
  steps: readonly Step[],
  {
    configs,
    streams,
  }: { readonly configs: readonly DeploymentConfig[]; readonly streams: readonly ImageStream[] },
): Finding[] {
  const deleted = deletedConfigs(steps);
  const components = pausedConfigs(steps).filter(
    ({ name, optional, takenAlong }) => optional && !takenAlong && !deleted.includes(name),
  );
  const tagged = stepsOf(steps, 'tag-image-stream').flatMap(({ optional, imageStream }) =>
    optional ? imageStream : [],
  );
  return [
    ...components.filter(({ name }) => !isThere(configs, name)).map(({ name }) => absent(`dc/${name}`)),
    ...tagged.filter((name) => !isThere(streams, name)).map((name) => absent(`imagestream/${name}`)),
  ];
}

const isThere = (
  objects: readonly { readonly metadata: { readonly name: string } }[],
  name: string,
): boolean => objects.some(({ metadata }) => metadata.name === name);

const absent = (object: string): Finding => ({
  check: 'objects-present',
  severity: 'warning',
  object,
  message: `${object} is not there: all else is upgraded without it`,
  hint: 'Where it should be there, restore it first; where the installation goes without it, nothing is to be done.',
});
