import type { Container, DeploymentConfig } from '../../openshift/types.ts';

/**
 * What the owner of a DeploymentConfig has written: without the pause, which may be ours, and without the images that
 * triggers write, also while it is paused.
 */
export function ownersSpec({ spec }: DeploymentConfig): unknown {
  const { paused: _paused, template, triggers = [], ...rest } = spec;
  const followed = triggers.flatMap(({ imageChangeParams }) => imageChangeParams?.containerNames ?? []);
  const withoutImage = (container: Container): unknown =>
    followed.includes(container.name) ? { ...container, image: undefined } : container;
  const { containers, initContainers } = template.spec;
  return {
    ...rest,
    template: {
      ...template,
      spec: {
        ...template.spec,
        containers: containers.map(withoutImage),
        ...(initContainers ? { initContainers: initContainers.map(withoutImage) } : {}),
      },
    },
    triggers: triggers.map((trigger) =>
      trigger.imageChangeParams
        ? { ...trigger, imageChangeParams: { ...trigger.imageChangeParams, lastTriggeredImage: undefined } }
        : trigger,
    ),
  };
}
