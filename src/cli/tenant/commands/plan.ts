import type { Command } from 'commander';
import type { PlanOptions } from '../actions/plan.ts';
import type { Io } from '../../io.ts';
import { addOutputOption, addUpgradeOptions } from '../../options.ts';
import type { Finish } from '../../finish.ts';

export function addPlan(program: Command, io: Io, finish: Finish): void {
  const command = program
    .command('plan')
    .summary('show what an upgrade would change; changes nothing')
    .description(
      'Shows, step by step, what an upgrade would change, env values redacted. Changes nothing. With --out it is also ' +
        'written to a file: `start --plan FILE` does exactly that, or says what has moved since.\n' +
        'Exit code: 0 nothing to do, 2 changes, 3 a check stands against it (no file is written).',
    )
    .option('--out <file>', 'write what was planned there, with its hash, for `start --plan`')
    .addHelpText(
      'after',
      '\nExamples:\n  threescale-upgrade plan -c prod -n 3scale\n  threescale-upgrade plan -c prod -n 3scale -o json | jq .steps\n' +
        '  threescale-upgrade plan -c prod -n 3scale --out 3scale.plan.json',
    );
  addOutputOption(addUpgradeOptions(command)).action(async (options: PlanOptions) => {
    const { plan } = await import('../actions/plan.ts');
    finish(await plan(io, options));
  });
}
