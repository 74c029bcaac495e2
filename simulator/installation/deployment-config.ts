import type { Component, Context } from './component.ts';
import { labelsOf, manifest } from './manifest.ts';
import type { Manifest } from './manifest.ts';
import type { Doc } from './pieces.ts';

/** Writes out what all DeploymentConfigs of an installation have in common. */
export function deploymentConfig(component: Component, { parameters }: Context): Manifest {
  const { name, part, image, containers } = component;
  const labels = labelsOf(parameters, part);
  const initContainers = initContainersOf(component);
  const withImage = containers.map((container) => ({
    ...container,
    ...(image ? { image } : {}),
    // Zync says nothing, and gets what its image's tag implies.
    ...(name === 'zync' ? {} : { imagePullPolicy: 'IfNotPresent' }),
  }));
  return manifest('apps.openshift.io/v1', 'DeploymentConfig', name, labels, {
    spec: {
      replicas: 1,
      selector: { deploymentConfig: name },
      strategy: strategyOf(component),
      template: {
        metadata: {
          labels: { ...labels, deploymentConfig: name },
          ...(component.annotations ? { annotations: component.annotations } : {}),
        },
        spec: {
          ...(initContainers.length > 0 ? { initContainers } : {}),
          containers: withImage,
          ...(component.volumes ? { volumes: component.volumes } : {}),
        },
      },
      triggers: triggersOf(component),
    },
  });
}

function initContainersOf({ waits, image }: Component): Doc[] {
  if (!waits) return [];
  return [{ ...waits, image, env: [{ name: 'SLEEP_SECONDS', value: '1' }] }];
}

function strategyOf({ strategy, hooks }: Component): Doc {
  if (strategy === 'recreate') return { type: 'Recreate' };
  if (strategy === 'default') return {};
  const rollingParams = {
    intervalSeconds: 1,
    maxSurge: '25%',
    maxUnavailable: '25%',
    timeoutSeconds: strategy.rollingSeconds,
    updatePeriodSeconds: 1,
    ...hooks,
  };
  return { type: 'Rolling', rollingParams };
}

function triggersOf({ image, rolls, waits, containers, imageTriggerFirst }: Component): Doc[] {
  const onConfig = { type: 'ConfigChange' };
  if (!image) return [onConfig];
  const all = [...(waits ? [waits.name] : []), ...containers.map(({ name }) => String(name))];
  const onImage = {
    type: 'ImageChange',
    imageChangeParams: {
      automatic: true,
      containerNames: rolls ?? all,
      from: { kind: 'ImageStreamTag', name: image },
    },
  };
  return imageTriggerFirst ? [onImage, onConfig] : [onConfig, onImage];
}
