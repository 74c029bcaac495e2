import type { Command } from 'commander';
import type { ControlOptions, Told } from '../actions/control.ts';
import type { Io } from '../../io.ts';
import { addMessageOptions, addOutputOption, addTenantOptions, addWatchOption } from '../../options.ts';
import type { Finish } from '../../finish.ts';

interface Control extends Told {
  readonly summary: string;
  readonly description: string;
  readonly example: string;
  readonly extra?: (command: Command) => Command;
}

const byStep = (command: Command): Command =>
  command.option('--step <id>', 'the held step that this is about, as `status` names it');

export const CONTROLS: readonly Control[] = [
  {
    name: 'pause',
    summary: 'stop before the next step',
    description: 'Stops the upgrade before its next step; what runs is finished.',
    example: '--why "window closes"',
    said: 'asked to pause',
    isSignal: true,
  },
  {
    name: 'resume',
    summary: 'go on after a pause',
    description: 'Lets a paused upgrade go on.',
    example: '--why "window open again"',
    said: 'asked to go on',
    isSignal: true,
  },
  {
    name: 'abort',
    summary: 'stop, and undo what can be undone',
    description:
      'Before the point of no return: undoes everything, exactly. After it: holds, and asks what to do.',
    example: '--why "change withdrawn"',
    harm: 'abort',
    said: 'asked to abort',
    isSignal: true,
  },
  {
    name: 'retry',
    summary: 'a held upgrade: try the step again',
    description: 'Lets a held upgrade try the step again that failed.',
    example: '--why "registry is back"',
    said: 'trying again',
    extra: byStep,
  },
  {
    name: 'skip-step',
    summary: 'a held upgrade: go on without the step',
    description: 'Lets a held upgrade go on without the step that failed. The report says so.',
    example: '--step set-memcache-image --why "done by hand"',
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
        const { tellUpgrade } = await import('../actions/control.ts');
        finish(await tellUpgrade(io, control, options, command));
      },
    );
  }
}
