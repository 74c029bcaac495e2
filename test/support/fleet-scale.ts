import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { makeParameters } from '../../simulator/installation/parameters.ts';
import type { Snapshot } from '../../src/cli/demo/snapshot.ts';
import { compareSnapshots, takeSnapshot } from '../../src/cli/demo/snapshot.ts';
import { isOver } from '../../src/cli/fleet/follow.ts';
import type { FleetTenantState } from '../../src/domain/fleet/tenant/states.ts';
import type { FleetProgress } from '../../src/domain/fleet/show/progress.ts';
import type { TenantLine } from '../../src/domain/fleet/show/tenant-lines.ts';
import { fleetWorkflowId } from '../../src/domain/fleet/spec/spec.ts';
import { fleetProgressQuery, fleetTenantsQuery } from '../../workflows/fleet/messages.ts';
import type { fleetUpgrade } from '../../workflows/fleet/fleet-upgrade.ts';
import type { Lab } from './lab.ts';
import type { CliResult } from './run-cli.ts';
import { runCli } from './run-cli.ts';

/** What becomes of a tenant: `held` is retried once and is upgraded then. */
export type Fate = 'upgraded' | 'reverted' | 'held' | 'blocked';

export interface ScaleTenant {
  readonly context: string;
  readonly namespace: string;
  readonly fate: Fate;
}

const MISFORTUNES: readonly Fate[] = ['reverted', 'held', 'blocked'];
/** The end state of a tenant that nothing disturbed: all the others must be the same to the letter. */
const REFERENCE = 'tenant-00000';

/** Tenants round robin over the clusters; every so many goes wrong, in turn in one of three ways. */
export function scaleTenants(
  count: number,
  { clusters, oneInFails }: { readonly clusters: number; readonly oneInFails: number },
): ScaleTenant[] {
  return Array.from({ length: count }, (_, place) => {
    const failing = (place + 1) / oneInFails;
    const fate = Number.isInteger(failing) ? MISFORTUNES[failing % MISFORTUNES.length] : undefined;
    const number = String(place + 1).padStart(5, '0');
    return {
      context: `sim${(place % clusters) + 1}`,
      namespace: `tenant-${number}`,
      fate: fate ?? 'upgraded',
    };
  });
}

/** The fleet that a lab's tenants make, told by its own command lines and judged by the simulator's audit log. */
export class ScaleFleet {
  readonly name: string;
  readonly tenants: readonly ScaleTenant[];
  readonly #lab: Lab;
  readonly #before = new Map<ScaleTenant, Snapshot>();
  #reference: Snapshot | undefined;

  constructor(lab: Lab, name: string, tenants: readonly ScaleTenant[]) {
    this.#lab = lab;
    this.name = name;
    this.tenants = tenants;
  }

  /** Installs every tenant, and what will go wrong with it. */
  async install(): Promise<void> {
    const { simulator } = this.#lab;
    await simulator.install('sim1', REFERENCE);
    for (const tenant of this.tenants) {
      const { context, namespace, fate } = tenant;
      const cluster = simulator.cluster(context);
      const without = fate === 'blocked' ? ['DeploymentConfig/zync'] : [];
      await simulator.install(context, namespace, { without });
      if (fate === 'reverted') {
        cluster.faults.onWork('rollout', { namespace, name: 'zync', message: 'crash loop', times: 2 });
      }
      if (fate === 'held') {
        cluster.faults.onWork('hook', {
          namespace,
          name: 'system-app/pre',
          message: 'exit code 1',
          times: 6,
        });
      }
      if (fate !== 'upgraded') this.#before.set(tenant, takeSnapshot(cluster, namespace));
    }
    for (const { audit, availability } of simulator.clusters) {
      audit.clear();
      availability.reset();
    }
  }

  /** Upgrades the one that all others are compared with; a worker must run. */
  async upgradeReference(): Promise<void> {
    const { state } = await this.#lab.upgrade(REFERENCE);
    if (state !== 'upgraded') throw new Error(`the reference is ${state}`);
    this.#reference = endState(this.#lab, { context: 'sim1', namespace: REFERENCE });
  }

