import { isDeepStrictEqual } from 'node:util';
import type { Cluster } from '../cluster.ts';
import { badRequest, field, invalid, notFound } from '../errors.ts';
import { ANNOTATION, asDeploymentConfig, asReplicationController } from '../objects.ts';
import type { Cause, DeploymentConfig, ReplicationController } from '../objects.ts';
import { RESOURCES } from '../resources.ts';
import { resolveTriggers } from './image-trigger.ts';
import { keyOf, onEvents } from './runtime.ts';
import type { Namespaced } from './runtime.ts';
import { copy } from '../copy.ts';

const WRITER = 'system:controller:deployment-trigger';

/** Starts a rollout (raises latestVersion) where a trigger asks for one: exactly one for all changes since the last. */
export function startTriggers(cluster: Cluster): void {
  const { store, runtime } = cluster;

  onEvents(cluster, [RESOURCES.deploymentconfigs, RESOURCES.replicationcontrollers], ({ type, object }) => {
    if (type === 'DELETED') return;
    const name =
      object.kind === 'DeploymentConfig'
        ? object.metadata.name
        : object.metadata.annotations?.[ANNOTATION.config];
    if (!name || (object.kind !== 'DeploymentConfig' && type !== 'ADDED')) return;
    runtime.enqueue('trigger', { ...keyOf(object), name }, reconcile);
  });

  function reconcile(key: Namespaced): void {
    const found = store.get(RESOURCES.deploymentconfigs, key.namespace, key.name);
    if (!found || found.metadata.deletionTimestamp) return;
    const current = asDeploymentConfig(found);
    if (current.spec.paused) return;
    const causes = triggered(cluster, current);
    if (!causes) return;
    const config = asDeploymentConfig(copy(found));
    startRollout(config, causes);
    store.update(RESOURCES.deploymentconfigs, config, WRITER);
  }
}

function startRollout(config: DeploymentConfig, causes: Cause[]): void {
  const [cause] = causes;
  const message = { ConfigChange: 'config change', ImageChange: 'image change', Manual: 'manual change' };
  config.status = {
    ...config.status,
    latestVersion: config.status.latestVersion + 1,
    details: { message: message[cause?.type ?? 'Manual'], causes },
  };
}

/** The causes for which this DeploymentConfig must roll now; undefined where none asks for it. */
function triggered(cluster: Cluster, config: DeploymentConfig): Cause[] | undefined {
  const triggers = config.spec.triggers ?? [];
  const onConfig = triggers.some(({ type }) => type === 'ConfigChange');
  const imageTriggers = triggers.filter((trigger) => trigger.type === 'ImageChange');
  if (triggers.length === 0 || hasUnresolved(config)) return undefined;
  if (config.status.latestVersion === 0) {
    if (hasRollouts(cluster, config)) return undefined;
    if (onConfig) return [{ type: 'ConfigChange' }];
    return imageTriggers.some((t) => t.imageChangeParams.automatic)
      ? imageCauses(config, undefined)
      : undefined;
  }
  const last = rolloutOf(cluster, config, config.status.latestVersion);
  const rolled = last && decodedConfig(last);
  if (!rolled) return undefined;
  const images = imageCauses(config, rolled);
  if (images.length > 0) return images;
  if (!onConfig || isDeepStrictEqual(rolled.spec.template, config.spec.template)) return undefined;
  return [{ type: 'ConfigChange' }];
}

/** Re-created over orphaned replication controllers, the DeploymentConfig adopts them first. */
function hasRollouts(cluster: Cluster, config: DeploymentConfig): boolean {
  return cluster.store
    .list(RESOURCES.replicationcontrollers, config.metadata.namespace)
    .some((rc) => rc.metadata.annotations?.[ANNOTATION.config] === config.metadata.name);
}

function hasUnresolved(config: DeploymentConfig): boolean {
  return (config.spec.triggers ?? []).some(
    (trigger) => trigger.type === 'ImageChange' && !trigger.imageChangeParams.lastTriggeredImage,
  );
}

function imageCauses(config: DeploymentConfig, rolled: DeploymentConfig | undefined): Cause[] {
  return (config.spec.triggers ?? []).flatMap((trigger): Cause[] => {
    if (trigger.type !== 'ImageChange' || !trigger.imageChangeParams.automatic) return [];
    const { from, lastTriggeredImage } = trigger.imageChangeParams;
    const before = rolled?.spec.triggers?.find(
      (t) => t.type === 'ImageChange' && isDeepStrictEqual(t.imageChangeParams.from, from),
    );
    const then = before?.type === 'ImageChange' ? before.imageChangeParams.lastTriggeredImage : undefined;
    if (then === lastTriggeredImage) return [];
    // A cause for each container that follows the trigger; it names the image, not the tag.
    const cause: Cause = {
      type: 'ImageChange',
      imageTrigger: { from: { kind: 'DockerImage', name: lastTriggeredImage ?? '' } },
    };
    const { containerNames = [] } = trigger.imageChangeParams;
    return config.spec.template.spec.containers
      .filter(({ name }) => containerNames.includes(name))
      .map(() => cause);
  });
}

