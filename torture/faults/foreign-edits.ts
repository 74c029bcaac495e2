import { RESOURCES } from '../../simulator/resources.ts';
import type { Cluster } from '../../simulator/cluster.ts';
import type { KubeObject, ResourceType } from '../../simulator/types.ts';

/** Somebody's edit of one field of an object of a tenant. */
export interface Edit {
  readonly at: number;
  readonly kind: EditKind;
  /** `DeploymentConfig/system-memcache` */
  readonly object: string;
  /** What a person would say that it changed. */
  readonly field: string;
  readonly value: unknown;
  /** How the field stands now; undefined where the object or the field is gone. */
  read(): unknown;
  /**
   * Puts it back as it was before (or, on the way back, at the start, or as this earlier edit left it), where it still is as
   * the edit left it.
   */
  undo(to: 'before' | 'start' | Edit): void;
  undoneAt?: number;
}

export const EDIT_KINDS = [
  'edit-memcache-image',
  'edit-threads',
  'edit-release',
  'edit-latest',
  'edit-route-host',
  'edit-untouched-env',
  'scale',
  'pause-rollout',
  'resume-rollout',
  'delete-resque',
] as const;
export type EditKind = (typeof EDIT_KINDS)[number];

interface Target {
  readonly resource: ResourceType;
  readonly name: string;
  readonly field: string;
  readonly read: (object: KubeObject) => unknown;
  readonly write: (object: KubeObject, value: unknown) => void;
  /** Undefined: there is nothing to edit now. */
  readonly value: (object: KubeObject) => unknown;
}

const CONFIGS = ['zync', 'backend-cron', 'system-sphinx', 'system-app', 'apicast-staging', 'system-sidekiq'];

/** What somebody with every right types: the API's own rules apply. Throws where it refuses. */
export type Call = (method: string, path: string, body?: object) => void;

export interface EditPlace {
  readonly cluster: Cluster;
  readonly namespace: string;
  readonly start: ReadonlyMap<string, KubeObject>;
  readonly call: Call;
}

/** Edits a field as a person would, now. Undefined where there is nothing to edit. */
export function edit(
  { cluster, namespace, start, call }: EditPlace,
  kind: EditKind,
  variant: number,
): Edit | undefined {
  const { resource, name, field, read, write, value } = targetOf(kind, variant);
  const find = (): KubeObject | undefined => cluster.store.get(resource, namespace, name);
  const object = find();
  if (!object) return undefined;
  const before = read(object);
  const after = value(object);
  if (after === undefined || same(after, before)) return undefined;
  const { group, version, plural } = resource;
  const all = `${group ? `/apis/${group}` : '/api'}/${version}/namespaces/${namespace}/${plural}`;
  const set = (to: unknown): void => {
    const current = find();
    if (!current) return;
    const draft = structuredClone(current);
    write(draft, to);
    call('PUT', `${all}/${name}`, draft);
  };
  if (after === GONE) call('DELETE', `${all}/${name}`);
  else set(after);
  const first = start.get(`${resource.kind}/${name}`);
  const made: Edit = {
    at: Date.now(),
    kind,
    object: `${resource.kind}/${name}`,
    field,
    value: after === GONE ? undefined : after,
    read: () => {
      const current = find();
      return current && (after === GONE ? 'there' : read(current));
    },
    undo: (to) => {
      if (!same(made.read(), made.value)) return;
      made.undoneAt = Date.now();
      if (after === GONE) call('POST', all, asNew(object));
      else if (typeof to !== 'string') set(to.value);
      else set(to === 'start' && first ? read(first) : before);
    },
  };
  return made;
}

const GONE = Symbol('gone');
const same = (left: unknown, right: unknown): boolean => JSON.stringify(left) === JSON.stringify(right);

/** As somebody would create it again: without what the server keeps, and not paused. */
function asNew({ apiVersion, kind, metadata: { name, labels }, spec }: KubeObject): object {
  const { paused: _paused, ...rest } = spec ?? {};
  return { apiVersion, kind, metadata: { name, ...(labels ? { labels } : {}) }, spec: rest };
}

