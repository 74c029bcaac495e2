import type { Cluster } from '../cluster.ts';
import { ANNOTATION, asDeploymentConfig, asReplicationController } from '../objects.ts';
import type {
  Condition,
  DeploymentConfig,
  DeploymentConfigStatus,
  ReplicationController,
} from '../objects.ts';
import { apiVersionOf, RESOURCES } from '../resources.ts';
import { setCondition } from './conditions.ts';
import { keyOf, onEvents } from './runtime.ts';
import type { Namespaced } from './runtime.ts';

const WRITER = 'system:controller:deploymentconfig';
type Phase = 'New' | 'Pending' | 'Running' | 'Complete' | 'Failed';

export const phaseOf = (rc: ReplicationController): string =>
  rc.metadata.annotations?.[ANNOTATION.phase] ?? '';
const versionOf = (rc: ReplicationController): number =>
  Number(rc.metadata.annotations?.[ANNOTATION.version] ?? 0);
const isOver = (rc: ReplicationController): boolean => ['Complete', 'Failed'].includes(phaseOf(rc));

/** Makes the replication controller of the latest version, cancels older ones that run, and keeps the status. */
export function startDeploymentConfigs(cluster: Cluster): void {
  const { store, runtime } = cluster;

  onEvents(cluster, [RESOURCES.deploymentconfigs, RESOURCES.replicationcontrollers], ({ type, object }) => {
    const name =
      object.kind === 'DeploymentConfig'
        ? object.metadata.name
        : object.metadata.annotations?.[ANNOTATION.config];
    if (!name || (type === 'DELETED' && object.kind === 'DeploymentConfig')) return;
    runtime.enqueue('deploymentconfig', { ...keyOf(object), name }, reconcile);
  });

  function reconcile(key: Namespaced): void {
    const found = store.get(RESOURCES.deploymentconfigs, key.namespace, key.name);
    if (!found) return;
    const config = asDeploymentConfig(found);
    const all = rollouts(config);
    if (config.metadata.deletionTimestamp) {
      writeStatus(config, all, []);
      return;
    }
    const adopted = adopt(config, all);
    const latest = all.find((rc) => versionOf(rc) === config.status.latestVersion);
    if (adopted > config.status.latestVersion) {
      // The trigger asks for the first version, and is told of the newest that is there.
      if (config.status.latestVersion === 0 && adopted > 1) raiseVersion(config, 1);
      return raiseVersion(config, adopted);
    }
    if (config.status.latestVersion === 0 || latest) {
      if (!config.spec.paused) scale(config, all);
      writeStatus(config, all, latest ? progress(config, latest, all) : []);
      cleanUp(config, all);
      return;
    }
    const running = all.filter((rc) => !isOver(rc));
    for (const rc of running) cancel(rc);
    if (running.length > 0) return writeStatus(config, all, []);
    if (config.spec.paused) return writeStatus(config, all, []);
    const created = create(config);
    writeStatus(
      config,
      [...all, created],
      [
        {
          type: 'Progressing',
          status: 'True',
          reason: 'NewReplicationControllerCreated',
          message: `Created new replication controller "${created.metadata.name}" for version ${config.status.latestVersion}`,
        },
      ],
    );
  }

  function rollouts(config: DeploymentConfig): ReplicationController[] {
    return store
      .list(RESOURCES.replicationcontrollers, config.metadata.namespace)
      .filter((rc) => rc.metadata.annotations?.[ANNOTATION.config] === config.metadata.name)
      .map(asReplicationController)
      .sort((a, b) => versionOf(a) - versionOf(b));
  }

  /** Takes orphaned replication controllers of this name; returns the highest version among them. */
  function adopt(config: DeploymentConfig, all: readonly ReplicationController[]): number {
    const orphans = all.filter(
      (rc) => !rc.metadata.ownerReferences?.length && !rc.metadata.deletionTimestamp,
    );
    for (const rc of orphans) {
      const { resourceVersion: _stale, ...metadata } = rc.metadata;
      store.update(
        RESOURCES.replicationcontrollers,
        { ...rc, metadata: { ...metadata, resourceVersion: '', ownerReferences: [ownerReference(config)] } },
        WRITER,
      );
    }
    return Math.max(0, ...orphans.map(versionOf));
  }

  function raiseVersion(config: DeploymentConfig, version: number): void {
    const details = { message: 'config change', causes: [{ type: 'ConfigChange' as const }] };
    const status = { ...config.status, latestVersion: version, details };
    const metadata = { ...config.metadata, resourceVersion: '' };
    store.update(RESOURCES.deploymentconfigs, { ...config, metadata, status }, WRITER);
  }

  function create(config: DeploymentConfig): ReplicationController {
    const { name, namespace, labels } = config.metadata;
    const version = config.status.latestVersion;
    const rcName = `${name}-${version}`;
    const selector = { ...config.spec.selector, deployment: rcName, deploymentconfig: name };
    const { template } = config.spec;
    const created = store.create(
      RESOURCES.replicationcontrollers,
      {
        kind: 'ReplicationController',
        apiVersion: 'v1',
        metadata: {
          name: rcName,
          ...(namespace ? { namespace } : {}),
          uid: '',
          resourceVersion: '',
          creationTimestamp: '',
          labels: { ...labels, 'openshift.io/deployment-config.name': name },
          annotations: {
            [ANNOTATION.desiredReplicas]: String(config.spec.replicas),
            [ANNOTATION.version]: String(version),
            [ANNOTATION.config]: name,
            [ANNOTATION.phase]: 'New' satisfies Phase,
            [ANNOTATION.replicas]: '0',
            [ANNOTATION.statusReason]: config.status.details?.message ?? '',
            [ANNOTATION.encodedConfig]: JSON.stringify(config),
          },
          ownerReferences: [ownerReference(config)],
        },
        spec: {
          replicas: 0,
          selector,
          template: {
            metadata: {
              labels: { ...template.metadata?.labels, deployment: rcName, deploymentconfig: name },
              annotations: {
                ...template.metadata?.annotations,
                [ANNOTATION.version]: String(version),
                [ANNOTATION.config]: name,
                [ANNOTATION.deployment]: rcName,
              },
            },
            spec: template.spec,
          },
        },
        status: { replicas: 0 },
      },
      WRITER,
    );
    return asReplicationController(created);
  }

  function cancel(rc: ReplicationController): void {
    if (rc.metadata.annotations?.[ANNOTATION.cancelled]) return;
    const annotations = {
      ...rc.metadata.annotations,
      [ANNOTATION.cancelled]: 'true',
      [ANNOTATION.statusReason]: 'newer deployment was found running',
    };
    store.update(
      RESOURCES.replicationcontrollers,
      { ...rc, metadata: { ...rc.metadata, annotations } },
      WRITER,
    );
  }

  /** The complete rollout follows spec.replicas; what runs is scaled by its deployer. */
  function scale(config: DeploymentConfig, all: readonly ReplicationController[]): void {
    if (all.some((rc) => !isOver(rc))) return;
    const active = all.findLast((rc) => phaseOf(rc) === 'Complete');
    for (const rc of all) {
      const replicas = rc === active ? config.spec.replicas : 0;
      if (rc.spec.replicas === replicas) continue;
      store.update(RESOURCES.replicationcontrollers, { ...rc, spec: { ...rc.spec, replicas } }, WRITER);
    }
  }

  function cleanUp(config: DeploymentConfig, all: readonly ReplicationController[]): void {
    const limit = config.spec.revisionHistoryLimit ?? 10;
    const old = all.filter(
      (rc) => isOver(rc) && rc.spec.replicas === 0 && versionOf(rc) !== config.status.latestVersion,
    );
    for (const rc of old.slice(0, Math.max(0, old.length - limit))) {
      store.remove(RESOURCES.replicationcontrollers, rc.metadata.namespace, rc.metadata.name, WRITER);
    }
  }

  function writeStatus(
    config: DeploymentConfig,
    all: readonly ReplicationController[],
    progressing: readonly NewCondition[],
  ): void {
    const current = store.get(RESOURCES.deploymentconfigs, config.metadata.namespace, config.metadata.name);
    if (!current) return;
    const status = { ...newStatus(asDeploymentConfig(current), all, progressing) };
    store.update(RESOURCES.deploymentconfigs, { ...current, status }, WRITER);
  }
}

