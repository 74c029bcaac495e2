import type { Command } from 'commander';
import type { Cluster } from '../../../simulator/cluster.ts';
import type { Simulator } from '../../../simulator/index.ts';
import { fleetTenantsQuery } from '../../../workflows/fleet/messages.ts';
import { neededToStartMs } from '../../domain/fleet/rules/forecast.ts';
import { reportError } from '../errors.ts';
import type { FleetHandle } from '../fleet/fleets.ts';
import { readFleet, readTenants, requireFleet } from '../fleet/fleets.ts';
import type { Finish } from '../finish.ts';
import type { Io } from '../io.ts';
import type { Session } from '../session.ts';
import { FLEET, writeCalendar, writeFleetFile } from './fleet-files.ts';
import type { Statement } from './proof.ts';
import { says } from './proof.ts';
import type { Story } from './story.ts';

const NAME = 'demo';
/** How long the freeze lasts. */
const FROZEN_MS = 10_000;
/** So much later than a tenant is predicted to be done: it fits when it starts. */
const SPARE_MS = 8_000;
/** For each request of the tenant that shall be at work when its window closes. */
const SLOW_MS = 1_000;
const LOOK_EVERY_MS = 200;
/** Then the proof says what was not seen. */
const WAITS_MS = 60_000;

export type CreateProgram = (io: Io, version: string, finish: Finish) => Command;

interface Stage {
  readonly io: Io;
  readonly createProgram: CreateProgram;
  readonly session: Session;
  readonly simulator: Simulator;
  readonly story: Story;
  readonly folder: string;
}

/**
 * A small fleet, by the commands that an operator would type: a canary, an approval, one tenant reverted, one blocked,
 * one held and retried, and one whose window closes and opens under it. Returns what must be and what was.
 */
export async function runFleet(stage: Stage): Promise<Statement[]> {
  const { session, simulator, story, folder } = stage;
  await prepare(simulator);
  const startedMs = Date.now();
  const file = writeFleetFile(folder, startedMs, false);
  const type = async (...args: readonly string[]): Promise<number> => {
    story.event(`$ threescale-upgrade fleet ${args.map(quoted).join(' ').replaceAll(`${folder}/`, '')}`);
    return runCommand(stage, args);
  };
  const why = (reason: string): string[] => ['--by', 'demo', '--why', reason];

  await type('start', '-f', file, '--yes', '--no-watch', ...why('to show a fleet'));
  const fleet = await requireFleet(session, NAME);
  const seen = new Seen(fleet.handle);
  const codes = {
    canary: await type('watch', NAME),
    day: await type('approve', NAME, '--wave', 'day', '--watch', ...why('the canary is well')),
  };
  await seen.until(FLEET.held, 'held');
  await type('retry', NAME, '--tenant', FLEET.held, ...why('the node is back'));
  await seen.until(FLEET.held, 'upgraded');
  const { forecast } = await readFleet(session, fleet);
  const thaw = slowDown(simulator.cluster('sim2'));
  const closesMs = Date.now() + neededToStartMs(forecast) + SPARE_MS;
  writeCalendar(folder, closesMs, closesMs + FROZEN_MS);
  setTimeout(thaw, closesMs - Date.now());
  await type('apply', '-f', writeFleetFile(folder, startedMs, true), '--yes', ...why('a sale'));
  const ended = await type('approve', NAME, '--wave', 'night', '--watch', ...why('all others are done'));
  await seen.stop();
  await type('report', NAME, '--summary');

  const tenants = await readTenants(session, await requireFleet(session, NAME), {});
  const stateOf = (name: string): string => tenants.find((tenant) => tenant.name === name)?.state ?? 'gone';
  const { audit } = simulator.cluster('sim2');
  // A retry rolls out once more: that is what it is for.
  const others = Object.values(FLEET).filter((name) => name !== FLEET.held);
  const twice = simulator.clusters.flatMap((cluster) =>
    others.flatMap((namespace) => cluster.audit.writtenTwice({ namespace })),
  );
  return [
    says('the fleet stops for approval after the canary, exit code', '4', String(codes.canary)),
    says(
      `${FLEET.canary} and ${FLEET.plain} are`,
      'upgraded',
      both(stateOf(FLEET.canary), stateOf(FLEET.plain)),
    ),
    says(`${FLEET.reverted}, whose zync does not start, is`, 'reverted', stateOf(FLEET.reverted)),
    says(`${FLEET.blocked}, which is a 2.2, is`, 'blocked', stateOf(FLEET.blocked)),
    says(`writes to ${FLEET.blocked}`, '0', String(audit.writes({ namespace: FLEET.blocked }).length)),
    says(`${FLEET.held} was held, exit code`, 'held, 4', `${seen.saw(FLEET.held, 'held')}, ${codes.day}`),
    says(`${FLEET.held}, retried, is`, 'upgraded', stateOf(FLEET.held)),
    says(`${FLEET.frozen}, when its window closed, was`, 'parked', seen.saw(FLEET.frozen, 'parked')),
    says(`${FLEET.frozen}, once it had opened, is`, 'upgraded', stateOf(FLEET.frozen)),
    says(`writes made twice, but for ${FLEET.held}, which was retried`, '0', String(twice.length)),
    says('the fleet’s exit code: ended, not all upgraded', '5', String(ended)),
  ];
}