type Doc = Record<string, unknown>;
const at = (value: unknown, ...keys: readonly (string | number)[]): unknown =>
  keys.reduce<unknown>((inner, key) => (inner as Doc | undefined)?.[key], value);
const containersOf = (object: KubeObject): Doc[] =>
  at(object, 'spec', 'template', 'spec', 'containers') as Doc[];
const envOf = (container: Doc): Doc[] => (container['env'] ??= []) as Doc[];

function variable(deploymentConfig: string, name: string, value: string): Target {
  return {
    resource: RESOURCES.deploymentconfigs,
    name: deploymentConfig,
    field: `${name} of its first container`,
    read: (object) =>
      at(
        envOf(containersOf(object)[0] ?? {}).find((entry) => entry['name'] === name),
        'value',
      ),
    write: (object, to) => {
      const env = envOf(containersOf(object)[0] ?? {});
      const found = env.findIndex((entry) => entry['name'] === name);
      if (to === undefined) env.splice(found, found < 0 ? 0 : 1);
      else if (found < 0) env.push({ name, value: to });
      else env[found] = { name, value: to };
    },
    value: () => value,
  };
}

function specField(resource: ResourceType, name: string, field: string, value: Target['value']): Target {
  return {
    resource,
    name,
    field: `spec.${field}`,
    read: ({ spec }) => spec?.[field],
    write: (object, to) => {
      object.spec ??= {};
      if (to === undefined) delete object.spec[field];
      else object.spec[field] = to;
    },
    value,
  };
}

function targetOf(kind: EditKind, variant: number): Target {
  const config = CONFIGS[variant % CONFIGS.length] ?? '';
  const configs = RESOURCES.deploymentconfigs;
  switch (kind) {
    case 'edit-memcache-image':
      return {
        resource: configs,
        name: 'system-memcache',
        field: 'image',
        read: (object) => containersOf(object)[0]?.['image'],
        write: (object, to) => void Object.assign(containersOf(object)[0] ?? {}, { image: to }),
        value: () => 'registry.example.test/own/memcached:1.6',
      };
    case 'edit-threads':
      return variable('system-sidekiq', 'RAILS_MAX_THREADS', '7');
    case 'edit-release':
      return variable('system-app', 'AMP_RELEASE', '2.3.9');
    case 'edit-untouched-env':
      return variable(config, 'OWN_SETTING', 'ours');
    case 'edit-latest':
      return latest(variant);
    case 'edit-route-host':
      return specField(RESOURCES.routes, 'system-master', 'host', () => 'elsewhere.example.test');
    case 'scale':
      return specField(configs, config, 'replicas', ({ spec }) => Number(spec?.['replicas']) + 1);
    case 'pause-rollout':
      return specField(configs, config, 'paused', ({ spec }) => (spec?.['paused'] ? undefined : true));
    case 'resume-rollout':
      return specField(configs, config, 'paused', ({ spec }) => (spec?.['paused'] ? false : undefined));
    case 'delete-resque':
      return specField(configs, 'system-resque', 'paused', () => GONE);
  }
}

/** Where `latest` points: put back to what it was, or to a tag of somebody's own. */
function latest(variant: number): Target {
  const stream = ['amp-zync', 'amp-backend', 'amp-system'][variant % 3] ?? '';
  const own = Math.floor(variant / 3) % 2 === 0 ? '2.3.0' : 'own';
  const find = (object: KubeObject): Doc | undefined =>
    (at(object, 'spec', 'tags') as Doc[] | undefined)?.find((tag) => tag['name'] === 'latest');
  return {
    resource: RESOURCES.imagestreams,
    name: stream,
    field: 'tag latest',
    read: (object) => at(find(object), 'from', 'name'),
    write: (object, to) =>
      void Object.assign(find(object) ?? {}, { from: { kind: 'ImageStreamTag', name: to } }),
    value: () => own,
  };
}