type NewCondition = Pick<Condition, 'type' | 'status'> & { reason?: string; message: string };

function ownerReference(config: DeploymentConfig): {
  apiVersion: string;
  kind: string;
  name: string;
  uid: string;
  controller: boolean;
  blockOwnerDeletion: boolean;
} {
  return {
    apiVersion: apiVersionOf(RESOURCES.deploymentconfigs),
    kind: 'DeploymentConfig',
    name: config.metadata.name,
    uid: config.metadata.uid,
    controller: true,
    blockOwnerDeletion: true,
  };
}

/** What Progressing says of the newest rollout, per phase. */
function progress(
  config: DeploymentConfig,
  latest: ReplicationController,
  all: readonly ReplicationController[],
): NewCondition[] {
  const { name } = latest.metadata;
  const type = 'Progressing';
  switch (phaseOf(latest)) {
    case 'New':
    case 'Pending':
      if (!(config.status.conditions ?? []).some((c) => c.message?.includes(`"${name}"`))) return [];
      return phaseOf(latest) === 'New'
        ? []
        : [
            {
              type,
              status: 'Unknown',
              message: `replication controller "${name}" is waiting for pod "${name}-deploy" to run`,
            },
          ];
    case 'Running': {
      const before = config.status;
      const updated = latest.status.replicas;
      const older = sum(all, (rc) => rc.status.replicas) - updated;
      const moved = updated > before.updatedReplicas || older < before.replicas - before.updatedReplicas;
      if (!moved) return [];
      return [
        {
          type,
          status: 'True',
          reason: 'ReplicationControllerUpdated',
          message: `replication controller "${name}" is progressing`,
        },
      ];
    }
    case 'Complete':
      return [
        {
          type,
          status: 'True',
          reason: 'NewReplicationControllerAvailable',
          message: `replication controller "${name}" successfully rolled out`,
        },
      ];
    case 'Failed': {
      const cancelled = latest.metadata.annotations?.[ANNOTATION.cancelled] === 'true';
      return [
        cancelled
          ? {
              type,
              status: 'False',
              reason: 'RolloutCancelled',
              message: `rollout of replication controller "${name}" was cancelled`,
            }
          : {
              type,
              status: 'False',
              reason: 'ProgressDeadlineExceeded',
              message: `replication controller "${name}" has failed progressing`,
            },
      ];
    }
    default:
      return [];
  }
}

