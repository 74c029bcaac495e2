import type { Snapshot } from '../../src/cli/demo/snapshot.ts';
import { takeSnapshot } from '../../src/cli/demo/snapshot.ts';
import type { Lab } from './lab.ts';

/** Tenants of the lab's first cluster, and how often each of their DeploymentConfigs has rolled out since they were made. */
export class InstalledTenants {
  readonly #lab: Lab;
  readonly #since = new Map<string, number>();

  constructor(lab: Lab) {
    this.#lab = lab;
  }

  /** As it is then. */
  async install(namespace: string): Promise<Snapshot> {
    await this.#lab.simulator.install('sim1', namespace);
    return this.adopt(namespace);
  }

  /** One that is installed already. */
  async adopt(namespace: string): Promise<Snapshot> {
    this.#since.set(namespace, Date.now() + 1);
    await new Promise((resolve) => setTimeout(resolve, 5));
    return takeSnapshot(this.#lab.cluster, namespace);
  }

  rollouts(namespace: string): Readonly<Record<string, number>> {
    return this.#lab.cluster.audit.rollouts(namespace, this.#since.get(namespace) ?? 0);
  }
}
