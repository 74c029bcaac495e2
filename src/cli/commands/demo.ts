import type { Command } from 'commander';
import type { CreateProgram } from '../demo/fleet.ts';
import { DESK_PORT } from '../desk-port.ts';
import { EXIT } from '../exit-codes.ts';
import type { Finish } from '../finish.ts';
import type { Io } from '../io.ts';
import { portNumber } from '../options.ts';

interface DemoFlags {
  readonly template?: string;
  readonly ui?: boolean;
  readonly keep?: boolean;
  readonly deskPort: number;
}

interface Given {
  readonly io: Io;
  readonly finish: Finish;
  /** Handed over, so that the program and this command of it do not import each other. */
  readonly createProgram: CreateProgram;
}

export function addDemo(program: Command, { io, finish, createProgram }: Given): void {
  program
    .command('demo')
    .summary('see it at work on simulated clusters')
    .description(
      'Upgrades a simulated tenant through a killed worker and a pause, reverts another whose image cannot be imported, ' +
        'and proves what it promises from the simulator’s audit log. Then runs a small fleet by the commands an operator\n' +
        'types: a canary, an approval, a failure, a tenant held and retried, a window that closes. Touches nothing outside a temporary folder.\n' +
        'Exit code: 0 only where everything was seen.',
    )
    .option('--template <file>', 'install the tenants from a vendor template')
    .option('--ui', 'serve the desk meanwhile: a page that shows all of it live, and only looks')
    .option('--keep', 'the same, and go on when all is shown, until told to stop; the page steers, too')
    .option(
      '--desk-port <port>',
      'with --ui or --keep: port of the page; 0: a free one',
      portNumber,
      DESK_PORT,
    )
    .addHelpText(
      'after',
      '\nExamples:\n  threescale-upgrade demo --ui\n  threescale-upgrade demo --template amp-2.3.yml',
    )
    .action(async (flags: DemoFlags) => {
      const { runDemo } = await import('../demo/demo.ts');
      finish((await runDemo({ io, createProgram, ...flags })) ? EXIT.ok : EXIT.bug);
    });
}
