import type { HeldStatus, StepStatus } from '../../src/domain/tenant/progress.ts';
import { fleetWorkflowId } from '../../src/domain/fleet/spec/spec.ts';
import type { Arena } from './arena.ts';
import { careForFleet, startFleet } from './fleets.ts';
import type { Edit } from '../faults/foreign-edits.ts';
import { actOnActivities } from './temporal-acts.ts';
import type { Tenant } from './tenant.ts';
import { nameOf } from './tenant.ts';
import type { World } from './world.ts';

const LOOK_EVERY_MS = 600;
/** What is not held is asked seldom: an answer costs a worker’s time. */
const ASK_EVERY_MS = 3_000;
/** How often it is retried, with every edit undone, before somebody gives up. */
const RETRIES = 4;

/** Longer than anything waits for by itself. */
const SILENT_MS = 200_000;
/** An answer may be forgotten with the engine. */
const ANSWERED_FOR_MS = 60_000;

const UNSETTLED: readonly StepStatus[] = ['pending', 'running', 'failed', 'reverting'];

/** How one tenant is cared for. */
interface Care {
  /** How often it was retried at each step since something was settled: of siblings each is held by itself. */
  retries: Map<string, number>;
  /** How many of its steps were settled when it was answered last. */
  settled: number;
  reverts: number;
  closed: boolean;
  lookedAt: number;
  /** Since when it was held when it was answered last, and when that was. */
  answered: string;
  answeredAt: number;
}

/** What could not be brought to an end though nothing is wrong any more. */
export interface Stuck {
  readonly tenant: Tenant;
  readonly failure: HeldStatus['failure'];
}

/**
 * Answers holds as each tenant's policy says, starts again what the engine has forgotten, ends pauses that nobody ends,
 * until all has ended. Returns what did not, though no cause was left.
 */
export class Steward {
  readonly stuck: Stuck[] = [];
  readonly restless: Tenant[] = [];
  readonly #arena: Arena;
  readonly #care = new Map<Tenant, Care>();
  readonly #openFleets = new Set<World>();
  readonly #askedFleets = new Map<World, number>();
  /** False while process faults are still to come. */
  isCalm = false;

  constructor(arena: Arena) {
    this.#arena = arena;
  }

