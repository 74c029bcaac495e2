import type { Cluster } from '../cluster.ts';
import { asDeploymentConfig } from '../objects.ts';
import type { DeploymentConfig } from '../objects.ts';
import { RESOURCES } from '../resources.ts';
import { resolveImage } from './images.ts';
import { keyOf, onEvents } from './runtime.ts';
import type { Namespaced } from './runtime.ts';
import { copy } from '../copy.ts';

const WRITER = 'system:controller:image-trigger';

/** Writes the images that triggers name into the template, init containers too, also while it is paused. */
export function startImageTrigger(cluster: Cluster): void {
  const { store, runtime } = cluster;

  onEvents(cluster, [RESOURCES.imagestreams, RESOURCES.deploymentconfigs], ({ type, object }) => {
    if (type === 'DELETED') return;
    const affected =
      object.kind === 'DeploymentConfig'
        ? [object]
        : store
            .list(RESOURCES.deploymentconfigs, object.metadata.namespace)
            .filter((candidate) => follows(asDeploymentConfig(candidate), object.metadata.name));
    for (const config of affected) runtime.enqueue('image-trigger', keyOf(config), reconcile);
  });

  function reconcile(key: Namespaced): void {
    const found = store.get(RESOURCES.deploymentconfigs, key.namespace, key.name);
    if (!found) return;
    const config = asDeploymentConfig(copy(found));
    if (resolveTriggers(cluster, config, false)) store.update(RESOURCES.deploymentconfigs, config, WRITER);
  }
}

function follows(config: DeploymentConfig, stream: string): boolean {
  return (config.spec.triggers ?? []).some(
    (trigger) =>
      trigger.type === 'ImageChange' && trigger.imageChangeParams.from.name.split(':')[0] === stream,
  );
}

/** Brings the template up to the triggers' images. Changes `config`; true where something changed. */
export function resolveTriggers(cluster: Cluster, config: DeploymentConfig, also: boolean): boolean {
  let changed = false;
  for (const trigger of config.spec.triggers ?? []) {
    if (trigger.type !== 'ImageChange') continue;
    const params = trigger.imageChangeParams;
    if (!params.automatic && !also) continue;
    const namespace = params.from.namespace ?? config.metadata.namespace ?? '';
    const image = resolveImage(cluster.store, namespace, params.from.name);
    if (!image || image === params.lastTriggeredImage) continue;
    params.lastTriggeredImage = image;
    changed = true;
    const { containers, initContainers = [] } = config.spec.template.spec;
    for (const container of [...containers, ...initContainers]) {
      if (params.containerNames?.includes(container.name)) container.image = image;
    }
  }
  return changed;
}
