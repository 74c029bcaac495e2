import { setLimitsUpdate } from '../../../../workflows/fleet/messages.ts';
import type { Allowance } from '../../../domain/fleet/spec/spec.ts';
import type { SetMessage } from '../../../domain/fleet/fleet-upgrade.ts';
import { receiversByFlags } from '../../../config/notify-flags.ts';
import { reasoned } from '../../actor.ts';
import { CliError } from '../../cli-error.ts';
import type { SayOptions } from '../say.ts';
import { sayToFleet } from '../say.ts';
import { fleetCommand } from '../fleet-command.ts';
import type { Io } from '../../io.ts';
import type { ExitCode } from '../../exit-codes.ts';

export interface SetOptions extends SayOptions {
  readonly wave?: string;
  readonly maxConcurrent?: number;
  readonly maxConcurrentPerCluster?: number;
  readonly failed?: Allowance;
  readonly blocked?: Allowance;
  readonly unreachable?: Allowance;
  readonly strict?: boolean;
  /** False: nobody. */
  readonly notify?: readonly string[] | boolean;
}

/** `fleet set` */
export async function setLimits(io: Io, name: string, options: SetOptions): Promise<ExitCode> {
  const who = reasoned(options, 'set', fleetCommand(name, 'set', '--max-concurrent 5', '--why "…"'));
  const message: SetMessage = { ...who, ...limitsOf(options) };
  return sayToFleet(io, name, options, {
    verb: 'set',
    send: async (_, { handle }) => {
      const detail = await handle.executeUpdate(setLimitsUpdate, { args: [message] });
      return { text: `${name}: ${detail}`, answer: { set: detail }, done: true };
    },
  });
}

/** Which limits a message changes. Throws CliError where there is none. */
export function limitsOf({
  wave,
  maxConcurrent,
  maxConcurrentPerCluster,
  failed,
  blocked,
  unreachable,
  strict,
  notify,
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
    ...(notify === false ? { notify: [] } : {}),
    ...(Array.isArray(notify) ? { notify: receiversByFlags(notify, 'fleet') } : {}),
  };
  if (Object.keys(limits).length === 0) {
    throw new CliError('nothing to set: give a limit', { hint: 'As in: --max-concurrent 5, or --failed 3' });
  }
  return { ...(wave === undefined ? {} : { wave }), ...limits };
}
