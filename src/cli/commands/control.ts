import type { Command } from 'commander';
import {
  abandonUpdate,
  abortSignal,
  pauseSignal,
  progressQuery,
  resumeSignal,
  retryUpdate,
  revertUpdate,
  skipStepUpdate,
} from '../../../workflows/messages.ts';
import type { DecisionMessage } from '../../domain/decisions.ts';
import { command as commandLine, shellWord, WHY } from '../../domain/decisions.ts';
import type { TenantRef } from '../../domain/tenant.ts';
import { actorOf, tenantName } from '../../domain/tenant.ts';
import { attach, withWorker } from '../attach.ts';
import { CliError } from '../cli-error.ts';
import type { ConsentOptions } from '../consent.ts';
import { lackingConsent, requireConsent } from '../consent.ts';
import { EXIT } from '../exit-codes.ts';
import { beHeard, beKept } from '../heard.ts';
import type { Io } from '../io.ts';
import type { OutputOptions, TenantOptions } from '../options.ts';
import {
  addMessageOptions,
  addOutputOption,
  addTenantOptions,
  addWatchOption,
  reasoned,
} from '../options.ts';
import type { Finish } from '../program.ts';
import { tenantRequest } from '../request.ts';
import { withSession } from '../session.ts';
import { withLastWord } from '../stop-signals.ts';
import type { Handle } from '../upgrades.ts';
import { requireUpgrade } from '../upgrades.ts';
import { isRunning } from '../found.ts';
import { say } from '../workflows.ts';
import type { Harm } from './agree.ts';
import { agreeTo } from './agree.ts';

type ControlOptions = TenantOptions &
  OutputOptions &
  ConsentOptions & { readonly watch?: boolean; readonly step?: string };

interface Control {
  readonly name: string;
  readonly summary: string;
  readonly description: string;
  readonly example: string;
  /** What the upgrade is told; a decision that is refused throws. */
  readonly send: (handle: Handle, message: DecisionMessage) => Promise<unknown>;
  /** It cannot be taken back: it is asked for, or agreed to beforehand. */
  readonly harm?: Harm;
  readonly said: string;
  /** Temporal keeps it while no worker runs; else one has to answer. */
  readonly isSignal?: true;
  readonly extra?: (command: Command) => Command;
}

const byStep = (command: Command): Command =>
  command.option('--step <id>', 'the held step that this is about, as `status` names it');

const CONTROLS: readonly Control[] = [
  {
    name: 'pause',
    summary: 'stop before the next step',
    description: 'Stops the upgrade before its next step; what runs is finished.',
    example: '--why "window closes"',
    send: (handle, message) => handle.signal(pauseSignal, actorOf(message)),
    said: 'asked to pause',
    isSignal: true,
  },
  {
    name: 'resume',
    summary: 'go on after a pause',
    description: 'Lets a paused upgrade go on.',
    example: '--why "window open again"',
    send: (handle, message) => handle.signal(resumeSignal, actorOf(message)),
    said: 'asked to go on',
    isSignal: true,
  },
  {
    name: 'abort',
    summary: 'stop, and undo what can be undone',
    description:
      'Before the point of no return: undoes everything, exactly. After it: holds, and asks what to do.',
    example: '--why "change withdrawn"',
    send: (handle, message) => handle.signal(abortSignal, actorOf(message)),
    harm: 'abort',
    said: 'asked to abort',
    isSignal: true,
  },
  {
    name: 'retry',
    summary: 'a held upgrade: try the step again',
    description: 'Lets a held upgrade try the step again that failed.',
    example: '--why "registry is back"',
    send: (handle, message) => handle.executeUpdate(retryUpdate, { args: [message] }),
    said: 'trying again',
    extra: byStep,
  },
  {
    name: 'skip-step',
    summary: 'a held upgrade: go on without the step',
    description: 'Lets a held upgrade go on without the step that failed. The report says so.',
    example: '--step set-memcache-image --why "done by hand"',
    send: (handle, message) =>
      handle.executeUpdate(skipStepUpdate, { args: [{ ...message, step: message.step ?? '' }] }),
    harm: 'skip-step',
    said: 'step skipped',
    extra: byStep,
  },
  {
    name: 'revert',
    summary: 'a held upgrade: undo everything',
    description:
      'Lets a held upgrade undo everything. After the point of no return the old version would run on a migrated\n' +
      'database, which nobody supports: then --confirm <namespace> is needed.',
    example: '--why "no time left"',
    send: (handle, message) => handle.executeUpdate(revertUpdate, { args: [message] }),
    harm: 'revert',
    said: 'reverting',
    extra: (command) =>
      command.option('--confirm <namespace>', 'after the point of no return: the namespace'),
  },
  {
    name: 'abandon',
    summary: 'a held upgrade: end it as it stands',
    description: 'Ends a held upgrade as it stands. Undoes nothing, and says what it leaves.',
    example: '--why "finished by hand"',
    send: (handle, message) => handle.executeUpdate(abandonUpdate, { args: [message] }),
    harm: 'abandon',
    said: 'abandoned',
  },
];

