import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { createCluster } from '../../simulator/create-cluster.ts';
import { createNamespace } from '../../simulator/index.ts';
import { install } from '../../simulator/installation/install.ts';
import { MASTERS } from '../../simulator/identities.ts';
import { renderKubeconfig } from '../../simulator/kubeconfig.ts';
import { RESOURCES } from '../../simulator/resources.ts';
import type { Certificate } from '../../simulator/tls.ts';
import { makeCertificate } from '../../simulator/tls.ts';
import { ensureSearchAttributes } from '../../src/temporal/search-attributes.ts';
import { dataConverter } from '../../src/temporal/codec/data-converter.ts';
import type { Build } from '../build/build.ts';
import type { TenantPlan, WorldPlan } from '../random/plan.ts';
import { IMPERSONATION_SOURCE, Operator } from './operator.ts';
import { removeAtEnd } from './children.ts';
import { callerOf } from './caller.ts';
import { watchRollouts } from './rollouts.ts';
import { snapshotOf } from './snapshot.ts';
import { Story } from './story.ts';
import { TemporalProcess } from './temporal-process.ts';
import { actOnActivities, resetWorkflow } from './temporal-acts.ts';
import type { Site, Tenant } from './tenant.ts';
import { nameOf } from './tenant.ts';
import { openWire } from './wire.ts';
import { WorkerCrew } from './worker-crew.ts';
import type { Reach } from './world.ts';
import { World } from './world.ts';

const TIMING = { rolloutMs: 30, hookMs: 15, importMs: 10, terminationMs: 5 };

/** For workers to read their kubeconfigs again. */
const REREAD_MS = 500;

/** One Temporal, some workers, and many worlds that share them. */
export class Arena {
  readonly folder: string;
  readonly temporal: TemporalProcess;
  readonly crew: WorkerCrew;
  readonly client: Client;
  readonly operator: Operator;
  readonly worlds: World[] = [];
  /** What is done to processes: part of every world's story. */
  readonly story = new Story();
  readonly #build: Build;
  readonly #certificate: Certificate;
  readonly #sites: Site[] = [];
  readonly #repointed = new Map<string, string>();
  readonly #repointedUntil = new Map<string, number>();
  readonly #admitted: string[] = [];

  private constructor(
    folder: string,
    temporal: TemporalProcess,
    client: Client,
    certificate: Certificate,
    build: Build,
  ) {
    this.folder = folder;
    this.#build = build;
    this.temporal = temporal;
    this.client = client;
    this.operator = new Operator(client, build.paths);
    this.#certificate = certificate;
    this.crew = new WorkerCrew({
      build,
      folder,
      address: temporal.address,
      admit: (name) => this.#admit(name),
    });
  }

  static async open(build: Build): Promise<Arena> {
    const folder = removeAtEnd(mkdtempSync(join(tmpdir(), 'threescale-torture-')));
    mkdirSync(join(folder, 'home'));
    const temporal = await TemporalProcess.start(folder);
    const connection = await Connection.connect({ address: temporal.address });
    const client = new Client({ connection, dataConverter });
    await ensureSearchAttributes(client, () => undefined);
    return new Arena(folder, temporal, client, await makeCertificate(), build);
  }