function newStatus(
  config: DeploymentConfig,
  all: readonly ReplicationController[],
  progressing: readonly NewCondition[],
): DeploymentConfigStatus {
  const before = config.status;
  const latest = all.find((rc) => versionOf(rc) === before.latestVersion);
  const available = sum(all, (rc) => rc.status.availableReplicas ?? 0);
  const ready = sum(all, (rc) => rc.status.readyReplicas ?? 0);
  const desired = sum(all, (rc) => rc.spec.replicas);
  const { readyReplicas: _ready, conditions: _conditions, ...kept } = before;
  let conditions = setCondition(before.conditions ?? [], availability(config, available));
  for (const condition of progressing) conditions = setCondition(conditions, condition);
  return {
    ...kept,
    observedGeneration: config.metadata.generation ?? 0,
    replicas: sum(all, (rc) => rc.status.replicas),
    updatedReplicas: latest?.status.replicas ?? 0,
    availableReplicas: available,
    unavailableReplicas: Math.max(0, desired - available),
    ...(ready > 0 ? { readyReplicas: ready } : {}),
    conditions,
  };
}

/** Rolling keeps 25 % unavailable at most; rounded down, one replica may never be missing. */
function availability(config: DeploymentConfig, available: number): NewCondition {
  const { replicas } = config.spec;
  const minimum = config.spec.strategy.type === 'Rolling' ? replicas - Math.floor(replicas / 4) : replicas;
  return available > 0 && available >= minimum
    ? { type: 'Available', status: 'True', message: 'Deployment config has minimum availability.' }
    : {
        type: 'Available',
        status: 'False',
        message: 'Deployment config does not have minimum availability.',
      };
}

const sum = <T>(items: readonly T[], count: (item: T) => number): number =>
  items.reduce((total, item) => total + count(item), 0);