function rolloutOf(
  cluster: Cluster,
  config: DeploymentConfig,
  version: number,
): ReplicationController | undefined {
  const name = `${config.metadata.name}-${version}`;
  const found = cluster.store.get(RESOURCES.replicationcontrollers, config.metadata.namespace, name);
  return found && asReplicationController(found);
}

function decodedConfig(rollout: ReplicationController): DeploymentConfig | undefined {
  const encoded = rollout.metadata.annotations?.[ANNOTATION.encodedConfig];
  return encoded === undefined ? undefined : asDeploymentConfig(JSON.parse(encoded));
}

export interface DeploymentRequest {
  readonly name?: string;
  readonly latest?: boolean;
  readonly force?: boolean;
}

const REQUEST = { kind: 'DeploymentRequest', group: 'apps.openshift.io' };

/**
 * `POST …/instantiate`. Returns undefined where nothing changed and `force` is not set (204). The name in the body
 * wins over the one in the path.
 */
export function instantiate(
  cluster: Cluster,
  namespace: string,
  request: DeploymentRequest,
  writer: string,
): DeploymentConfig | undefined {
  if (!request.name) throw badRequest('Name parameter required.');
  const found = cluster.store.get(RESOURCES.deploymentconfigs, namespace, request.name);
  if (!found) throw notFound(RESOURCES.deploymentconfigs, request.name);
  const config = asDeploymentConfig(copy(found));
  if (config.spec.paused) {
    throw invalid(REQUEST, request.name, [
      field.invalid(
        'spec.paused',
        true,
        `deployment config "${request.name}" is paused - unpause to request a new deployment`,
      ),
    ]);
  }
  if (request.latest) resolveTriggers(cluster, config, true);
  if (hasUnresolved(config)) {
    throw badRequest(
      `cannot trigger a deployment for "${request.name}" because it contains unresolved images`,
    );
  }
  if (config.status.latestVersion > 0 && !rolloutOf(cluster, config, config.status.latestVersion)) {
    throw notFound(RESOURCES.replicationcontrollers, `${request.name}-${config.status.latestVersion}`);
  }
  if (!request.force && !triggered(cluster, config)) return undefined;
  startRollout(config, [{ type: 'Manual' }]);
  config.metadata.generation = (config.metadata.generation ?? 0) + 1;
  return asDeploymentConfig(cluster.store.update(RESOURCES.deploymentconfigs, config, writer));
}

export interface RollbackRequest {
  readonly from?: string;
  readonly includeTemplate: boolean;
  readonly includeTriggers: boolean;
  readonly includeReplicationMeta: boolean;
  readonly includeStrategy: boolean;
}

/** `POST …/rollback`: answers with the DeploymentConfig to PUT; writes nothing itself. */
export function rollback(
  cluster: Cluster,
  namespace: string,
  name: string,
  request: RollbackRequest,
): DeploymentConfig {
  const found = cluster.store.get(RESOURCES.deploymentconfigs, namespace, name);
  if (!found) throw notFound(RESOURCES.deploymentconfigs, name);
  const config = asDeploymentConfig(copy(found));
  const kind = { kind: 'DeploymentConfigRollback', group: 'apps.openshift.io' };
  if (config.status.latestVersion < 2) {
    throw invalid(kind, name, [
      field.invalid('name', name, `no previous deployment exists for "${namespace}/${name}"`),
    ]);
  }
  const version = Number(request.from?.slice(name.length + 1) ?? config.status.latestVersion - 1);
  const target = rolloutOf(cluster, config, version);
  const old = target && decodedConfig(target);
  if (!old) {
    throw invalid(kind, name, [field.invalid('spec.from.name', request.from ?? '', 'deployment not found')]);
  }
  if (request.includeTemplate) config.spec.template = old.spec.template;
  if (request.includeTriggers && old.spec.triggers) config.spec.triggers = old.spec.triggers;
  if (request.includeReplicationMeta) config.spec.replicas = old.spec.replicas;
  if (request.includeStrategy) config.spec.strategy = old.spec.strategy;
  for (const trigger of config.spec.triggers ?? []) {
    if (trigger.type === 'ImageChange') delete trigger.imageChangeParams.automatic;
  }
  config.status.latestVersion += 1;
  return config;
}