  /** Before the workers start: they know every cluster from the beginning. */
  async addWorld(plan: WorldPlan): Promise<World> {
    const reach: Reach = {
      say: (tenant, kind, forMs) => void this.#say(world, tenant, kind, forMs),
      repoint: (tenant, forMs) => {
        this.#repoint(world, tenant, forMs);
      },
    };
    const world: World = new World(plan.seed, {
      story: new Story(),
      reach,
      paths: this.#build.paths,
    });
    const number = this.worlds.push(world);
    if (plan.fleet) world.fleet = `fleet-${number}`;
    const sites: Site[] = [];
    for (let place = 1; place <= plan.sites; place += 1)
      sites.push(await this.#openSite(`c${number}-${place}`, world));
    for (const [place, tenantPlan] of plan.tenants.entries()) {
      const site = sites[tenantPlan.site];
      if (site) world.tenants.push(await this.#install(site, `t${place + 1}`, tenantPlan));
    }
    if (plan.tenants.some(({ injections }) => injections.some(({ kind }) => kind === 'repoint'))) {
      world.decoy = await this.#openSite(`d${number}`, world);
      for (const tenant of world.tenants) await installInto(world.decoy, tenant.namespace, tenant.namespace);
    }
    return world;
  }

  async close(): Promise<void> {
    await this.crew.close();
    await this.client.connection.close();
    await this.temporal.kill();
    for (const { cluster } of this.#sites) cluster.stop();
    await Promise.all(this.#sites.map(({ wire }) => wire.close()));
    rmSync(this.folder, { recursive: true, force: true });
  }

  async #openSite(context: string, world: World): Promise<Site> {
    const cluster = createCluster({
      name: context,
      router: true,
      appsDomain: 'apps.example.test',
      timing: TIMING,
    });
    cluster.registry.unknownImages = 'failed';
    const wire = await openWire({
      cluster,
      certificate: this.#certificate,
      intercept: (arrival) => world.intercept(context, arrival),
    });
    const site: Site = { context, cluster, wire, rollouts: watchRollouts(cluster), call: callerOf(cluster) };
    this.#sites.push(site);
    return site;
  }

  async #install(site: Site, namespace: string, plan: TenantPlan): Promise<Tenant> {
    await installInto(site, namespace, `${site.context}-${namespace}`);
    const { impersonation, onFailure, policy, injections } = plan;
    if (impersonation) {
      const data = { username: 'aW1wZXJzb25hdG9y', domain: 'ZXhhbXBsZS5jb20=' };
      const metadata = {
        name: IMPERSONATION_SOURCE,
        namespace,
        uid: '',
        resourceVersion: '',
        creationTimestamp: '',
      };
      site.cluster.store.create(
        RESOURCES.secrets,
        { apiVersion: 'v1', kind: 'Secret', type: 'Opaque', metadata, data },
        'installer',
      );
    }
    site.cluster.availability.reset();
    site.rollouts.length = 0;
    return {
      site,
      namespace,
      impersonation,
      onFailure,
      policy,
      workflowId: `upgrade/127.0.0.1:${site.wire.port}/${namespace}`,
      start: snapshotOf(site.cluster, namespace),
      injections: [...injections],
      injected: [],
      rules: [],
      edits: [],
      said: [],
      starts: 0,
    };
  }

  #admit(name: string): string {
    for (const { cluster } of this.#sites)
      cluster.identities.addToken(`worker-${name}`, {
        user: `worker-${name}`,
        groups: [MASTERS, 'system:authenticated'],
      });
    this.#admitted.push(name);
    this.#writeKubeconfig(name);
    return this.#kubeconfigOf(name);
  }

  readonly #kubeconfigOf = (name: string): string => join(this.folder, `${name}.kubeconfig.yaml`);

  #writeKubeconfig(name: string): void {
    const clusters = this.#sites.map(({ context, wire }) => ({
      name: context,
      server: `https://127.0.0.1:${wire.port}`,
      certificate: this.#certificate.cert,
    }));
    const contexts = this.#sites.map(({ context }) => ({
      name: context,
      cluster: this.#repointed.get(context) ?? context,
      token: `worker-${name}`,
    }));
    writeFileSync(this.#kubeconfigOf(name), renderKubeconfig(clusters, contexts), { mode: 0o600 });
  }

  #repoint(world: World, tenant: Tenant, forMs: number): void {
    if (!world.decoy) return;
    const { context } = tenant.site;
    this.#repointed.set(context, world.decoy.context);
    const until = Date.now() + forMs;
    this.#repointedUntil.set(context, until);
    world.repointedUntil = Math.max(world.repointedUntil, until + REREAD_MS);
    for (const name of this.#admitted) this.#writeKubeconfig(name);
    setTimeout(() => {
      if (this.#repointedUntil.get(context) !== until) return;
      world.story.tell(`context ${context} leads home again`);
      this.#repointed.delete(context);
      for (const name of this.#admitted) this.#writeKubeconfig(name);
    }, forMs);
  }

  async #say(world: World, tenant: Tenant, kind: Parameters<Reach['say']>[1], forMs: number): Promise<void> {
    const { operator, client } = this;
    const later = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, forMs));
    try {
      if (kind === 'pause') {
        await operator.signal(tenant, 'pause');
        await later();
        await operator.signal(tenant, 'resume');
      }
      if (kind === 'abort') await operator.signal(tenant, 'abort');
      if (kind === 'cancel') await operator.cancel(tenant);
      if (kind === 'reset-workflow') await resetWorkflow(client, tenant, (forMs % 100) / 100);
      if (kind === 'reset-activity') await actOnActivities(client, tenant, 'reset');
      if (kind === 'pause-activity') {
        await actOnActivities(client, tenant, 'pause');
        await later();
        await actOnActivities(client, tenant, 'unpause');
      }
    } catch (error) {
      world.story.tell(
        `${nameOf(tenant)}: ${kind} was not heard: ${error instanceof Error ? error.message : ''}`,
      );
    }
  }
}

async function installInto({ cluster }: Site, namespace: string, seed: string): Promise<void> {
  createNamespace(cluster, namespace);
  await install(cluster, namespace, { seed });
}
