import { writeFile } from 'node:fs/promises';
import { createCluster } from './create-cluster.ts';
import type { Cluster } from './cluster.ts';
import { serveControl } from './control.ts';
import { MASTERS } from './identities.ts';
import { install } from './installation/install.ts';
import type { InstallOptions } from './installation/install.ts';
import { renderKubeconfig } from './kubeconfig.ts';
import type { KubeconfigContext } from './kubeconfig.ts';
import { RECORDED_GRANTS } from './recorded-identities.ts';
import { RESOURCES } from './resources.ts';
import { serve } from './server.ts';
import type { ApiServer } from './server.ts';
import { makeCertificate } from './tls.ts';
import type { Timing } from './types.ts';

export interface SimulatorOptions {
  /** Of the first cluster; the others follow. 0 or absent: ports that are free. */
  readonly port?: number;
  /** Default 1. */
  readonly clusters?: number;
  /** 2.3 installations per cluster, in projects `tenant-1`, `tenant-2` …; default 0. */
  readonly tenants?: number;
  /** A vendor template file to install from, instead of our own description. */
  readonly template?: string;
  /** Clusters as they were when the answers were recorded: a namespace `tenant`, nothing in it, no router, no importer. */
  readonly empty?: boolean;
  readonly timing?: Partial<Timing>;
  /** Of the control endpoint (`control.ts`); 0: one that is free; absent: there is none. */
  readonly controlPort?: number;
}

export interface Simulator {
  readonly clusters: readonly Cluster[];
  /** `sim1`, `sim2` … Throws for a name that is none. */
  cluster(name: string): Cluster;
  /** The wire of a cluster: cuts its watches, lets its history be compacted. */
  server(name: string): ApiServer;
  /** `http://127.0.0.1:PORT`, where there is a control endpoint. */
  readonly control: string | undefined;
  /** The text of a kubeconfig with the contexts of every cluster. */
  readonly kubeconfig: string;
  writeKubeconfig(path: string): Promise<void>;
  /** Makes a project with a 2.3 installation in it, settled. */
  install(clusterName: string, namespace: string, options?: InstallOptions): Promise<void>;
  close(): Promise<void>;
}

/** Starts simulated OpenShift clusters, each an HTTPS server on loopback. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const certificate = await makeCertificate();
  const clusters: Cluster[] = [];
  const servers: ApiServer[] = [];
  const contexts: KubeconfigContext[] = [];
  const empty = options.empty ?? false;
  for (let number = 1; number <= (options.clusters ?? 1); number += 1) {
    const cluster = createCluster({
      name: `sim${number}`,
      router: !empty,
      appsDomain: 'apps.example.test',
      ...(options.timing ? { timing: options.timing } : {}),
    });
    clusters.push(cluster);
    contexts.push(...addIdentities(cluster, empty));
    if (empty) createNamespace(cluster, 'tenant');
    else cluster.registry.unknownImages = 'failed';
    const port = options.port ? options.port + number - 1 : 0;
    servers.push(await serve(cluster, certificate, port));
  }
  const find = (name: string): Cluster => {
    const cluster = clusters.find((candidate) => candidate.name === name);
    if (!cluster) throw new Error(`no simulated cluster is called ${name}`);
    return cluster;
  };
  const control =
    options.controlPort === undefined
      ? undefined
      : await serveControl(
          clusters.flatMap((cluster, index) => {
            const server = servers[index];
            return server ? [{ cluster, server }] : [];
          }),
          options.controlPort,
        );
  const kubeconfig = renderKubeconfig(
    clusters.map(({ name }, index) => ({
      name,
      server: `https://127.0.0.1:${servers[index]?.port ?? 0}`,
      certificate: certificate.cert,
    })),
    contexts,
  );
  const simulator: Simulator = {
    clusters,
    cluster: find,
    server: (name) => {
      const server = servers[clusters.indexOf(find(name))];
      if (!server) throw new Error(`no server of ${name}`);
      return server;
    },
    control: control && `http://127.0.0.1:${control.port}`,
    kubeconfig,
    writeKubeconfig: (path) => writeFile(path, kubeconfig, { mode: 0o600 }),
    install: async (clusterName, namespace, installOptions) => {
      const cluster = find(clusterName);
      createNamespace(cluster, namespace);
      await install(cluster, namespace, {
        ...(options.template ? { template: options.template } : {}),
        ...installOptions,
      });
    },
    close: async () => {
      for (const cluster of clusters) cluster.stop();
      await Promise.all([control?.close(), ...servers.map((server) => server.close())]);
    },
  };
  try {
    for (const cluster of clusters) {
      for (let tenant = 1; tenant <= (options.tenants ?? 0); tenant += 1) {
        await simulator.install(cluster.name, `tenant-${tenant}`);
      }
    }
  } catch (error) {
    await simulator.close();
    throw error;
  }
  return simulator;
}

/** Tokens are words: the simulator listens on loopback only, and guards nothing. */
function addIdentities(cluster: Cluster, empty: boolean): KubeconfigContext[] {
  const { name } = cluster;
  const admin = { user: `${name}-admin`, groups: [MASTERS, 'system:authenticated'] };
  cluster.identities.addToken(`${name}-admin-token`, admin);
  const context = (suffix: string, namespace?: string): KubeconfigContext => ({
    name: `${name}${suffix ? `-${suffix}` : ''}`,
    cluster: name,
    token: `${name}-${suffix || 'admin'}-token`,
    ...(namespace ? { namespace } : {}),
  });
  if (!empty) {
    cluster.identities.addToken(`${name}-nobody-token`, { user: 'nobody', groups: ['system:authenticated'] });
    // `simN-expired` holds a token that no cluster knows.
    return [context(''), context('nobody'), context('expired')];
  }
  for (const grant of RECORDED_GRANTS) {
    const [, , namespace = '', account = ''] = grant.user.split(':');
    const groups = ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'];
    cluster.identities.addToken(`${name}-${account}-token`, { user: grant.user, groups });
    cluster.identities.grant(grant);
  }
  return [context('admin', 'tenant'), context('up', 'tenant'), context('nohost', 'tenant')];
}

export function createNamespace(cluster: Cluster, name: string): void {
  if (cluster.store.get(RESOURCES.namespaces, undefined, name)) return;
  cluster.store.create(
    RESOURCES.namespaces,
    {
      kind: 'Namespace',
      apiVersion: 'v1',
      metadata: { name, uid: '', resourceVersion: '', creationTimestamp: '' },
      spec: { finalizers: ['kubernetes'] },
      status: { phase: 'Active' },
    },
    'system:controller:setup',
  );
}
