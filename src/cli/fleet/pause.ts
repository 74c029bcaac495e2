import { fleetProgressQuery } from '../../../workflows/fleet/messages.ts';
import type { FleetProgress } from '../../domain/fleet/show/progress.ts';
import { CliError } from '../cli-error.ts';
import type { ExitCode } from '../exit-codes.ts';
import { EXIT } from '../exit-codes.ts';
import { hasEnded } from './say.ts';
import type { FoundFleet } from './fleets.ts';
import { fleetCommand } from './fleet-command.ts';
import { findFleet, noFleet, readIfAnswered, requireFleet } from './fleets.ts';
import { beKept } from '../heard.ts';
import type { Io } from '../io.ts';
import { carriedOnWith } from '../carried-on.ts';
import { plural } from './render/state.ts';
import { untilInterrupted, watchUntilOver } from '../screen.ts';
import type { Session } from '../session.ts';
import { nothingKept, withSession } from '../session.ts';
import { isRunning } from '../found.ts';
import { say } from '../workflows.ts';
import { countOf, IN_FLIGHT } from '../../domain/fleet/tenant/states.ts';

const LOOK_EVERY_MS = 1_000;

interface Pause {
  readonly output?: string;
  /** Until everything under way has stopped. */
  readonly wait: boolean;
  readonly send: (fleet: FoundFleet) => Promise<void>;
}

/** Pauses a fleet; a signal is kept, so that it works while no worker runs too. */
export async function pauseFleet(io: Io, name: string, pause: Pause): Promise<ExitCode> {
  if (await nothingKept()) throw await noFleet(name);
  return withSession(io, async (session) => {
    const fleet = await requireFleet(session, name);
    const ended = (): never => {
      throw hasEnded(name, 'pause');
    };
    if (!isRunning(fleet)) ended();
    const goesOn = await beKept(
      session,
      () => fleet.handle.query(fleetProgressQuery),
      () => say(() => pause.send(fleet), ended),
    );
    io.err(`${name}: asked to pause; to go on: ${fleetCommand(name, 'resume', '--why "…"')}`);
    if (!goesOn)
      io.err(
        `No worker runs: it is kept, and carried out once one does, as with: ${carriedOnWith(session.target)}`,
      );
    if (!pause.wait) {
      if (pause.output === 'json') io.out(JSON.stringify({ paused: true }, undefined, 2));
      return EXIT.ok;
    }
    const progress = await untilStopped(session, fleet);
    if (!progress) {
      io.err(`${name} is asked to pause all the same; see it with: ${fleetCommand(name, 'status')}`);
      return EXIT.interrupted;
    }
    if (pause.output === 'json') io.out(JSON.stringify(progress, undefined, 2));
    else
      io.err(progress.phase === 'ended' ? `${name} has ended meanwhile` : `${name}: everything has stopped`);
    return EXIT.ok;
  });
}

function untilStopped(session: Session, fleet: FoundFleet): Promise<FleetProgress | undefined> {
  let left = -1;
  return untilInterrupted((signal) =>
    watchUntilOver<FleetProgress>({
      look: async () => readStopping(session, (await findFleet(session, fleet.name)) ?? fleet),
      isOver: ({ phase, stoppedAt }) => phase === 'ended' || stoppedAt !== undefined,
      show: ({ counts }, over) => {
        const working = countOf(counts, IN_FLIGHT);
        if (!over && working !== left)
          session.io.err(`${plural(working, 'tenant')} under way: each stops before its next step`);
        left = working;
      },
      everyMs: LOOK_EVERY_MS,
      signal,
    }),
  );
}

/** Without a worker of workflows nobody knows what the activities of a site still do. */
async function readStopping(session: Session, fleet: FoundFleet): Promise<FleetProgress> {
  const progress = await readIfAnswered(session, fleet);
  if (progress) return progress;
  throw new CliError(`no worker answers: whether all of the fleet ${fleet.name} has stopped is not known`, {
    hint: `It is paused as soon as one does. See it then with: ${fleetCommand(fleet.name, 'status')}`,
    exitCode: EXIT.unreachable,
  });
}
