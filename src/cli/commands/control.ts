import type { Command } from 'commander';
import {
  abandonUpdate,
  abortSignal,
  pauseSignal,
  resumeSignal,
  retryUpdate,
  revertUpdate,
  skipStepUpdate,
} from '../../../workflows/messages.ts';
import { command as commandLine, shellWord } from '../../domain/decisions.ts';
import type { Actor, TenantRef } from '../../domain/tenant.ts';
import { tenantName } from '../../domain/tenant.ts';
import { attach, withWorker } from '../attach.ts';
import { CliError } from '../cli-error.ts';
import type { ExitCode } from '../exit-codes.ts';
import { EXIT } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import type { MessageOptions, OutputOptions, TenantOptions } from '../options.ts';
import { addMessageOptions, addOutputOption, addTenantOptions, reasoned } from '../options.ts';
import type { Finish } from '../program.ts';
import { tenantRequest } from '../request.ts';
import { withSession } from '../session.ts';
import type { Handle } from '../upgrades.ts';
import { requireUpgrade } from '../upgrades.ts';
import { isRunning } from '../found.ts';
import { say } from '../workflows.ts';

type ControlOptions = TenantOptions &
  OutputOptions &
  MessageOptions & { readonly watch?: boolean; readonly step?: string; readonly confirm?: string };

interface Control {
  readonly name: string;
  readonly summary: string;
  readonly description: string;
  readonly example: string;
  /** What the upgrade is told; a decision that is refused throws. */
  readonly send: (handle: Handle, who: Actor, options: ControlOptions) => Promise<unknown>;
  readonly said: string;
  /** False: the upgrade does nothing more for it. */
  readonly goesOn: boolean;
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
    send: (handle, who) => handle.signal(pauseSignal, who),
    said: 'asked to pause',
    goesOn: false,
  },
  {
    name: 'resume',
    summary: 'go on after a pause',
    description: 'Lets a paused upgrade go on.',
    example: '--why "window open again"',
    send: (handle, who) => handle.signal(resumeSignal, who),
    said: 'asked to go on',
    goesOn: true,
  },
  {
    name: 'abort',
    summary: 'stop, and undo what can be undone',
    description:
      'Before the point of no return: undoes everything, exactly. After it: holds, and asks what to do.',
    example: '--why "change withdrawn"',
    send: (handle, who) => handle.signal(abortSignal, who),
    said: 'asked to abort',
    goesOn: true,
  },
  {
    name: 'retry',
    summary: 'a held upgrade: try the step again',
    description: 'Lets a held upgrade try the step again that failed.',
    example: '--why "registry is back"',
    send: (handle, who, { step }) =>
      handle.executeUpdate(retryUpdate, { args: [{ ...who, ...(step === undefined ? {} : { step }) }] }),
    said: 'trying again',
    goesOn: true,
    extra: byStep,
  },
  {
    name: 'skip-step',
    summary: 'a held upgrade: go on without the step',
    description: 'Lets a held upgrade go on without the step that failed. The report says so.',
    example: '--step set-memcache-image --why "done by hand"',
    send: (handle, who, { step = '' }) => handle.executeUpdate(skipStepUpdate, { args: [{ ...who, step }] }),
    said: 'step skipped',
    goesOn: true,
    extra: byStep,
  },
  {
    name: 'revert',
    summary: 'a held upgrade: undo everything',
    description:
      'Lets a held upgrade undo everything. After the point of no return the old version would run on a migrated\n' +
      'database, which nobody supports: then --confirm <namespace> is needed.',
    example: '--why "no time left"',
    send: (handle, who, { confirm }) =>
      handle.executeUpdate(revertUpdate, {
        args: [{ ...who, ...(confirm === undefined ? {} : { confirm }) }],
      }),
    said: 'reverting',
    goesOn: true,
    extra: (command) =>
      command.option('--confirm <namespace>', 'after the point of no return: the namespace'),
  },
  {
    name: 'abandon',
    summary: 'a held upgrade: end it as it stands',
    description: 'Ends a held upgrade as it stands. Undoes nothing, and says what it leaves.',
    example: '--why "finished by hand"',
    send: (handle, who) => handle.executeUpdate(abandonUpdate, { args: [who] }),
    said: 'abandoned',
    goesOn: true,
  },
];

/** `pause`, `resume`, `abort`, and the decisions about a held upgrade. */
export function addControls(program: Command, io: Io, finish: Finish): void {
  for (const control of CONTROLS) {
    const command = program
      .command(control.name)
      .summary(control.summary)
      .description(
        `${control.description}\nNeeds --why. Exit code: 7 where the upgrade refuses; else as of \`start\`.`,
      )
      .addHelpText(
        'after',
        `\nExample:\n  threescale-upgrade ${control.name} -c prod -n 3scale ${control.example}`,
      );
    if (control.goesOn) command.option('--no-watch', 'say it, and return');
    control.extra?.(command);
    addOutputOption(addMessageOptions(addTenantOptions(command))).action(async (options: ControlOptions) => {
      finish(await tellUpgrade(io, control, options));
    });
  }
}

async function tellUpgrade(
  io: Io,
  { name, said, send, goesOn }: Control,
  options: ControlOptions,
): Promise<number> {
  // Only what goes on here reaches the cluster.
  const { tenant, clusters } = tenantRequest(options, goesOn ? io.err : undefined);
  const who = reasoned(options, name, commandLine(tenant, name, ...typedFlags(options), '--why "…"'));
  try {
    return await withSession(io, async (session) => {
      const upgrade = await requireUpgrade(session, tenant);
      if (!isRunning(upgrade)) hasEnded(tenant);
      const tell = async (ownWorker: boolean): Promise<ExitCode> => {
        await say(
          () => send(upgrade.handle, who, options),
          () => hasEnded(tenant),
        );
        io.err(`${tenantName(tenant)}: ${said}`);
        if (goesOn && options.watch !== false) return attach(session, tenant, { ...options, ownWorker });
        if (options.output === 'json') io.out(JSON.stringify({ tenant, said: name }, undefined, 2));
        return EXIT.ok;
      };
      return goesOn ? withWorker(session, clusters, tell) : tell(false);
    });
  } finally {
    await clusters.close();
  }
}

/** What was typed besides, so that the command in a hint can be typed as it stands. */
function typedFlags({ step, confirm }: ControlOptions): string[] {
  return [
    ...(step === undefined ? [] : [`--step ${shellWord(step)}`]),
    ...(confirm === undefined ? [] : [`--confirm ${shellWord(confirm)}`]),
  ];
}

function hasEnded(tenant: TenantRef): never {
  throw new CliError(`the upgrade of ${tenantName(tenant)} has ended: nothing can be said to it`, {
    hint: `See it with: ${commandLine(tenant, 'report')}`,
    exitCode: EXIT.refused,
  });
}
