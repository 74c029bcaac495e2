import { createApiHandler } from '../api/handler.ts';
import type { ApiHandler } from '../api/handler.ts';
import type { Cluster } from '../cluster.ts';
import { MASTERS } from '../identities.ts';
import { RESOURCES } from '../resources.ts';
import type { KubeObject } from '../types.ts';
import { imagesOf, provideImages } from './images.ts';
import type { Manifest } from './manifest.ts';
import { installationObjects } from './objects.ts';
import { makeParameters } from './parameters.ts';
import { fromConfigMap, fromSecret } from './pieces.ts';
import type { Environment } from './pieces.ts';
import { runRake } from './rake.ts';
import { processTemplate } from './template.ts';

export interface InstallOptions {
  /** A vendor template file, instead of our own description. */
  readonly template?: string;
  /** Names of the vendor template's parameters. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** What the installation's generated values follow from; default the namespace. */
  readonly seed?: string;
  /** Objects left out, as `DeploymentConfig/system-memcache`. */
  readonly without?: readonly string[];
  /** Another release than 2.3.0: what it runs, and what its streams and AMP_RELEASE say. */
  readonly release?: string;
  /** As an installation that was born as 2.2 and upgraded to 2.3: another name of the route, services without labels. */
  readonly bornAs22?: boolean;
  /** Where system-app finds MASTER_DOMAIN and THREESCALE_SUPERDOMAIN. */
  readonly domainsFrom?: 'literal' | 'secret' | 'configmap';
  /** The registry that mirrors the images. */
  readonly registry?: string;
  /** A last change of each object before it is created. */
  readonly change?: (manifest: Manifest) => Manifest;
}

const INSTALLER = 'installer';
const QUICKLY = { rolloutMs: 1, hookMs: 1, importMs: 1, terminationMs: 1 };

/** Creates the objects of a 2.3 installation by the API's own rules, and waits until it runs. */
export async function install(cluster: Cluster, namespace: string, options: InstallOptions): Promise<void> {
  prepare(cluster, options);
  const usual = { ...cluster.timing };
  Object.assign(cluster.timing, QUICKLY);
  try {
    for (const manifest of objects(cluster, namespace, options)) {
      if (options.without?.includes(`${manifest.kind}/${manifest.metadata.name}`)) continue;
      create(cluster, namespace, options.change?.(manifest) ?? manifest);
    }
    await cluster.settle();
  } finally {
    Object.assign(cluster.timing, usual);
  }
}

const handlers = new WeakMap<Cluster, ApiHandler>();

function handlerOf(cluster: Cluster): ApiHandler {
  let handler = handlers.get(cluster);
  if (!handler) handlers.set(cluster, (handler = createApiHandler(cluster)));
  return handler;
}

function prepare(cluster: Cluster, { registry, release }: InstallOptions): void {
  provideImages(cluster.registry, registry, release);
  if (handlers.has(cluster)) return;
  cluster.identities.addToken(INSTALLER, { user: INSTALLER, groups: [MASTERS, 'system:authenticated'] });
  cluster.commands.add(runRake);
}

function objects(cluster: Cluster, namespace: string, options: InstallOptions): Manifest[] {
  const seed = options.seed ?? namespace;
  if (options.template) {
    const domain = { WILDCARD_DOMAIN: `${seed}.${cluster.options.appsDomain}` };
    return processTemplate(options.template, seed, { ...domain, ...options.parameters });
  }
  const parameters = {
    ...makeParameters(seed, { domain: `${seed}.${cluster.options.appsDomain}` }),
    ...(options.release === undefined ? {} : { release: options.release }),
  };
  const values = { MASTER_DOMAIN: parameters.masterName, THREESCALE_SUPERDOMAIN: parameters.domain };
  const domains = keepDomains(options.domainsFrom ?? 'literal', values);
  const made = installationObjects({
    parameters,
    images: imagesOf(parameters.release, options.registry),
    domains: domains.environment,
  });
  const all = [...domains.objects, ...made];
  return options.bornAs22 ? all.map(asBornAs22) : all;
}

function keepDomains(
  where: 'literal' | 'secret' | 'configmap',
  values: Readonly<Record<'MASTER_DOMAIN' | 'THREESCALE_SUPERDOMAIN', string>>,
): { environment: Environment; objects: Manifest[] } {
  const order = {
    THREESCALE_SUPERDOMAIN: values.THREESCALE_SUPERDOMAIN,
    MASTER_DOMAIN: values.MASTER_DOMAIN,
  };
  if (where === 'literal') return { environment: order, objects: [] };
  const [kind, name, from, field] =
    where === 'secret'
      ? (['Secret', 'system-domains', fromSecret, 'stringData'] as const)
      : (['ConfigMap', 'system-domains', fromConfigMap, 'data'] as const);
  const environment = Object.fromEntries(Object.keys(order).map((key) => [key, from(name, key)]));
  return { environment, objects: [{ apiVersion: 'v1', kind, metadata: { name }, [field]: values }] };
}

function asBornAs22(manifest: Manifest): Manifest {
  const { kind, metadata } = manifest;
  if (kind === 'Service') return { ...manifest, metadata: { name: metadata.name } };
  if (kind !== 'Route' || metadata.name !== 'system-master-admin') return manifest;
  return { ...manifest, metadata: { ...metadata, name: 'system-master-admin-route' } };
}

/** Templates of that time name the legacy group of OpenShift's own kinds: `v1`. */
function create(cluster: Cluster, namespace: string, manifest: Manifest): void {
  const resource = Object.values(RESOURCES).find(({ kind }) => kind === manifest.kind);
  if (!resource) throw new Error(`the simulator serves no ${manifest.kind}`);
  const { group, version, plural } = resource;
  const apiVersion = group ? `${group}/${version}` : version;
  const path = `${group ? `/apis/${group}` : '/api'}/${version}/namespaces/${namespace}/${plural}`;
  const answer = handlerOf(cluster).handle({
    method: 'POST',
    path,
    query: new URLSearchParams(),
    headers: { authorization: `Bearer ${INSTALLER}`, 'content-type': 'application/json' },
    body: JSON.stringify({ ...manifest, apiVersion }),
  });
  if (answer.status !== 201) {
    const { message } = answer.body as KubeObject & { message?: string };
    throw new Error(`${manifest.kind} ${manifest.metadata.name}: ${answer.status} ${message ?? ''}`);
  }
}
