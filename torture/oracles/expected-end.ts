import { createHash } from 'node:crypto';
import type { Doc } from './content.ts';
import { at, listAt } from './content.ts';

const REGISTRY = 'registry.access.redhat.com';
const STREAMS: Readonly<Record<string, readonly [image: string, displayName: string]>> = {
  'amp-system': [`${REGISTRY}/3scale-amp24/system`, 'AMP system'],
  'amp-apicast': [`${REGISTRY}/3scale-amp24/apicast-gateway`, 'AMP APIcast'],
  'amp-backend': [`${REGISTRY}/3scale-amp24/backend`, 'AMP Backend'],
  'amp-zync': [`${REGISTRY}/3scale-amp24/zync`, 'AMP Zync'],
};
const MEMCACHED = `${REGISTRY}/3scale-amp20/memcached`;
const KEY = 'openshift.io/display-name';

/**
 * The guide's nine steps and section 1.3, done on paper to an installation as it was: what an upgraded one must be. Of
 * the guide and of the measured end state (docs/corrections.md), not of the product's steps.
 */
export function expectedEnd(
  start: ReadonlyMap<string, Doc>,
  { impersonation }: { readonly impersonation: boolean },
): Map<string, Doc> {
  const end = new Map([...start].map(([key, doc]) => [key, structuredClone(doc)]));
  replaceRoute(end);
  for (const [stream, [image, name]] of Object.entries(STREAMS)) {
    tag(end.get(`ImageStream/${stream}`), image, name);
    const reference = `${image}@sha256:${createHash('sha256').update(image).digest('hex')}`;
    for (const [key, config] of end)
      if (key.startsWith('DeploymentConfig/')) follow(config, `${stream}:latest`, reference);
  }
  for (const container of containersOf(end, 'system-memcache'))
    if (container['name'] === 'memcache') container['image'] = MEMCACHED;
  for (const container of containersOf(end, 'system-sidekiq'))
    setEnv(container, { name: 'RAILS_MAX_THREADS', value: '25' });
  for (const container of containersOf(end, 'system-app'))
    setEnv(container, { name: 'AMP_RELEASE', value: '2.4.0' });
  if (impersonation) impersonate(end);
  end.delete('DeploymentConfig/system-resque');
  return end;
}

type Docs = Map<string, Doc>;

function replaceRoute(end: Docs): void {
  const old = end.get('Route/system-master-admin') ?? {};
  const [container] = containersOf(end, 'system-app').filter(({ name }) => name === 'system-master');
  const env = (name: string): unknown =>
    listAt(container, 'env').find((entry) => entry['name'] === name)?.['value'];
  end.delete('Route/system-master-admin');
  end.set('Route/system-master', {
    ...old,
    spec: {
      ...(old['spec'] as Doc),
      host: `${String(env('MASTER_DOMAIN'))}.${String(env('THREESCALE_SUPERDOMAIN'))}`,
    },
  });
}

function tag(stream: Doc | undefined, image: string, name: string): void {
  if (!stream) return;
  const others = listAt(stream, 'spec', 'tags').filter((entry) => entry['name'] !== 'latest');
  const policy = { referencePolicy: { type: 'Source' }, importPolicy: { importMode: 'Legacy' } };
  (stream['spec'] as Doc)['tags'] = [
    ...others,
    {
      name: '2.4.0',
      annotations: { [KEY]: `${name} 2.4.0` },
      from: { kind: 'DockerImage', name: image },
      ...policy,
    },
    {
      name: 'latest',
      annotations: { [KEY]: `${name} (latest)` },
      from: { kind: 'ImageStreamTag', name: '2.4.0' },
      ...policy,
    },
  ];
}

function follow(config: Doc, source: string, reference: string): void {
  for (const trigger of listAt(config, 'spec', 'triggers')) {
    const change = trigger['imageChangeParams'] as Doc | undefined;
    if (!change || at(change, 'from', 'name') !== source) continue;
    change['lastTriggeredImage'] = reference;
    const pod = at(config, 'spec', 'template', 'spec');
    for (const container of [...listAt(pod, 'containers'), ...listAt(pod, 'initContainers')])
      if ((change['containerNames'] as string[]).includes(String(container['name'])))
        container['image'] = reference;
  }
}

function containersOf(end: Docs, config: string): Doc[] {
  return listAt(end.get(`DeploymentConfig/${config}`), 'spec', 'template', 'spec', 'containers');
}

function setEnv(container: Doc, variable: Doc): void {
  const env = listAt(container, 'env');
  const place = env.findIndex(({ name }) => name === variable['name']);
  container['env'] = place < 0 ? [...env, variable] : env.with(place, variable);
}

function impersonate(end: Docs): void {
  const source = end.get('Secret/threescale-upgrade-impersonation');
  const { username, domain } = (source?.['data'] ?? {}) as Doc;
  end.set('Secret/system-impersonation', {
    data: { username, domain },
    type: 'Opaque',
    labels: { app: '3scale-api-management', '3scale.component': 'system' },
  });
  for (const config of ['system-app', 'system-sidekiq'])
    for (const container of containersOf(end, config))
      for (const [name, key] of [
        ['IMPERSONATION_ADMIN_DOMAIN', 'domain'],
        ['IMPERSONATION_ADMIN_USERNAME', 'username'],
      ] as const)
        setEnv(container, { name, valueFrom: { secretKeyRef: { name: 'system-impersonation', key } } });
}
