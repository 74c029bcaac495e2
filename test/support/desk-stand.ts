import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startDesk } from '../../src/desk/desk.ts';
import type { FleetProgress } from '../../src/domain/fleet/show/progress.ts';
import { fleetWorkflowId } from '../../src/domain/fleet/spec/spec.ts';
import type { FleetTenantState } from '../../src/domain/fleet/tenant/states.ts';
import type { Listening } from '../../src/http-listening.ts';
import { fleetProgressQuery, fleetTenantsQuery } from '../../workflows/fleet/messages.ts';
import { runFleet } from './fleet-cli.ts';
import type { Lab } from './lab.ts';
import { openLab } from './lab.ts';

export const FLEET = 'prod';

/** What a page must show as it is, and not carry out. */
export const HOSTILE = '<script>document.title="taken over"</script><img src=x onerror=alert(1)>';

/** What becomes of each tenant of the fleet; `far` is of a cluster that does not answer. */
const FATES = {
  canary: 'upgraded',
  shop: 'upgraded',
  billing: 'reverted',
  partners: 'blocked',
  portal: 'held',
  far: 'unreachable',
} as const satisfies Readonly<Record<string, FleetTenantState>>;

/** `night` waits for its window. */
const YAML = `name: ${FLEET}
clusters: { sim1: {}, sim2: {}, sim3: {} }
tenants:
  - { name: canary, cluster: sim1, namespace: canary, labels: { tier: canary } }
  - { name: shop, cluster: sim1, namespace: shop }
  - { name: billing, cluster: sim1, namespace: billing }
  - { name: partners, cluster: sim2, namespace: partners }
  - { name: portal, cluster: sim2, namespace: portal }
  - { name: far, cluster: sim3, namespace: far }
  - name: night
    cluster: sim2
    namespace: night
    windows: [{ opens: '0 0 1 1 *', durationMinutes: 600, zone: Europe/Berlin }]
waves:
  - { name: canary, select: { tenants: [canary] } }
  - { name: day, select: { rest: true }, approval: required }
failureBudget: { failed: 5, blocked: 3, unreachable: 2 }
`;

/** A fleet on the simulator, and desks that show it. */
export class DeskStand {
  readonly lab: Lab;
  readonly file: string;
  readonly #desks: Listening[] = [];
  readonly said: string[] = [];

  private constructor(lab: Lab) {
    this.lab = lab;
    this.file = join(lab.folder, 'fleet.yaml');
    writeFileSync(this.file, YAML);
  }

  /** The fleet is started for this reason, and awaits approval after its canary. `tries`: of its silent cluster; default a fleet's own. */
  static async open(why = HOSTILE, tries?: number): Promise<DeskStand> {
    const soon = tries === undefined ? {} : { unreachableAttempts: tries };
    const lab = await openLab({ clusters: 3, deadlineMs: 1_000, ...soon });
    process.env['KUBECONFIG'] = lab.kubeconfig;
    const stand = new DeskStand(lab);
    await stand.#install();
    const flags = ['--yes', '--no-watch', '--by', 'olga', '--why', why, '--kubeconfig', lab.kubeconfig];
    const { code, err } = await runFleet('start', '-f', stand.file, ...flags);
    if (code !== 0) throw new Error(`the fleet was not started: ${err}`);
    await stand.until(({ phase }) => phase === 'awaiting-approval');
    return stand;
  }

  async #install(): Promise<void> {
    const { simulator } = this.lab;
    for (const namespace of ['canary', 'shop', 'billing', 'alone'])
      await simulator.install('sim1', namespace);
    for (const namespace of ['portal', 'night']) await simulator.install('sim2', namespace);
    await simulator.install('sim2', 'partners', { release: '2.2.0' });
    await simulator.install('sim3', 'far');
    simulator.cluster('sim3').faults.onRequest({}, { kind: 'reset' });
    // An upgrade tries twice.
    const broken = { message: HOSTILE, times: 2 };
    simulator.cluster('sim1').faults.onWork('rollout', { ...broken, namespace: 'billing', name: 'zync' });
    simulator
      .cluster('sim2')
      .faults.onWork('rollout', { ...broken, namespace: 'portal', name: 'system-sidekiq' });
  }

  /** Its address. */
  async desk({ allowActions }: { readonly allowActions: boolean }): Promise<string> {
    const desk = await startDesk({
      target: this.lab.target,
      host: '127.0.0.1',
      port: 0,
      access: { kind: 'open' },
      loopback: true,
      allowActions,
      kubeconfig: this.lab.kubeconfig,
      say: (line) => void this.said.push(line),
    });
    this.#desks.push(desk);
    return `http://127.0.0.1:${desk.port}`;
  }

  /** Waits until the fleet is so. */
  async until(reached: (progress: FleetProgress) => boolean): Promise<FleetProgress> {
    const handle = this.lab.client.workflow.getHandle(fleetWorkflowId(FLEET));
    for (;;) {
      const progress = await handle.query(fleetProgressQuery).catch(() => undefined);
      if (progress && reached(progress)) return progress;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  /** Waits until everybody of the wave is what it comes to. */
  untilSettled(): Promise<unknown> {
    return this.until(
      ({ counts: { upgraded, reverted, blocked, held, unreachable } }) =>
        upgraded >= 2 && reached({ reverted, blocked, held, unreachable }),
    );
  }

  async states(): Promise<Readonly<Record<string, FleetTenantState>>> {
    const handle = this.lab.client.workflow.getHandle(fleetWorkflowId(FLEET));
    const lines = await handle.query(fleetTenantsQuery);
    return Object.fromEntries(lines.map(({ name, state }) => [name, state]));
  }

  async close(): Promise<void> {
    for (const desk of this.#desks) await desk.close();
    await this.lab.close();
  }
}

const reached = (counts: Readonly<Record<string, number>>): boolean =>
  Object.entries(counts).every(
    ([state, count]) => count >= Object.values(FATES).filter((fate) => fate === state).length,
  );