const ASKS = 'In a terminal it asks; elsewhere, and with -o json, it needs --yes and --why.';

/** `pause`, `resume`, `abort`, and the decisions about a held upgrade. */
export function addControls(program: Command, io: Io, finish: Finish): void {
  for (const control of CONTROLS) {
    const command = program
      .command(control.name)
      .summary(control.summary)
      .description(
        `${control.description}\n${control.harm ? ASKS : 'Needs --why.'} Exit code: 7 where the upgrade refuses; else as of \`start\`.`,
      )
      .addHelpText(
        'after',
        `\nExample:\n  threescale-upgrade ${control.name} -c prod -n 3scale ${control.example}`,
      );
    if (control.harm) command.option('-y, --yes', 'do not ask');
    control.extra?.(command);
    addOutputOption(addWatchOption(addMessageOptions(addTenantOptions(command)))).action(
      async (options: ControlOptions) => {
        finish(await tellUpgrade(io, control, options, command));
      },
    );
  }
}

async function tellUpgrade(
  io: Io,
  { name, said, send, isSignal, harm }: Control,
  options: ControlOptions,
  typed: Command,
): Promise<number> {
  // Only what is carried out here reaches the cluster.
  const { tenant, clusters } = tenantRequest(options, options.watch ? io.err : undefined);
  const { step } = options;
  // The line that `status` prints names the step that is held; here nobody knows it.
  if (name === 'skip-step' && step === undefined && lackingConsent(io, options).length > 0)
    throw new CliError('skip-step needs --step, --yes and --why where nobody is asked', {
      hint: `The line with the held step stands in: ${commandLine(tenant, 'status')}`,
    });
  if (harm) requireConsent(typed, io, options);
  const known = harm
    ? undefined
    : reasoned(options, name, commandLine(tenant, name, ...typedFlags(options), WHY));
  try {
    return await withSession(io, async (session) => {
      const upgrade = await requireUpgrade(session, tenant);
      if (!isRunning(upgrade)) hasEnded(tenant);
      const message = harm
        ? await agreeTo(session, tenant, harm, options)
        : known && { ...known, ...(step === undefined ? {} : { step }) };
      if (!message) {
        io.err('Nothing was changed.');
        return EXIT.interrupted;
      }
      const tell = async (): Promise<void> => {
        await withLastWord(
          () => `interrupted; whether it was heard, shows: ${commandLine(tenant, 'status')}`,
          () =>
            say(
              () => send(upgrade.handle, message),
              () => hasEnded(tenant),
            ),
        );
        io.err(`${tenantName(tenant)}: ${said}`);
      };
      if (options.watch)
        return withWorker(session, clusters, async (ownWorker) => {
          await tell();
          return attach(session, tenant, { ...options, ownWorker });
        });
      const ask = (): Promise<unknown> => upgrade.handle.query(progressQuery);
      const goesOn = await (isSignal ? beKept : beHeard)(session, ask, tell);
      if (options.output === 'json') io.out(JSON.stringify({ tenant, said: name }, undefined, 2));
      else io.err(whatNext(tenant, goesOn));
      return EXIT.ok;
    });
  } finally {
    await clusters.close();
  }
}

/** What was typed besides, so that the command in a hint can be typed as it stands. */
function typedFlags({ step }: ControlOptions): string[] {
  return step === undefined ? [] : [`--step ${shellWord(step)}`];
}

/** Where no worker runs, what was said waits for one. */
function whatNext(tenant: TenantRef, goesOn: boolean): string {
  if (goesOn) return `See it with: ${commandLine(tenant, 'watch')}`;
  return `No worker runs. Let it be carried on with: ${commandLine(tenant, 'start')}; or in the background with: threescale-upgrade dev`;
}

function hasEnded(tenant: TenantRef): never {
  throw new CliError(`the upgrade of ${tenantName(tenant)} has ended: nothing can be said to it`, {
    hint: `See it with: ${commandLine(tenant, 'report')}`,
    exitCode: EXIT.refused,
  });
}
