import type { Command } from 'commander';
import { setLimitsUpdate } from '../../../../workflows/fleet-messages.ts';
import type { Allowance } from '../../../domain/fleet/spec.ts';
import type { SetMessage } from '../../../domain/fleet/fleet-upgrade.ts';
import { CliError } from '../../cli-error.ts';
import type { SayOptions } from '../../fleet-say.ts';
import { addSayOptions, sayToFleet } from '../../fleet-say.ts';
import { fleetCommand } from '../../fleets.ts';
import type { Io } from '../../io.ts';
import { reasoned } from '../../options.ts';
import type { Finish } from '../../program.ts';
import { allowance, positive } from './choice.ts';

interface SetOptions extends SayOptions {
  readonly wave?: string;
  readonly maxConcurrent?: number;
  readonly maxConcurrentPerCluster?: number;
  readonly failed?: Allowance;
  readonly blocked?: Allowance;
  readonly unreachable?: Allowance;
  readonly strict?: boolean;
}

export function addFleetSet(fleet: Command, io: Io, finish: Finish): void {
  const set = fleet
    .command('set <name>')
    .summary('change limits and failure budgets while it runs')
    .description(
      'Changes limits at once, of the fleet or, with --wave, of a wave. What is in flight above a lower limit finishes.\n' +
        'A later `fleet apply` takes the limits of its file. Exit code 7 where it is refused.',
    )
    .option('-w, --wave <name>', 'of this wave only')
    .option('--max-concurrent <number>', 'tenants in flight at once', positive)
    .option('--max-concurrent-per-cluster <number>', 'of one cluster', positive)
    .option('--failed <number or percent>', 'budget: reverted, held or lost tenants', allowance)
    .option('--blocked <number or percent>', 'budget: tenants that a check stands against', allowance)
    .option('--unreachable <number or percent>', 'budget: tenants whose cluster does not answer', allowance)
    .option('--strict', 'those in flight count as failed, so that the budget can never be exceeded')
    .option('--no-strict', 'they do not')
    .addHelpText(
      'after',
      '\nExamples:\n  threescale-upgrade fleet set prod --max-concurrent 5 --why "API server is slow"\n' +
        '  threescale-upgrade fleet set prod --wave eu --failed 4 --why "known cause"',
    );
  addSayOptions(set).action(async (name: string, options: SetOptions) => {
    const who = reasoned(options, 'set', fleetCommand(name, 'set', '--max-concurrent 5', '--why "…"'));
    const message: SetMessage = { ...who, ...limitsOf(options) };
    finish(
      await sayToFleet(io, name, options, {
        verb: 'set',
        send: async (_, { handle }) => {
          const detail = await handle.executeUpdate(setLimitsUpdate, { args: [message] });
          return { text: `${name}: ${detail}`, answer: { set: detail }, done: true };
        },
      }),
    );
  });
}

function limitsOf({
  wave,
  maxConcurrent,
  maxConcurrentPerCluster,
  failed,
  blocked,
  unreachable,
  strict,
}: SetOptions): Omit<SetMessage, 'by' | 'why'> {
  const budget = {
    ...(failed ? { failed } : {}),
    ...(blocked ? { blocked } : {}),
    ...(unreachable ? { unreachable } : {}),
    ...(strict === undefined ? {} : { strict }),
  };
  const limits = {
    ...(maxConcurrent === undefined ? {} : { maxConcurrent }),
    ...(maxConcurrentPerCluster === undefined ? {} : { maxConcurrentPerCluster }),
    ...(Object.keys(budget).length > 0 ? { failureBudget: budget } : {}),
  };
  if (Object.keys(limits).length === 0) {
    throw new CliError('nothing to set: give a limit', { hint: 'As in: --max-concurrent 5, or --failed 3' });
  }
  return { ...(wave === undefined ? {} : { wave }), ...limits };
}