  /** Writes the fleet file; `more` are further keys of it. */
  write(more: Readonly<Record<string, unknown>> = {}): string {
    const file = join(this.#lab.folder, `${this.name}.yaml`);
    const contexts = [...new Set(this.tenants.map(({ context }) => context))];
    const { clusters = Object.fromEntries(contexts.map((context) => [context, {}])), ...rest } = more;
    const tenants = this.tenants.map(({ context, namespace }) => ({
      name: namespace,
      cluster: context,
      namespace,
    }));
    writeFileSync(file, stringify({ name: this.name, clusters, tenants, ...rest }));
    return file;
  }

  /** `threescale-upgrade fleet …`, in a process of its own, with the Temporal of the lab. */
  cli(verb: string, ...args: readonly string[]): Promise<CliResult> {
    return runCli(['fleet', verb, ...args], { TEMPORAL_ADDRESS: this.#lab.target.address });
  }

  get handle() {
    return this.#lab.client.workflow.getHandle<typeof fleetUpgrade>(fleetWorkflowId(this.name));
  }

  /** Asks until the fleet is as wanted; a moment without a worker is no reason to give up. */
  async until(reached: (progress: FleetProgress) => boolean, everyMs = 200): Promise<FleetProgress> {
    for (;;) {
      const progress = await this.handle.query(fleetProgressQuery).catch(() => undefined);
      if (progress && reached(progress)) return progress;
      if (progress && isOver(progress)) {
        throw new Error(`it is ${progress.phase}: ${JSON.stringify([progress.counts, progress.attention])}`);
      }
      await new Promise((resolve) => setTimeout(resolve, everyMs));
    }
  }

  lines(): Promise<TenantLine[]> {
    return this.handle.query(fleetTenantsQuery);
  }

  /** All that is not as it must be once the fleet has ended, in sentences. */
  async problems(): Promise<string[]> {
    await Promise.all(this.#lab.simulator.clusters.map((cluster) => cluster.settle(60_000)));
    const states = new Map((await this.lines()).map(({ name, state }) => [name, state]));
    return this.tenants.flatMap((tenant) =>
      this.#problemsOf(tenant, states.get(tenant.namespace)).map(
        (problem) => `${tenant.context}/${tenant.namespace} (${tenant.fate}): ${problem}`,
      ),
    );
  }

  #problemsOf(tenant: ScaleTenant, state: FleetTenantState | undefined): string[] {
    const { context, namespace, fate } = tenant;
    const { audit, availability } = this.#lab.simulator.cluster(context);
    const wanted = fate === 'held' ? 'upgraded' : fate;
    const differs = this.#differences(tenant, wanted);
    // What is taken back, or rolled out once more, is given the same content again: but nothing is made twice.
    const isTwice = ({ verb }: { readonly verb: string }): boolean =>
      fate === 'upgraded' || verb === 'create';
    const twice = audit.writtenTwice({ namespace }).filter(isTwice);
    const rolledTwice = Object.entries(audit.rollouts(namespace)).filter(([, count]) => count > 1);
    const downMs = availability.downMs(namespace, 'system-app');
    return [
      ...(state === wanted ? [] : [`it is ${state ?? 'unknown'}`]),
      ...(differs.length === 0 ? [] : [`differs in ${differs.join(', ')}`]),
      ...twice.map(({ verb, plural, name }) => `twice: ${verb} ${plural}/${name}`),
      ...(fate === 'upgraded' ? rolledTwice.map(([name, count]) => `${count} rollouts of dc/${name}`) : []),
      ...(fate === 'blocked' && audit.writes({ namespace }).length > 0 ? ['it was touched'] : []),
      ...(downMs === 0 ? [] : [`system-app was down for ${downMs} ms`]),
    ];
  }

  #differences(tenant: ScaleTenant, wanted: Fate): string[] {
    if (wanted === 'upgraded') {
      if (!this.#reference) throw new Error('there is no reference');
      return compareSnapshots(this.#reference, endState(this.#lab, tenant));
    }
    const { context, namespace } = tenant;
    const after = takeSnapshot(this.#lab.simulator.cluster(context), namespace);
    const differs = compareSnapshots(this.#before.get(tenant) ?? new Map(), after);
    return differs.filter((name) => !name.startsWith('ReplicationController/'));
  }
}

/** What an installation is, whatever its project is called, and whatever values it was born with or the server gave. */
function endState(lab: Lab, { context, namespace }: Pick<ScaleTenant, 'context' | 'namespace'>): Snapshot {
  const values = Object.entries(makeParameters(namespace).secrets);
  const anonymous = (text: string): string =>
    values
      .reduce((all, [name, value]) => all.replaceAll(value, `<${name}>`), text)
      .replaceAll(namespace, '<project>');
  return new Map(
    [...takeSnapshot(lab.simulator.cluster(context), namespace)]
      .filter(([name]) => !/^(Secret|Service|ReplicationController)\//.test(name))
      .map(([name, object]) => {
        const text = JSON.stringify({ ...(object as object), uid: undefined });
        return [name, JSON.parse(anonymous(text)) as unknown];
      }),
  );
}
