import type { Cluster } from '../cluster.ts';
import { asDeploymentConfig } from '../objects.ts';
import type { DeploymentConfig, ImageChangeParams } from '../objects.ts';
import { RESOURCES } from '../resources.ts';
import { resolveImage } from '../images/tag-events.ts';
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
    if (!found || outdated(cluster, asDeploymentConfig(found), false).length === 0) return;
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
  const changes = outdated(cluster, config, also);
  for (const { params, image } of changes) {
    params.lastTriggeredImage = image;
    const { containers, initContainers = [] } = config.spec.template.spec;
    for (const container of [...containers, ...initContainers]) {
      if (params.containerNames?.includes(container.name)) container.image = image;
    }
  }
  return changes.length > 0;
}

/** The image triggers whose stream has another image by now; `also`: those that are not automatic, too. */
function outdated(
  { store }: Cluster,
  { metadata, spec }: DeploymentConfig,
  also: boolean,
): { params: ImageChangeParams; image: string }[] {
  return (spec.triggers ?? []).flatMap((trigger) => {
    if (trigger.type !== 'ImageChange') return [];
    const params = trigger.imageChangeParams;
    if (!params.automatic && !also) return [];
    const image = resolveImage(store, params.from.namespace ?? metadata.namespace ?? '', params.from.name);
    return image && image !== params.lastTriggeredImage ? [{ params, image }] : [];
  });
}
