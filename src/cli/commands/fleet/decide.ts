import type { Command } from 'commander';
import {
  approveWaveUpdate,
  retryTenantsUpdate,
  revertTenantsUpdate,
  skipTenantsUpdate,
} from '../../../../workflows/fleet-messages.ts';
import { retryAfterEnd, revertAfterEnd } from '../../../domain/fleet/after-end.ts';
import type { FleetRevertMessage, RetryMessage } from '../../../domain/fleet/fleet-upgrade.ts';
import { shellWord } from '../../../domain/decisions.ts';
import { typed } from '../../ask.ts';
import { askedActor, requireConsent } from '../../consent.ts';
import type { ExitCode } from '../../exit-codes.ts';
import { goOnAfterEnd } from '../../fleet-go-on.ts';
import type { SayOptions } from '../../fleet-say.ts';
import { addSayOptions, saidAbout, sayToFleet } from '../../fleet-say.ts';
import { fleetCommand } from '../../fleets.ts';
import type { Io } from '../../io.ts';
import { reasoned } from '../../options.ts';
import type { Finish } from '../../program.ts';
import type { ChoiceOptions } from './choice.ts';
import { addChoiceOptions, choiceOf, typedChoice } from './choice.ts';

type DecideOptions = SayOptions & ChoiceOptions;
const REFUSED =
  'What cannot be is refused with the reason, exit code 7; of a wave, or of all, whom it is not for is passed over.';

/** `fleet approve`, `retry`, `skip` and `revert`: decisions, refused with a reason where they are wrong. */
export function addFleetDecisions(fleet: Command, io: Io, finish: Finish): void {
  const approve = fleet
    .command('approve <name>')
    .summary('let a wave begin that needs approval')
    .description(`Lets a wave begin that needs approval; also before its turn has come. ${REFUSED}`)
    .requiredOption('-w, --wave <name>', 'the wave')
    .addHelpText(
      'after',
      '\nExample:\n  threescale-upgrade fleet approve prod --wave eu --why "canary looks well"',
    );
  addSayOptions(approve).action(async (name: string, options: SayOptions & { readonly wave: string }) => {
    const { wave } = options;
    const who = reasoned(
      options,
      'approve',
      fleetCommand(name, 'approve', `--wave ${shellWord(wave)}`, '--why "…"'),
    );
    finish(
      await sayToFleet(io, name, options, {
        verb: 'approve',
        send: async (_, { handle }) => {
          await handle.executeUpdate(approveWaveUpdate, { args: [{ ...who, wave }] });
          return { text: `${name}: wave ${wave} is approved`, answer: { approved: wave }, done: true };
        },
      }),
    );
  });

  const retry = fleet
    .command('retry <name>')
    .summary('try again those that failed')
    .description(
      'Tries again tenants that were reverted, blocked or lost, or are held, with the plan that they were started with; ' +
        'tenants that were skipped or taken back only where they, or their wave, are named. A fleet that has ended goes on\n' +
        `with them in a new run. ${REFUSED}`,
    )
    .option('--new-plan', 'with the plan of the file that is in force now')
    .addHelpText(
      'after',
      '\nExamples:\n  threescale-upgrade fleet retry prod --tenant shop-7 --why "registry is back"\n' +
        '  threescale-upgrade fleet retry prod --all --new-plan --why "mirror put right in the file"',
    );
  addSayOptions(addChoiceOptions(retry, 'all that failed')).action(
    async (name: string, options: DecideOptions & { readonly newPlan?: boolean }) => {
      finish(await retryTenants(io, name, options));
    },
  );

  const skip = fleet
    .command('skip <name>')
    .summary('leave tenants out')
    .description(
      `Leaves tenants out that have not begun, or that failed. Those under way, or held half way, cannot be. ${REFUSED}`,
    )
    .addHelpText(
      'after',
      '\nExample:\n  threescale-upgrade fleet skip prod --tenant shop-7 --why "goes next month"',
    );
  addSayOptions(addChoiceOptions(skip)).action(async (name: string, options: DecideOptions) => {
    const choice = choiceOf(name, 'skip', options);
    const who = reasoned(options, 'skip', fleetCommand(name, 'skip', typedChoice(choice), '--why "…"'));
    finish(
      await sayToFleet(io, name, options, {
        verb: 'skip',
        send: async (_, { handle }) =>
          saidAbout(
            name,
            'skips',
            await handle.executeUpdate(skipTenantsUpdate, { args: [{ ...who, ...choice }] }),
          ),
      }),
    );
  });

  const revert = fleet
    .command('revert <name>')
    .summary('bring tenants back to the old version')
    .description(
      'Brings tenants back, last first, from their backups: those under way, those held, and those that are upgraded. The ' +
        'database of an upgraded tenant stays migrated, which nobody supports: so the fleet must be named with --confirm (a\n' +
        `terminal asks for it, and for the reason; elsewhere both are needed). --all ends the fleet, --wave halts it. Also after the fleet has ended. ${REFUSED}`,
    )
    .option('--confirm <fleet>', 'the name of the fleet, typed')
    .addHelpText(
      'after',
      '\nExample:\n  threescale-upgrade fleet revert prod --wave canary --confirm prod --why "portal does not load"',
    );
  addSayOptions(addChoiceOptions(revert, 'the whole fleet')).action(
    async (name: string, options: DecideOptions & { readonly confirm?: string }) => {
      finish(await revertTenants(io, name, options, revert));
    },
  );
}

function retryTenants(
  io: Io,
  name: string,
  options: DecideOptions & { readonly newPlan?: boolean },
): Promise<ExitCode> {
  const choice = choiceOf(name, 'retry', options);
  const who = reasoned(options, 'retry', fleetCommand(name, 'retry', typedChoice(choice), '--why "…"'));
  const message: RetryMessage = { ...who, ...choice, ...(options.newPlan ? { newPlan: true } : {}) };
  const did = 'tries again';
  return sayToFleet(io, name, options, {
    verb: 'retry',
    send: async (_, { handle }) =>
      saidAbout(name, did, await handle.executeUpdate(retryTenantsUpdate, { args: [message] })),
    afterEnd: (session, fleet) =>
      goOnAfterEnd(session, fleet, {
        who,
        did,
        decide: ({ spec, state }) => retryAfterEnd(spec, state, message, Date.now()),
      }),
  });
}

async function revertTenants(
  io: Io,
  name: string,
  options: DecideOptions & { readonly confirm?: string },
  command: Command,
): Promise<ExitCode> {
  const choice = choiceOf(name, 'revert', options);
  requireConsent(command, io, options, `--confirm ${shellWord(name)}`);
  const who = await askedActor(io, options);
  const question =
    'Upgraded tenants go back to the old version on a migrated database, which nobody supports.\n' +
    `  Type the name of the fleet (${name}) to go on:`;
  const confirm = options.confirm ?? (await typed(io, options, question));
  const message: FleetRevertMessage = { ...who, ...choice, ...(confirm === undefined ? {} : { confirm }) };
  const did = 'takes back';
  return sayToFleet(io, name, options, {
    verb: 'revert',
    send: async (_, { handle }) =>
      saidAbout(name, did, await handle.executeUpdate(revertTenantsUpdate, { args: [message] })),
    afterEnd: (session, fleet) =>
      goOnAfterEnd(session, fleet, {
        who,
        did,
        decide: ({ spec, state }) => revertAfterEnd(spec, state, message, Date.now()),
      }),
  });
}
