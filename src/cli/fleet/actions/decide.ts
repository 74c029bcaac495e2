import type { Command } from 'commander';
import {
  approveWaveUpdate,
  retryTenantsUpdate,
  revertTenantsUpdate,
  skipTenantsUpdate,
} from '../../../../workflows/fleet/messages.ts';
import { retryAfterEnd, revertAfterEnd } from '../../../domain/fleet/tenant/after-end.ts';
import type { FleetRevertMessage, RetryMessage } from '../../../domain/fleet/fleet-upgrade.ts';
import { shellWord } from '../../../domain/tenant/decisions.ts';
import { reasoned } from '../../actor.ts';
import { typed } from '../../ask.ts';
import type { ChoiceOptions } from '../commands/choice.ts';
import { askedActor, requireConsent } from '../../consent.ts';
import type { ExitCode } from '../../exit-codes.ts';
import { goOnAfterEnd } from '../go-on.ts';
import type { SayOptions } from '../say.ts';
import { saidAbout, sayToFleet } from '../say.ts';
import { fleetCommand } from '../fleet-command.ts';
import type { Io } from '../../io.ts';
import { choiceOf, typedChoice } from './choice.ts';

export type DecideOptions = SayOptions & ChoiceOptions;

export type ApproveOptions = SayOptions & { readonly wave: string };
export type RetryOptions = DecideOptions & { readonly newPlan?: boolean };
export type RevertOptions = DecideOptions & { readonly confirm?: string };

/** `fleet approve` */
export async function approveWave(io: Io, name: string, options: ApproveOptions): Promise<ExitCode> {
  const { wave } = options;
  const who = reasoned(
    options,
    'approve',
    fleetCommand(name, 'approve', `--wave ${shellWord(wave)}`, '--why "…"'),
  );
  return sayToFleet(io, name, options, {
    verb: 'approve',
    send: async (_, { handle }) => {
      await handle.executeUpdate(approveWaveUpdate, { args: [{ ...who, wave }] });
      return { text: `${name}: wave ${wave} is approved`, answer: { approved: wave }, done: true };
    },
  });
}

/** `fleet skip` */
export async function skipTenants(io: Io, name: string, options: DecideOptions): Promise<ExitCode> {
  const choice = choiceOf(name, 'skip', options);
  const who = reasoned(options, 'skip', fleetCommand(name, 'skip', typedChoice(choice), '--why "…"'));
  return sayToFleet(io, name, options, {
    verb: 'skip',
    send: async (_, { handle }) =>
      saidAbout(
        name,
        'skips',
        await handle.executeUpdate(skipTenantsUpdate, { args: [{ ...who, ...choice }] }),
      ),
  });
}

/** `fleet retry` */
export async function retryTenants(io: Io, name: string, options: RetryOptions): Promise<ExitCode> {
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

/** `fleet revert` */
export async function revertTenants(
  io: Io,
  name: string,
  options: RevertOptions,
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
