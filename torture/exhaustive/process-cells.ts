import type { Arena } from '../arena/arena.ts';
import type { Tenant } from '../arena/tenant.ts';
import type { World } from '../arena/world.ts';
import type { Arrival, Course, Verdict } from '../faults/course.ts';
import type { Cell, Moment, ProcessAction } from './cells.ts';
import { arrivalAt } from './counting.ts';
import { playScenario } from './scenario.ts';
import { stopBetween } from './stop-between.ts';

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Those that have come wait so long for the others: then they are disturbed, and the rest is played again. */
const GATHERS_MS = 20_000;
/** A busy machine may need so long until the first has come. */
const COMES_WITHIN_MS = 180_000;
/** Longer than a heartbeat: Temporal gives what was under way to others. */
const STOPPED_MS = 13_000;
const HANDED_OVER_MS = 400;

type Settled = Exclude<Verdict, { do: 'late' }>;

/** Upgrades that wait at their points for what will be done to the processes of all of them. */
export class Gathering {
  readonly #arena: Arena;
  readonly #action: ProcessAction;
  readonly #moment: Moment;
  readonly #reached = new Set<World>();
  /** When each came to its point. */
  readonly #cameAt = new Map<World, number>();
  #hasBegun = false;
  readonly #expected: number;
  readonly #somebody = Promise.withResolvers<undefined>();
  readonly #everybody = Promise.withResolvers<undefined>();
  readonly #acted = Promise.withResolvers<undefined>();
  /** Whether what waits may be answered, and when. */
  readonly #released = Promise.withResolvers<undefined>();

  constructor(
    arena: Arena,
    { action, moment, expected }: { action: ProcessAction; moment: Moment; expected: number },
  ) {
    this.#arena = arena;
    this.#action = action;
    this.#moment = moment;
    this.#expected = expected;
  }

  /** When the upgrade came to its point; undefined where it was not there when it was done. */
  madeAt(world: World): number | undefined {
    return this.#reached.has(world) ? this.#cameAt.get(world) : undefined;
  }

  /** Lets the upgrade of a cell wait at its moment. */
  play(world: World, { row, moment, action }: Cell): void {
    const early = moment === 'before' && action === 'stop and go on' ? row.previous : undefined;
    const isPoint = arrivalAt(row.phase, early ?? row.point);
    playScenario(row.phase, {
      arena: this.#arena,
      world,
      then: (tenant: Tenant, arrival: Arrival): Course | undefined => {
        if (!isPoint(arrival) || this.#cameAt.has(world) || this.#hasBegun) return undefined;
        this.#cameAt.set(world, arrival.at);
        if (moment === 'between')
          return stopBetween(this.#arena, tenant, async () => {
            this.#reach(world, row.step);
            await this.#acted.promise;
          });
        this.#reach(world, row.step);
        const wait = async (verdict: Settled): Promise<Settled> => {
          await this.#released.promise;
          return verdict;
        };
        if (moment === 'answer lost') return { after: () => wait({ do: 'cut' }) };
        if (moment === 'not reported' || early) return { after: () => wait({ do: 'go' }) };
        const survives = action === 'kill Temporal' || action === 'stop and go on';
        return { before: () => wait(survives ? { do: 'go' } : { do: 'cut' }) };
      },
    });
  }

  /** One that comes when it is being done is too late: it is played again. */
  #reach(world: World, step: string): void {
    if (this.#hasBegun) return;
    this.#reached.add(world);
    world.story.tell(`at ${step}, ${this.#moment}: waits for ${this.#action}`);
    this.#somebody.resolve(undefined);
    if (this.#reached.size >= this.#expected) this.#everybody.resolve(undefined);
  }

  /** Waits for everybody, and does it. */
  async act(): Promise<void> {
    await Promise.race([this.#somebody.promise, sleep(COMES_WITHIN_MS)]);
    await Promise.race([this.#everybody.promise, sleep(GATHERS_MS)]);
    this.#arena.story.tell(`${this.#action}, with ${this.#reached.size} upgrades ${this.#moment}`);
    await this.#do();
    this.#released.resolve(undefined);
    this.#acted.resolve(undefined);
    this.#arena.story.tell('all runs again');
  }

  async #do(): Promise<void> {
    this.#hasBegun = true;
    const { crew, temporal } = this.#arena;
    const workers = crew.alive;
    const unreported = this.#moment === 'not reported';
    if (this.#action === 'stop and go on') {
      for (const worker of workers) crew.stop(worker);
      if (unreported) this.#released.resolve(undefined);
      await crew.start();
      if (this.#moment === 'between') this.#acted.resolve(undefined);
      await sleep(STOPPED_MS);
      // What was on its way when they stopped arrives now; they wake to the answer.
      this.#released.resolve(undefined);
      for (const worker of workers) crew.go(worker);
      return;
    }
    if (unreported) {
      temporal.stop();
      this.#released.resolve(undefined);
      await sleep(HANDED_OVER_MS);
    }
    if (this.#action !== 'kill Temporal') await Promise.all(workers.map((worker) => crew.kill(worker)));
    if (this.#action !== 'kill worker') await temporal.kill();
    if (this.#action === 'kill Temporal') this.#released.resolve(undefined);
    if (this.#action === 'kill worker') temporal.go();
    else {
      await sleep(HANDED_OVER_MS);
      await temporal.start();
    }
    if (this.#action !== 'kill Temporal') await Promise.all(workers.map(() => crew.start()));
  }
}
