import type { Cluster } from '../../simulator/cluster.ts';
import { ANNOTATION } from '../../simulator/objects.ts';
import type { Container, DeploymentConfigSpec } from '../../simulator/objects.ts';
import { RESOURCES } from '../../simulator/resources.ts';
import type { KubeObject } from '../../simulator/types.ts';

/** How a tenant stands, as the cluster shows it. */
export interface Stand {
  /** Nobody has changed anything. */
  readonly untouched: boolean;
  /** DeploymentConfigs whose rollouts are paused. */
  readonly paused: readonly string[];
  /** All that is not as it must be on 2.4, in words. None: it is upgraded. */
  readonly lacking: readonly string[];
}

const TAGGED = ['amp-system', 'amp-apicast', 'amp-backend', 'amp-zync'];
const MEMCACHED = 'registry.access.redhat.com/3scale-amp20/memcached';
/** By the image stream whose image they run. */
const ROLLED: Readonly<Record<string, string>> = {
  'system-app': 'system',
  'system-sidekiq': 'system',
  'system-sphinx': 'system',
  'backend-listener': 'backend',
  'backend-worker': 'backend',
  'backend-cron': 'backend',
  'apicast-staging': 'apicast-gateway',
  'apicast-production': 'apicast-gateway',
  zync: 'zync',
  'system-memcache': 'memcached',
};

/** Judges by the cluster alone, and by nothing that whoever upgraded it has said. */
export function standOf(cluster: Cluster, namespace: string): Stand {
  const configs = cluster.store.list(RESOURCES.deploymentconfigs, namespace);
  const paused = configs.filter((config) => specOf(config).paused === true);
  return {
    untouched: cluster.audit.writes({ namespace }).length === 0,
    paused: paused.map(({ metadata }) => metadata.name),
    lacking: [
      ...paused.map(({ metadata }) => `rollouts of dc/${metadata.name} are paused`),
      ...routesLacking(cluster, namespace),
      ...tagsLacking(cluster, namespace),
      ...Object.entries(ROLLED).flatMap(([name, image]) => rolloutLacking(cluster, namespace, name, image)),
      ...environmentLacking(configs),
      ...(configs.some(({ metadata }) => metadata.name === 'system-resque')
        ? ['dc/system-resque is there']
        : []),
    ],
  };
}

/** The simulator's store holds documents of any sort; these are DeploymentConfigs. */
const specOf = (config: KubeObject): DeploymentConfigSpec => config.spec as unknown as DeploymentConfigSpec;

function routesLacking({ store }: Cluster, namespace: string): string[] {
  const has = (name: string): boolean => store.get(RESOURCES.routes, namespace, name) !== undefined;
  return [
    ...(has('system-master') ? [] : ['there is no route system-master']),
    ...(has('system-master-admin') ? ['route system-master-admin is there'] : []),
  ];
}

function tagsLacking({ store }: Cluster, namespace: string): string[] {
  return TAGGED.filter((name) => {
    const tags = store.get(RESOURCES.imagestreams, namespace, name)?.spec?.['tags'];
    const latest = (tags as { name: string; from?: { name: string } }[] | undefined)?.find(
      (tag) => tag.name === 'latest',
    );
    return latest?.from?.name !== '2.4.0';
  }).map((name) => `imagestream/${name}:latest is not 2.4.0`);
}

/** Its newest rollout must be complete, of what it wants now, with the new image. */
function rolloutLacking({ store }: Cluster, namespace: string, name: string, image: string): string[] {
  const config = store.get(RESOURCES.deploymentconfigs, namespace, name);
  if (!config) return [`dc/${name} is not there`];
  const status = (config.status ?? {}) as { latestVersion?: number; observedGeneration?: number };
  const newest = store.get(
    RESOURCES.replicationcontrollers,
    namespace,
    `${name}-${status.latestVersion ?? 0}`,
  );
  const phase = newest?.metadata.annotations?.[ANNOTATION.phase];
  const [container] = containersOf(newest);
  const isNew =
    image === 'memcached'
      ? container?.image === MEMCACHED
      : (container?.image ?? '').includes(`amp24/${image}`);
  if (phase !== 'Complete') return [`the rollout of dc/${name} is not complete`];
  return isNew ? [] : [`dc/${name} runs the old image`];
}

function containersOf(object: KubeObject | undefined): readonly Container[] {
  const spec = object?.spec as { template?: { spec: { containers: Container[] } } } | undefined;
  return spec?.template?.spec.containers ?? [];
}

function environmentLacking(configs: readonly KubeObject[]): string[] {
  const valueIn = (config: string, variable: string): (string | undefined)[] =>
    containersOf(configs.find(({ metadata }) => metadata.name === config)).map(
      ({ env }) => env?.find(({ name }) => name === variable)?.value,
    );
  const threads = valueIn('system-sidekiq', 'RAILS_MAX_THREADS');
  const releases = valueIn('system-app', 'AMP_RELEASE');
  return [
    ...(threads.every((value) => value === '25') ? [] : ['dc/system-sidekiq has other RAILS_MAX_THREADS']),
    ...(releases.every((value) => value === '2.4.0') ? [] : ['dc/system-app has another AMP_RELEASE']),
  ];
}
