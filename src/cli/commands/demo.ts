import type { Command } from 'commander';
import type { CreateProgram } from '../demo/fleet.ts';
import { EXIT } from '../exit-codes.ts';
import type { Finish } from '../finish.ts';
import type { Io } from '../io.ts';

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
    .addHelpText('after', '\nExample:\n  threescale-upgrade demo --template amp-2.3.yml')
    .action(async ({ template }: { readonly template?: string }) => {
      const { runDemo } = await import('../demo/demo.ts');
      finish((await runDemo({ io, template, createProgram })) ? EXIT.ok : EXIT.bug);
    });
}