  /** Gives up only where nothing happens any more: how long anything takes is the machine's. */
  async untilRest(): Promise<void> {
    for (let last = Date.now(); ;) {
      const open = await this.#round().catch(() => this.#open());
      if (open.length === 0 && this.#openFleets.size === 0 && this.isCalm) return;
      for (const { site } of open) last = Math.max(last, site.wire.arrivals.at(-1)?.at ?? 0);
      if (!this.isCalm) last = Date.now();
      if (Date.now() - last > SILENT_MS) return void this.restless.push(...open);
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  }

  #open(): Tenant[] {
    return this.#arena.worlds.flatMap(({ tenants }) =>
      tenants.filter((tenant) => tenant.starts > 0 && !this.#careOf(tenant).closed),
    );
  }

  #careOf(tenant: Tenant): Care {
    let care = this.#care.get(tenant);
    if (!care)
      this.#care.set(
        tenant,
        (care = {
          retries: new Map(),
          settled: 0,
          reverts: 0,
          closed: false,
          lookedAt: 0,
          answered: '',
          answeredAt: 0,
        }),
      );
    return care;
  }

  async #round(): Promise<Tenant[]> {
    const states = new Map<string, { running: boolean; state: string }>();
    for await (const { workflowId, status, typedSearchAttributes } of this.#arena.client.workflow.list()) {
      const state = typedSearchAttributes.getAll().find(({ key }) => key.name === 'ThreescaleState')?.value;
      const running = status.name === 'RUNNING';
      if (running || !states.has(workflowId)) states.set(workflowId, { running, state: String(state) });
    }
    for (const world of this.#arena.worlds) {
      if (world.fleet !== undefined) await this.#fleet(world, states.get(fleetWorkflowId(world.fleet)));
      for (const tenant of world.tenants) {
        if (tenant.starts === 0) continue;
        const care = this.#careOf(tenant);
        const known = states.get(tenant.workflowId);
        care.closed = known !== undefined && !known.running;
        if (care.closed) tenant.injections.length = 0;
        if (!known && world.fleet !== undefined) continue;
        if (!known) await this.#forgotten(world, tenant);
        else if (known.running && this.#isToBeAsked(tenant, known.state))
          await this.#lookAt(world, tenant, care);
      }
    }
    return this.#open();
  }

  #isToBeAsked(tenant: Tenant, state: string): boolean {
    if (state === 'held') return true;
    const mayBePaused =
      tenant.said.some(({ what }) => what === 'pause') ||
      tenant.injected.some(({ kind }) => kind === 'pause-activity');
    return mayBePaused && Date.now() - this.#careOf(tenant).lookedAt > ASK_EVERY_MS;
  }

  /** Where it is forgotten it is started anew; what it asks for is answered. */
  async #fleet(world: World, known: { readonly running: boolean } | undefined): Promise<void> {
    const { client } = this.#arena;
    const isStarted = world.tenants.some(({ starts }) => starts > 0);
    if (isStarted && !known) {
      world.story.tell('the engine has forgotten the fleet; fleet start is typed again');
      await startFleet(client, world);
    }
    if (known?.running) {
      this.#openFleets.add(world);
      const asked = this.#askedFleets.get(world) ?? 0;
      if (Date.now() - asked < ASK_EVERY_MS) return;
      this.#askedFleets.set(world, Date.now());
      await careForFleet(client, world);
    } else if (known) this.#openFleets.delete(world);
  }

  async #forgotten(world: World, tenant: Tenant): Promise<void> {
    if (await this.#arena.operator.isThere(tenant)) return;
    world.story.tell(`${nameOf(tenant)}: the engine has forgotten it; start is typed again`);
    await this.#arena.operator.start(tenant);
  }

  async #lookAt(world: World, tenant: Tenant, care: Care): Promise<void> {
    const { operator } = this.#arena;
    const progress = await operator.progress(tenant);
    care.lookedAt = Date.now();
    if (!progress) return;
    if (progress.paused && this.isCalm && !world.isUnderFire(Date.now())) {
      const pauses = tenant.said.filter(({ what }) => what === 'pause').at(-1);
      if (!pauses || Date.now() - pauses.at > 6_000) await operator.signal(tenant, 'resume');
    }
    const isForgotten = tenant.injected.some(({ kind }) => kind === 'pause-activity');
    if (isForgotten && this.isCalm) await actOnActivities(this.#arena.client, tenant, 'unpause');
    if (progress.held && !world.isUnderFire(Date.now())) {
      const settled = progress.steps.filter(({ status }) => !UNSETTLED.includes(status)).length;
      if (settled !== care.settled) care.retries.clear();
      care.settled = settled;
      await this.#answer(world, tenant, progress.held);
    }
  }

  async #answer(world: World, tenant: Tenant, held: HeldStatus): Promise<void> {
    const { operator } = this.#arena;
    const care = this.#careOf(tenant);
    // It was answered a moment ago: in a fleet it waits for a slot before it goes on.
    if (care.answered === held.since && Date.now() - care.answeredAt < ANSWERED_FOR_MS) return;
    const retries = care.retries.get(held.stepId) ?? 0;
    care.answered = held.since;
    care.answeredAt = Date.now();
    const tell = (decision: string): void => {
      const { failure, stepId, during } = held;
      world.story.tell(
        `${nameOf(tenant)}: held at ${stepId} (${during}): ${failure.type}: ${failure.message} → ${decision}`,
      );
    };
    if (tenant.policy === 'leaving') {
      tell('abandon');
      return operator.decide(tenant, held, 'abandon');
    }
    if (
      held.decisions.includes('revert') &&
      (tenant.policy === 'reverting' || isOver(held) || retries >= RETRIES)
    ) {
      if (retries >= RETRIES) this.#note(tenant, held);
      care.retries.clear();
      care.reverts += 1;
      tell('revert');
      return operator.decide(tenant, held, 'revert');
    }
    if (retries >= RETRIES) {
      this.#note(tenant, held);
      tell('abandon');
      return operator.decide(tenant, held, 'abandon');
    }
    care.retries.set(held.stepId, retries + 1);
    // The first time as it is: somebody's edit is to be seen and kept.
    if (retries > 0) undoEdits(tenant, held);
    tell(retries > 0 ? 'edits are undone, retry' : 'retry');
    return operator.decide(tenant, held, 'retry');
  }

  #note(tenant: Tenant, { failure }: HeldStatus): void {
    // To let it roll cannot be undone, and a deleted project not be helped: what is held then is rightly held.
    const isExplained = tenant.edits.some(
      (edit) => edit.undoneAt === undefined && names(failure.message, edit),
    );
    if (tenant.deletedAt === undefined && !isExplained) this.stuck.push({ tenant, failure });
  }
}

/** Only what the hold names. What was edited before the backup is how the tenant was: on the way back that is where it ends. */
function undoEdits(tenant: Tenant, { during, failure }: HeldStatus): void {
  const { edits } = tenant;
  const backedUpAt = backupOf(tenant);
  for (const edit of [...edits].reverse()) {
    if (edit.undoneAt !== undefined || !names(failure.message, edit)) continue;
    const kept = edits.findLast(
      (one) => one.at < backedUpAt && one.undoneAt === undefined && isOfOneField(one, edit),
    );
    if (during !== 'revert') edit.undo('before');
    else if (kept !== edit) edit.undo(kept ?? 'start');
  }
}

const isOfOneField = (one: Edit, other: Edit): boolean =>
  one.object === other.object && one.field === other.field;

/** When its first backup was made; never, where there is none. */
function backupOf({ site, namespace }: Tenant): number {
  const made = site.wire.deeds.find(
    (deed) =>
      deed.namespace === namespace &&
      deed.changes.some(({ before, name }) => !before && name.startsWith('threescale-upgrade-backup-')),
  );
  return made?.at ?? 0;
}

/** `dc/system-app`, as people call `DeploymentConfig/system-app`. */
function names(message: string, { object }: Edit): boolean {
  return message.includes(object.split('/')[1] ?? object);
}

/** The cluster shows that it had turned, and history has forgotten: as the runbook says, what is left is taken back. */
const isOver = ({ failure }: HeldStatus): boolean => failure.type === 'Superseded';