/** Every tenant, and what shall go wrong. */
async function prepare(simulator: Simulator): Promise<void> {
  for (const namespace of [FLEET.canary, FLEET.plain, FLEET.reverted])
    await simulator.install('sim1', namespace);
  for (const namespace of [FLEET.held, FLEET.frozen]) await simulator.install('sim2', namespace);
  await simulator.install('sim2', FLEET.blocked, { release: '2.2.0' });
  for (const { audit } of simulator.clusters) audit.clear();
  // An upgrade tries twice.
  const broken = { message: 'it took longer than 600 seconds to become available', times: 2 };
  simulator.cluster('sim1').faults.onWork('rollout', {
    ...{ ...broken, namespace: FLEET.reverted, name: 'zync' },
    pod: { kind: 'crash-loop', log: ['PG::ConnectionBad: could not connect to server: Connection refused'] },
  });
  simulator.cluster('sim2').faults.onWork('rollout', {
    ...{ ...broken, namespace: FLEET.held, name: 'system-sidekiq' },
    pod: { kind: 'oom-killed', log: ['Booting Sidekiq with 25 threads'] },
  });
}

/** Returns what makes it as quick as the others again. */
function slowDown({ faults }: Cluster): () => void {
  const path = new RegExp(`/namespaces/${FLEET.frozen}/`);
  const fault = faults.onRequest({ path }, { kind: 'latency', ms: SLOW_MS });
  return () => {
    fault.remove();
  };
}

/** The command itself, in this process: what it prints is what an operator sees. */
async function runCommand(
  { io, createProgram }: Pick<Stage, 'io' | 'createProgram'>,
  args: readonly string[],
): Promise<number> {
  let code = 0;
  const finish = (ended: number): void => {
    code = ended;
  };
  try {
    await createProgram(io, 'demo', finish).parseAsync(['node', 'threescale-upgrade', 'fleet', ...args]);
  } catch (error) {
    return reportError(error, io);
  }
  return code;
}

/** Remembers every state that a tenant was seen in. */
class Seen {
  readonly #states = new Set<string>();
  readonly #done: Promise<void>;
  #isOver = false;

  constructor(handle: FleetHandle) {
    this.#done = this.#look(handle);
  }

  async until(tenant: string, state: string): Promise<void> {
    for (const endMs = Date.now() + WAITS_MS; Date.now() < endMs;) {
      if (this.saw(tenant, state) === state) return;
      await sleep(LOOK_EVERY_MS);
    }
  }

  /** The state, where it was seen. */
  saw(tenant: string, state: string): string {
    return this.#states.has(`${tenant} ${state}`) ? state : 'never';
  }

  async stop(): Promise<void> {
    this.#isOver = true;
    await this.#done;
  }

  async #look(handle: FleetHandle): Promise<void> {
    while (!this.#isOver) {
      const lines = await handle.query(fleetTenantsQuery, {}).catch(() => []);
      for (const { name, state } of lines) this.#states.add(`${name} ${state}`);
      await sleep(LOOK_EVERY_MS);
    }
  }
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const quoted = (argument: string): string => (argument.includes(' ') ? `"${argument}"` : argument);

const both = (one: string, other: string): string => (one === other ? one : `${one} and ${other}`);
