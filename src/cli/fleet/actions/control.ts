import type { Command } from 'commander';
import {
  abortFleetSignal,
  pauseFleetSignal,
  resumeFleetSignal,
} from '../../../../workflows/fleet/messages.ts';
import type { EndingKind } from '../../../domain/fleet/tenant/entry.ts';
import { reasoned } from '../../actor.ts';
import { agreed } from '../../ask.ts';
import { CliError } from '../../cli-error.ts';
import { askedActor, requireConsent } from '../../consent.ts';
import type { ExitCode } from '../../exit-codes.ts';
import { EXIT } from '../../exit-codes.ts';
import { pauseFleet } from '../pause.ts';
import { whyNotResumed } from '../resume.ts';
import type { SayOptions } from '../say.ts';
import { sayToFleet } from '../say.ts';
import { fleetCommand } from '../fleet-command.ts';
import { readIfAnswered } from '../fleets.ts';
import type { Io } from '../../io.ts';
import type { MessageOptions, OutputOptions } from '../../options.ts';

export interface PauseOptions extends OutputOptions, MessageOptions {
  readonly newOnly?: boolean;
  readonly wait?: boolean;
}

export interface AbortOptions extends SayOptions {
  readonly finish?: boolean;
  readonly revert?: boolean;
  readonly yes?: boolean;
}

/** `fleet pause` */
export async function pauseTenants(io: Io, name: string, options: PauseOptions): Promise<ExitCode> {
  const who = reasoned(options, 'pause', fleetCommand(name, 'pause', '--why "…"'));
  const { newOnly = false, wait = false } = options;
  return pauseFleet(io, name, {
    ...options,
    wait: wait && !newOnly,
    send: ({ handle }) => handle.signal(pauseFleetSignal, { ...who, ...(newOnly ? { newOnly } : {}) }),
  });
}

/** `fleet resume` */
export async function resumeFleet(io: Io, name: string, options: SayOptions): Promise<ExitCode> {
  const who = reasoned(options, 'resume', fleetCommand(name, 'resume', '--why "…"'));
  return sayToFleet(io, name, options, {
    verb: 'resume',
    needsAnswer: false,
    send: async (session, found) => {
      const progress = await readIfAnswered(session, found);
      const endsHalt = progress?.halted && !progress.paused;
      const refusal = endsHalt && whyNotResumed(progress);
      if (refusal) throw new CliError(refusal.why, { hint: refusal.hint, exitCode: EXIT.refused });
      if (progress && !progress.paused && !progress.halted)
        return {
          text: `${name} is neither paused nor halted`,
          answer: { resumed: false },
          done: true,
          idle: true,
        };
      await found.handle.signal(resumeFleetSignal, who);
      const still = progress?.halted && progress.paused;
      const text = still
        ? `${name}: the pause is over; it is halted still (${progress.halted?.why ?? ''}): resume it again to go on`
        : `${name}: asked to go on`;
      return { text, answer: { resumed: true }, done: true };
    },
  });
}

/** `fleet abort` */
export async function abortFleet(
  io: Io,
  name: string,
  options: AbortOptions,
  command: Command,
): Promise<ExitCode> {
  const { finish: finishes = false, revert = false } = options;
  if (finishes === revert) {
    throw new CliError('abort needs one of --finish and --revert', {
      hint: '--finish lets the tenants under way go on to their end; --revert undoes those that can be undone.',
    });
  }
  const kind: EndingKind = revert ? 'revert' : 'finish';
  requireConsent(command, io, options);
  const who = await askedActor(io, options);
  const question = `End the fleet ${name}: skip all that has not begun, and ${
    revert ? 'undo' : 'finish'
  } what is under way?`;
  if (!(await agreed(io, options, question))) {
    io.err('Nothing was changed.');
    return EXIT.interrupted;
  }
  return sayToFleet(io, name, options, {
    verb: 'abort',
    needsAnswer: false,
    send: async (_, { handle }) => {
      await handle.signal(abortFleetSignal, { ...who, kind });
      return { text: `${name}: asked to end (${kind})`, answer: { aborted: kind }, done: true };
    },
  });
}
