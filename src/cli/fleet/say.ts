import { fleetProgressQuery } from '../../../workflows/fleet/messages.ts';
import { someOf } from '../../domain/text/some-of.ts';
import type { FleetAnswer } from '../../domain/fleet/fleet-upgrade.ts';
import { Clusters } from '../../openshift/clusters.ts';
import { withWorker } from '../attach.ts';
import { CliError } from '../cli-error.ts';
import type { ExitCode } from '../exit-codes.ts';
import { EXIT } from '../exit-codes.ts';
import type { FoundFleet } from './fleets.ts';
import { fleetCommand } from './fleet-command.ts';
import { hasWorker, noFleet, readFleet, requireFleet } from './fleets.ts';
import { attachFleet } from './follow.ts';
import { beHeard, beKept } from '../heard.ts';
import type { Io } from '../io.ts';
import { carriedOnWith } from '../carried-on.ts';
import type { MessageOptions, OutputOptions } from '../options.ts';
import { plural } from './render/state.ts';
import type { Session } from '../session.ts';
import { withLastWord } from '../stop-signals.ts';
import { nothingKept, withSession } from '../session.ts';
import { isRunning } from '../found.ts';
import { say } from '../workflows.ts';

export interface SayOptions extends OutputOptions, MessageOptions {
  readonly kubeconfig?: string;
  readonly watch?: boolean;
}

/** What was said and what came of it: for a person, and for `-o json`. */
export interface Said {
  readonly text: string;
  readonly answer: unknown;
  /** False: nothing was done, and the command says so by its exit code. */
  readonly done: boolean;
  /** Nothing was said: there is nothing to watch or carry out because of it. */
  readonly idle?: true;
}

export type Send = (session: Session, fleet: FoundFleet) => Promise<Said>;

/**
 * Says something to a fleet that runs, or, with `afterEnd`, lets one that has ended go on.
 * Returns when it is said; with --watch, the fleet is shown, and where Temporal is embedded carried on, besides.
 */
export async function sayToFleet(
  io: Io,
  name: string,
  options: SayOptions,
  {
    send,
    afterEnd,
    verb,
    needsAnswer = true,
  }: {
    readonly send: Send;
    readonly afterEnd?: Send;
    readonly verb: string;
    /** False for signals: they are kept while no worker runs. */
    readonly needsAnswer?: boolean;
  },
): Promise<ExitCode> {
  const clusters = new Clusters(options.kubeconfig, { warn: io.err });
  try {
    if (await nothingKept()) throw await noFleet(name);
    return await withSession(io, async (session) => {
      const found = await requireFleet(session, name);
      const runs = isRunning(found);
      const late = (fleet: FoundFleet): Promise<Said> => {
        if (!afterEnd) throw hasEnded(name, verb);
        return afterEnd(session, fleet);
      };
      if (!runs && !afterEnd) throw hasEnded(name, verb);
      const tell = async (): Promise<Said> => {
        // An update waits for a worker for ever: whether there is one is seen first.
        if (runs && needsAnswer) await readFleet(session, found);
        const said = await withLastWord(
          () => `interrupted; whether it was heard, shows: ${fleetCommand(name, 'status')}`,
          () =>
            say(
              () => (runs ? send(session, found) : late(found)),
              async () => late(await requireFleet(session, name)),
            ),
        );
        io.err(said.text);
        return said;
      };
      if (!options.watch) return told(session, name, options, await sayIt(session, found, tell));
      return besideWorker(session, found, clusters, async (ownWorker) => {
        const said = await tell();
        if (!said.done || said.idle) return told(session, name, options, { said, goesOn: true });
        return attachFleet(session, await requireFleet(session, name), { ...options, ownWorker });
      });
    });
  } finally {
    await clusters.close();
  }
}

/** What was said, and whether a worker runs that carries it on. */
interface Told {
  readonly said: Said;
  readonly goesOn: boolean;
}

async function sayIt(session: Session, fleet: FoundFleet, tell: () => Promise<Said>): Promise<Told> {
  const told: { said?: Said } = {};
  // One that has ended is asked nothing: another run of it is started.
  const goesOn = await (isRunning(fleet) ? beHeard : beKept)(
    session,
    () => fleet.handle.query(fleetProgressQuery),
    async () => {
      told.said = await tell();
    },
  );
  if (!told.said) throw new Error('nothing was said');
  return { said: told.said, goesOn };
}

function told(
  { io, target }: Session,
  name: string,
  { output }: SayOptions,
  { said, goesOn }: Told,
): ExitCode {
  if (output === 'json') io.out(JSON.stringify(said.answer, undefined, 2));
  if (!said.done) return EXIT.refused;
  if (said.idle) return EXIT.ok;
  if (!goesOn) io.err(`No worker runs. Let it be carried on with: ${carriedOnWith(target)}`);
  else if (output !== 'json') io.err(`See it with: ${fleetCommand(name, 'watch')}`);
  return EXIT.ok;
}

/**
 * Where Temporal is embedded and no worker runs, one does beside `work`. Never a second one: it might have a kubeconfig
 * that does not reach the fleet's clusters.
 */
async function besideWorker<T>(
  session: Session,
  fleet: FoundFleet,
  clusters: Clusters,
  work: (ownWorker: boolean) => Promise<T>,
): Promise<T> {
  if (!session.target.embedded || (await hasWorker(session, fleet))) return work(false);
  // A worker without a kubeconfig would only fail what it is given.
  clusters.contexts();
  return withWorker(session, clusters, work);
}

export function hasEnded(name: string, verb: string): CliError {
  return new CliError(`the fleet ${name} has ended: ${verb} says nothing to it`, {
    hint:
      `See it with: ${fleetCommand(name, 'report')}; try again what failed with: ` +
      `${fleetCommand(name, 'retry', '--all', '--why "…"')}; or start it anew with: threescale-upgrade fleet start -f FILE`,
    exitCode: EXIT.refused,
  });
}

/** `retry: shop-1, shop-2 and 3 more`, and who it was not for. */
export function saidAbout(name: string, did: string, { done, refused }: FleetAnswer): Said {
  return {
    text: [
      done.length > 0
        ? `${name}: ${did} ${plural(done.length, 'tenant')}: ${someOf(done, 10)}`
        : `${name}: ${did} nobody`,
      ...refused.map(({ tenant, why }) => `  not ${tenant}: ${why}`),
    ].join('\n'),
    answer: { done, refused },
    done: done.length > 0 || refused.length === 0,
    ...(done.length === 0 ? { idle: true } : {}),
  };
}
