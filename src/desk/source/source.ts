import { fleetNames } from '../../cli/fleet/actions/list.ts';
import { newestKeptFleets } from '../../cli/kept.ts';
import { Looks } from '../../cli/looks.ts';
import type { Session } from '../../cli/session.ts';
import { listedTenants } from '../../cli/tenant/actions/list.ts';
import type { ListedTenant } from '../../cli/tenant/render/tenant-list.ts';
import type { TenantRef } from '../../domain/tenant/tenant.ts';
import { plainDeep } from '../../domain/text/plain-text.ts';
import { workflowIdOf } from '../../domain/tenant/workflow-id.ts';
import type { TemporalClient, TemporalTarget } from '../../temporal/connection.ts';
import { connectClient } from '../../temporal/connection.ts';
import { requireNamespace } from '../../temporal/namespace.ts';
import picocolors from 'picocolors';
import { Calls } from './calls.ts';
import { FleetSource } from './fleet-source.ts';
import { Cache, Shared } from './shared.ts';
import { TenantSource } from './tenant-source.ts';
import { TenantSteps } from './tenant-steps.ts';

const NO_COLORS = picocolors.createColors(false);
/** What comes and goes is looked for so often. */
const LIST_MS = 9_500;
const MOST_FLEETS = 200;
const MOST_TENANTS = 500;

export interface Opening {
  readonly target: TemporalTarget;
  readonly temporalUi?: string | undefined;
  /** Default: as kubectl finds it. */
  readonly kubeconfig?: string | undefined;
}

/** All that the desk knows, asked by the functions of the commands: everybody who looks shares it. */
export class Source {
  readonly calls: Calls;
  readonly steps: TenantSteps;
  /** Where Temporal's own page is. */
  readonly temporalUi: string | undefined;
  /** Of files that are applied, and looks at what would change. */
  readonly kubeconfig: string | undefined;
  readonly #session: Session;
  readonly #looks: Looks;
  readonly #temporal: TemporalClient;
  readonly #fleets = new Cache<FleetSource>(MOST_FLEETS);
  readonly #tenants = new Cache<TenantSource>(MOST_TENANTS);
  readonly #names = new Shared(() => fleetNames(this.#session), LIST_MS);
  readonly #singles = new Shared(async () => plainDeep(await listedTenants(this.#session)), LIST_MS);

  private constructor({ target, temporalUi, kubeconfig }: Opening, temporal: TemporalClient, calls: Calls) {
    this.calls = calls;
    this.temporalUi = temporalUi;
    this.kubeconfig = kubeconfig;
    this.#temporal = temporal;
    const silent = (): undefined => undefined;
    const io = { out: silent, err: silent, interactive: false, colors: NO_COLORS };
    const session = { io, target, client: temporal.client };
    this.#looks = new Looks(session);
    this.#session = { ...session, looks: this.#looks };
    this.steps = new TenantSteps(() => this.#session);
  }

  /** Throws TemporalError where Temporal is not reached. */
  static async open(opening: Opening): Promise<Source> {
    const { target } = opening;
    const calls = new Calls();
    const temporal = await connectClient(target, (method) => {
      calls.note(method);
    });
    try {
      if (!target.embedded) await requireNamespace(temporal.client, target);
      return new Source(opening, temporal, calls);
    } catch (error) {
      await temporal.close();
      throw error;
    }
  }

  get session(): Session {
    return this.#session;
  }

  fleet(name: string): FleetSource {
    return this.#fleets.of(name, () => new FleetSource(name, () => this.#session));
  }

  tenant(tenant: TenantRef): TenantSource {
    return this.#tenants.of(workflowIdOf(tenant), () => new TenantSource(tenant, () => this.#session));
  }

  /** Of all fleets: those that Temporal has, newest first, then those that are only kept. */
  async fleetNames(): Promise<readonly string[]> {
    const names = await this.#names.get();
    const kept = await newestKeptFleets(this.#session.io, names);
    return [...names, ...kept.map(({ progress }) => progress.name)];
  }

  /** Those that were started by themselves. */
  singles(): Promise<readonly ListedTenant[]> {
    return this.#singles.get();
  }

  /** Something was said: what was seen before is of the past. */
  expire(about: { readonly fleet?: string; readonly tenant?: TenantRef }): void {
    if (about.fleet !== undefined) this.fleet(about.fleet).expire();
    if (about.tenant) {
      this.tenant(about.tenant).expire();
      this.#singles.expire();
    }
  }

  async close(): Promise<void> {
    await this.#looks.close();
    await this.#temporal.close();
  }
}
