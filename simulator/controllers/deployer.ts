import type { Cluster } from '../cluster.ts';
import {
  ANNOTATION,
  asDeploymentConfig,
  asReplicationController,
  DEPLOYER_LABEL,
  goTimestamp,
} from '../objects.ts';
import type { DeploymentConfig, ReplicationController, StrategyParams } from '../objects.ts';
import { RESOURCES } from '../resources.ts';
import { phaseOf } from './deployment-config.ts';
import { createHelperPod, deletePod, endPod, hasPod, setPhase } from './helper-pods.ts';
import { runHook } from './hooks.ts';
import { keyOf, onEvents } from './runtime.ts';
import type { Namespaced } from './runtime.ts';

const WRITER = 'system:controller:deployer';

/** What one rollout does, step by step; each waits for the one before, and all stop once it is cancelled. */
type Stage = (next: () => void, fail: (why: string) => void) => void;

/** Moves each replication controller through its phases: makes the deployer pod, and plays what that pod would do. */
export function startDeployer(cluster: Cluster): void {
  const { store, runtime, timing } = cluster;
  const started = new Set<string>();

  onEvents(cluster, [RESOURCES.replicationcontrollers], ({ type, object }) => {
    if (type !== 'DELETED' && object.metadata.annotations?.[ANNOTATION.phase]) {
      runtime.enqueue('deployer', keyOf(object), reconcile);
    }
  });

  function read(key: Namespaced): ReplicationController | undefined {
    const found = store.get(RESOURCES.replicationcontrollers, key.namespace, key.name);
    return found && asReplicationController(found);
  }

  function reconcile(key: Namespaced): void {
    const rc = read(key);
    if (!rc || rc.metadata.deletionTimestamp) return;
    const phase = phaseOf(rc);
    if (rc.metadata.annotations?.[ANNOTATION.cancelled] && phase !== 'Failed' && phase !== 'Complete') {
      return finishCancelled(rc);
    }
    if (phase !== 'New' || started.has(rc.metadata.uid)) return;
    started.add(rc.metadata.uid);
    start(rc);
  }

  function start(rc: ReplicationController): void {
    const key = keyOf(rc);
    const pod = `${rc.metadata.name}-deploy`;
    createHelperPod(cluster, rc, pod, { [DEPLOYER_LABEL]: rc.metadata.name });
    runtime.after(timing.rolloutMs * 0.05, () => {
      if (!isRunning(key, rc)) return;
      annotate(key, {
        [ANNOTATION.deployerPod]: pod,
        [ANNOTATION.deployerCreated]: goTimestamp(),
        [ANNOTATION.phase]: 'Pending',
      });
    });
    runtime.after(timing.rolloutMs * 0.1, () => {
      if (!isRunning(key, rc)) return;
      setPhase(cluster, rc, pod, 'Running');
      annotate(key, { [ANNOTATION.phase]: 'Running' });
      deploy(key, rc, pod);
    });
  }

  function isRunning(key: Namespaced, rc: ReplicationController): boolean {
    const current = read(key);
    return (
      current?.metadata.uid === rc.metadata.uid &&
      !current.metadata.deletionTimestamp &&
      !current.metadata.annotations?.[ANNOTATION.cancelled]
    );
  }

  function deploy(key: Namespaced, rc: ReplicationController, pod: string): void {
    const config = asDeploymentConfig(
      JSON.parse(rc.metadata.annotations?.[ANNOTATION.encodedConfig] ?? '{}'),
    );
    const rolling = config.spec.strategy.type === 'Rolling';
    const params = (rolling ? config.spec.strategy.rollingParams : config.spec.strategy.recreateParams) ?? {};
    const hasOld = activeOf(config, rc) !== undefined;
    const stages = [breakage(config, rc), ...plan(key, config, rc, params, rolling && hasOld)];
    const fail = (why: string): void => {
      if (isRunning(key, rc)) finish(key, rc, pod, 'Failed', why);
    };
    const run = (index: number): void => {
      if (!isRunning(key, rc)) return;
      const stage = stages[index];
      if (!stage) return finish(key, rc, pod, 'Complete');
      stage(() => {
        run(index + 1);
      }, fail);
    };
    run(0);
  }

  function plan(
    key: Namespaced,
    config: DeploymentConfig,
    rc: ReplicationController,
    params: StrategyParams,
    rolling: boolean,
  ): Stage[] {
    const hook = (name: 'pre' | 'mid' | 'post'): Stage[] => {
      const definition = params[name];
      return definition
        ? [
            (next, fail) => {
              runHook(cluster, rc, name, definition, next, fail);
            },
          ]
        : [];
    };
    const desired = Number(rc.metadata.annotations?.[ANNOTATION.desiredReplicas] ?? config.spec.replicas);
    const up: Stage[] = [
      (next) => {
        scaleTo(key, desired);
        next();
      },
      (next) => {
        whenReady(key, desired, next);
      },
    ];
    const down: Stage = (next) => {
      const old = activeOf(config, rc);
      if (old) scaleTo(keyOf(old), 0);
      runtime.after(timing.rolloutMs * 0.1, next);
    };
    const wait: Stage = (next) => {
      runtime.after(timing.rolloutMs * 0.1, next);
    };
    // The strategy looks once in its interval whether the new pods are there: until then both are.
    if (rolling)
      return [...hook('pre'), markSource(key, config, rc), ...up, wait, down, wait, ...hook('post')];
    if (config.spec.strategy.type === 'Rolling') return [...hook('pre'), ...up, wait, ...hook('post')];
    return [...hook('pre'), down, ...hook('mid'), ...up, wait, ...hook('post')];
  }

  /** An image that cannot run fails its rollout: a container that exits, a process that is not in the image. */
  function breakage(config: DeploymentConfig, rc: ReplicationController): Stage {
    return (next, fail) => {
      const { namespace = '', name } = config.metadata;
      const images = rc.spec.template.spec.containers.map(({ image = '' }) => image);
      const fault = cluster.faults.work('rollout', namespace, name);
      if (fault) {
        if (fault.pod) {
          cluster.podTroubles.break(namespace, rc.metadata.name, fault.pod);
          scaleTo(keyOf(rc), Number(rc.metadata.annotations?.[ANNOTATION.desiredReplicas] ?? 1));
        }
        runtime.after(timing.rolloutMs * (fault.pod ? 3 : 1), () => {
          fail(fault.message);
        });
      } else if (cluster.registry.failsToRun(images, name)) {
        runtime.after(timing.rolloutMs, () => {
          fail('pods did not become ready');
        });
      } else next();
    };
  }

  function markSource(key: Namespaced, config: DeploymentConfig, rc: ReplicationController): Stage {
    return (next) => {
      const old = activeOf(config, rc);
      if (old) {
        annotate(key, { [ANNOTATION.updateSource]: `${old.metadata.name}:${old.metadata.uid}` });
        annotate(keyOf(old), { [ANNOTATION.originalReplicas]: String(old.spec.replicas) });
      }
      next();
    };
  }

  function activeOf(config: DeploymentConfig, rc: ReplicationController): ReplicationController | undefined {
    return store
      .list(RESOURCES.replicationcontrollers, config.metadata.namespace)
      .map(asReplicationController)
      .find(
        (other) =>
          other.metadata.annotations?.[ANNOTATION.config] === config.metadata.name &&
          other.metadata.uid !== rc.metadata.uid &&
          phaseOf(other) === 'Complete' &&
          other.spec.replicas > 0,
      );
  }

  function scaleTo(key: Namespaced, replicas: number): void {
    const rc = read(key);
    if (!rc || rc.spec.replicas === replicas) return;
    store.update(RESOURCES.replicationcontrollers, { ...rc, spec: { ...rc.spec, replicas } }, WRITER);
  }

  function whenReady(key: Namespaced, replicas: number, next: () => void): void {
    const rc = read(key);
    if (!rc) return;
    if ((rc.status.readyReplicas ?? 0) >= replicas) return next();
    const unsubscribe = store.subscribe(({ object }) => {
      if (object.metadata.uid !== rc.metadata.uid) return;
      if ((asReplicationController(object).status.readyReplicas ?? 0) < replicas) return;
      unsubscribe();
      next();
    });
  }

  function annotate(
    key: Namespaced,
    annotations: Record<string, string>,
    drop: readonly string[] = [],
  ): void {
    const rc = read(key);
    if (!rc) return;
    const merged = Object.entries({ ...rc.metadata.annotations, ...annotations });
    const kept = Object.fromEntries(merged.filter(([name]) => !drop.includes(name)));
    store.update(
      RESOURCES.replicationcontrollers,
      { ...rc, metadata: { ...rc.metadata, annotations: kept } },
      WRITER,
    );
  }

  function finish(
    key: Namespaced,
    rc: ReplicationController,
    pod: string,
    phase: 'Complete' | 'Failed',
    why?: string,
  ): void {
    if (phase === 'Complete') setPhase(cluster, rc, pod, 'Succeeded');
    else endPod(cluster, rc, pod, { exitCode: 1, log: [`error: ${why ?? ''}`] });
    const completed = {
      [ANNOTATION.deployerCompleted]: '0001-01-01 00:00:00 +0000 UTC',
      [ANNOTATION.phase]: phase,
    };
    if (phase === 'Failed') {
      scaleTo(key, 0);
      const config = asDeploymentConfig(
        JSON.parse(rc.metadata.annotations?.[ANNOTATION.encodedConfig] ?? '{}'),
      );
      const old = activeOf(config, rc) ?? lastComplete(config, rc);
      if (old) scaleTo(keyOf(old), config.spec.replicas);
      return annotate(key, completed);
    }
    const first = read(key)?.metadata.annotations?.[ANNOTATION.updateSource] === undefined;
    annotate(
      key,
      { ...completed, [ANNOTATION.replicas]: first ? String(read(key)?.spec.replicas ?? 0) : '' },
      [ANNOTATION.desiredReplicas, ANNOTATION.updateSource],
    );
  }

  function lastComplete(
    config: DeploymentConfig,
    rc: ReplicationController,
  ): ReplicationController | undefined {
    return store
      .list(RESOURCES.replicationcontrollers, config.metadata.namespace)
      .map(asReplicationController)
      .findLast(
        (other) =>
          other.metadata.annotations?.[ANNOTATION.config] === config.metadata.name &&
          other.metadata.uid !== rc.metadata.uid &&
          phaseOf(other) === 'Complete',
      );
  }

  /** A cancelled rollout ends once its deployer and hook pods are gone. */
  function finishCancelled(rc: ReplicationController): void {
    const key = keyOf(rc);
    const pods = [
      `${rc.metadata.name}-deploy`,
      ...['pre', 'mid', 'post'].map((n) => `${rc.metadata.name}-hook-${n}`),
    ];
    for (const pod of pods) deletePod(cluster, key.namespace, pod);
    if (pods.some((pod) => hasPod(cluster, key.namespace, pod))) {
      runtime.after(timing.terminationMs, () => {
        reconcile(key);
      });
      return;
    }
    const config = asDeploymentConfig(
      JSON.parse(rc.metadata.annotations?.[ANNOTATION.encodedConfig] ?? '{}'),
    );
    const old = activeOf(config, rc) ?? lastComplete(config, rc);
    if (old) scaleTo(keyOf(old), config.spec.replicas);
    scaleTo(key, 0);
    annotate(key, { [ANNOTATION.phase]: 'Failed' });
  }
}
