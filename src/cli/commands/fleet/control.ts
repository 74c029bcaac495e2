import type { Command } from 'commander';
import { Option } from 'commander';
import {
  abortFleetSignal,
  pauseFleetSignal,
  resumeFleetSignal,
} from '../../../../workflows/fleet-messages.ts';
import type { EndingKind } from '../../../domain/fleet/state.ts';
import { agreed } from '../../ask.ts';
import { CliError } from '../../cli-error.ts';
import { askedActor, requireConsent } from '../../consent.ts';
import type { ExitCode } from '../../exit-codes.ts';
import { EXIT } from '../../exit-codes.ts';
import { pauseFleet } from '../../fleet-pause.ts';
import { whyNotResumed } from '../../fleet-resume.ts';
import type { SayOptions } from '../../fleet-say.ts';
import { addSayOptions, sayToFleet } from '../../fleet-say.ts';
import { fleetCommand, readIfAnswered } from '../../fleets.ts';
import type { Io } from '../../io.ts';
import type { MessageOptions, OutputOptions } from '../../options.ts';
import { addMessageOptions, addOutputOption, reasoned } from '../../options.ts';
import type { Finish } from '../../program.ts';

interface PauseOptions extends OutputOptions, MessageOptions {
  readonly newOnly?: boolean;
  readonly wait?: boolean;
}

interface AbortOptions extends SayOptions {
  readonly finish?: boolean;
  readonly revert?: boolean;
  readonly yes?: boolean;
}

/** `fleet pause`, `resume` and `abort`: signals, kept even while no worker runs. */
export function addFleetControls(fleet: Command, io: Io, finish: Finish): void {
  const pause = fleet
    .command('pause <name>')
    .summary('stop: nothing new starts, and what is under way stops before its next step')
    .description(
      'Nothing new starts, and every tenant under way stops before its next step; what rolls is finished.\n' +
        'Exit code: 0; with --wait once all have stopped; 6 no worker answers (it is paused as soon as one does), 7 no such ' +
        'fleet, or it has ended.',
    )
    .option('--new-only', 'only start nothing new; what is under way goes on')
    .option('--wait', 'until everything has stopped')
    // As earlier releases asked for what is the rule now.
    .addOption(new Option('--no-wait').hideHelp())
    .addHelpText(
      'after',
      '\nExamples:\n  threescale-upgrade fleet pause prod --why "incident 17"\n  threescale-upgrade fleet pause prod --new-only --why "no more tonight"',
    );
  addOutputOption(addMessageOptions(pause)).action(async (name: string, options: PauseOptions) => {
    const who = reasoned(options, 'pause', fleetCommand(name, 'pause', '--why "…"'));
    const { newOnly = false, wait = false } = options;
    finish(
      await pauseFleet(io, name, {
        ...options,
        wait: wait && !newOnly,
        send: ({ handle }) => handle.signal(pauseFleetSignal, { ...who, ...(newOnly ? { newOnly } : {}) }),
      }),
    );
  });

  const resume = fleet
    .command('resume <name>')
    .summary('go on after a pause or a halt')
    .description(
      'Lets a paused or halted fleet go on: the pause first, and a halt, where there is one, by another resume. Refused (7) while a failure budget is exceeded still: it would halt again at once.',
    )
    .addHelpText('after', '\nExample:\n  threescale-upgrade fleet resume prod --why "incident 17 is over"');
  addSayOptions(resume).action(async (name: string, options: SayOptions) => {
    const who = reasoned(options, 'resume', fleetCommand(name, 'resume', '--why "…"'));
    finish(
      await sayToFleet(io, name, options, {
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
      }),
    );
  });

  const abort = fleet
    .command('abort <name>')
    .summary('end it: nothing new starts; finish or undo what is under way')
    .description(
      'Ends the fleet: what has not begun is skipped. One of the two says what becomes of the tenants under way:\n' +
        '  --finish   they go on to their end\n' +
        '  --revert   they are undone, exactly, where they have not passed the point of no return; those that have finish\n' +
        'Tenants that are upgraded stay so; to take them back: fleet revert.\n' +
        'In a terminal it asks; elsewhere, and with -o json, it needs --yes and --why.',
    )
    .option('--finish', 'let what is under way finish')
    .option('--revert', 'undo what is under way')
    .option('-y, --yes', 'do not ask')
    .addHelpText(
      'after',
      '\nExample:\n  threescale-upgrade fleet abort prod --finish --yes --why "change withdrawn"',
    );
  addSayOptions(abort).action(async (name: string, options: AbortOptions) => {
    finish(await abortFleet(io, name, options, abort));
  });
}

async function abortFleet(io: Io, name: string, options: AbortOptions, command: Command): Promise<ExitCode> {
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
