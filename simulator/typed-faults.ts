import type { Cluster } from './cluster.ts';
import { FaultError } from './fault-words.ts';
import type { FaultPlace, NextImage, TypedFault } from './fault-words.ts';
import type { Simulator } from './index.ts';
import { images24 } from './installation/images.ts';
import type { PodFault } from './pod-troubles.ts';
import { importFailure } from './registry-words.ts';
import { RESOURCES } from './resources.ts';

/** Lets faults happen as they were typed. Throws FaultError where one is about something that is not there. */
export function scriptFaults(simulator: Simulator, faults: readonly TypedFault[]): void {
  for (const fault of faults) {
    requirePlace(simulator, fault);
    for (const cluster of simulator.clusters) {
      if ((fault.cluster ?? cluster.name) === cluster.name) script(simulator, cluster, fault);
    }
  }
}

function script(simulator: Simulator, cluster: Cluster, fault: TypedFault): void {
  switch (fault.kind) {
    case 'rollout-fails':
      cluster.faults.onWork('rollout', {
        ...common(fault),
        message: 'pods did not become ready',
        pod: CRASHES,
      });
      break;
    case 'hook-fails':
      cluster.faults.onWork('hook', {
        ...common(fault),
        name: `${fault.name}/pre`,
        message: 'the command ended with exit code 1',
        pod: ABORTS,
      });
      break;
    case 'import-fails': {
      const name = imageOf(fault.name as NextImage);
      const { reason, message } = importFailure(name, 'unreachable');
      cluster.faults.onWork('import', { ...common(fault), name, reason, message });
      break;
    }
    case 'broken-image':
      cluster.registry.breakRollout(imageOf(fault.name));
      break;
    case 'unreachable':
      goAway(simulator, cluster, fault.forMs);
      break;
  }
}

/** What there is to be seen of it: pods that end, and what they have printed. */
const CRASHES: PodFault = {
  kind: 'crash-loop',
  log: ['starting', 'cannot connect to redis: connection refused', 'giving up'],
};
const ABORTS: PodFault = {
  kind: 'crash-loop',
  log: [
    'rake aborted!',
    'Mysql2::Error: Lock wait timeout exceeded; try restarting transaction',
    'Tasks: TOP => db:migrate',
  ],
};

function common({ project, name, times }: FaultPlace & { name: string; times?: number }): {
  name: string;
  namespace?: string;
  times?: number;
} {
  return {
    name,
    ...(project === undefined ? {} : { namespace: project }),
    ...(times === undefined ? {} : { times }),
  };
}

/** Every request is cut, and watches end, for so long from the next change that somebody makes. */
function goAway(simulator: Simulator, cluster: Cluster, forMs: number): void {
  const unsubscribe = cluster.audit.onWrite(() => {
    unsubscribe();
    // The change is answered still; what comes after it is not.
    setImmediate(() => {
      cluster.faults.onRequest({ forMs }, { kind: 'reset' });
      simulator.server(cluster.name).cutWatches();
    });
  });
}

const imageOf = (name: NextImage): string => images24()[name];

/** Throws FaultError for a cluster, a project or a DeploymentConfig that is not there. */
function requirePlace(simulator: Simulator, fault: TypedFault): void {
  const clusters = simulator.clusters.filter(({ name }) => (fault.cluster ?? name) === name);
  const all = simulator.clusters.map(({ name }) => name);
  if (clusters.length === 0)
    throw new FaultError(`there is no cluster ${fault.cluster ?? ''}; there ${areOf(all)}`);
  const projects = clusters.flatMap(({ store }) =>
    store.list(RESOURCES.namespaces).map(({ metadata }) => metadata.name),
  );
  if (fault.project !== undefined && !projects.includes(fault.project))
    throw new FaultError(`there is no project ${fault.project}; there ${areOf(projects)}`);
  if (fault.kind !== 'rollout-fails' && fault.kind !== 'hook-fails') return;
  const configs = clusters
    .flatMap(({ store }) => store.list(RESOURCES.deploymentconfigs, fault.project))
    .filter(({ spec }) => fault.kind !== 'hook-fails' || hasPreHook(spec))
    .map(({ metadata }) => metadata.name);
  if (configs.includes(fault.name)) return;
  const kind = fault.kind === 'hook-fails' ? 'DeploymentConfig with a pre-hook' : 'DeploymentConfig';
  throw new FaultError(`there is no ${kind} called ${fault.name}; there ${areOf(configs)}`);
}

function hasPreHook(spec: unknown): boolean {
  const { strategy } = spec as {
    strategy?: { rollingParams?: { pre?: unknown }; recreateParams?: { pre?: unknown } };
  };
  return (strategy?.rollingParams ?? strategy?.recreateParams)?.pre !== undefined;
}

function areOf(names: readonly string[]): string {
  const each = [...new Set(names)];
  if (each.length === 0) return 'is none';
  return `${each.length === 1 ? 'is' : 'are'}: ${each.join(', ')}`;
}
