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
} from '../../../../workflows/tenant/messages.ts';
import type { DecisionMessage } from '../../../domain/tenant/decisions.ts';
import { command as commandLine, shellWord, WHY } from '../../../domain/tenant/decisions.ts';
import type { Decision } from '../../../domain/tenant/progress.ts';
import type { TenantRef } from '../../../domain/tenant/tenant.ts';
import type { Clusters } from '../../../openshift/clusters.ts';
import { actorOf, tenantName } from '../../../domain/tenant/tenant.ts';
import { reasoned } from '../../actor.ts';
import { attach, withWorker } from '../../attach.ts';
import { CliError } from '../../cli-error.ts';
import type { ConsentOptions } from '../../consent.ts';
import { lackingConsent, requireConsent } from '../../consent.ts';
import { EXIT } from '../../exit-codes.ts';
import { beHeard, beKept } from '../../heard.ts';
import type { Io } from '../../io.ts';
import { carriedOnWith } from '../../carried-on.ts';
import type { OutputOptions, TenantOptions } from '../../options.ts';
import { tenantRequest } from '../request.ts';
import type { Session } from '../../session.ts';
import { nothingKept, withSession } from '../../session.ts';
import { withLastWord } from '../../stop-signals.ts';
import type { Handle } from '../upgrades.ts';
import { noUpgrade, requireUpgrade } from '../upgrades.ts';
import { isRunning } from '../../found.ts';
import { say } from '../../workflows.ts';
import type { Harm } from './agree.ts';
import { agreeTo } from './agree.ts';

export type ControlOptions = TenantOptions &
  OutputOptions &
  ConsentOptions & { readonly watch?: boolean; readonly step?: string };

export type Verb = 'pause' | 'resume' | 'abort' | Decision;

/** How it is told; a decision that is refused throws. */
const SENDS: Readonly<Record<Verb, (handle: Handle, message: DecisionMessage) => Promise<unknown>>> = {
  pause: (handle, message) => handle.signal(pauseSignal, actorOf(message)),
  resume: (handle, message) => handle.signal(resumeSignal, actorOf(message)),
  abort: (handle, message) => handle.signal(abortSignal, actorOf(message)),
  retry: (handle, message) => handle.executeUpdate(retryUpdate, { args: [message] }),
  'skip-step': (handle, message) =>
    handle.executeUpdate(skipStepUpdate, { args: [{ ...message, step: message.step ?? '' }] }),
  revert: (handle, message) => handle.executeUpdate(revertUpdate, { args: [message] }),
  abandon: (handle, message) => handle.executeUpdate(abandonUpdate, { args: [message] }),
};

/** What an upgrade is told. */
export interface Told {
  readonly name: Verb;
  /** It cannot be taken back: it is asked for, or agreed to beforehand. */
  readonly harm?: Harm;
  readonly said: string;
  /** Temporal keeps it while no worker runs; else one has to answer. */
  readonly isSignal?: true;
}

/** `pause`, `resume`, `abort`, and the decisions about a held upgrade. */
export async function tellUpgrade(
  io: Io,
  told: Told,
  options: ControlOptions,
  typed: Command,
): Promise<number> {
  const { name, harm } = told;
  // Only what is carried out here reaches the cluster.
  const { tenant, clusters } = tenantRequest(options, options.watch ? io.err : undefined);
  const { step } = options;
  // The line that `status` prints names the step that is held; here nobody knows it.
  if (name === 'skip-step' && step === undefined && lackingConsent(io, options).length > 0)
    throw new CliError('skip-step needs --step, --yes and --why where nobody is asked', {
      hint: `The line with the held step stands in: ${commandLine(tenant, 'status')}`,
    });
  if (harm) requireConsent(typed, io, options);
  try {
    return await tellTenant(io, { tenant, clusters }, told, options);
  } finally {
    await clusters.close();
  }
}

/** The same to a tenant that is known, once all that nobody can be asked for is said. */
export async function tellTenant(
  io: Io,
  { tenant, clusters }: { readonly tenant: TenantRef; readonly clusters?: Clusters },
  { name, said, isSignal, harm }: Told,
  options: ControlOptions,
): Promise<number> {
  const { step } = options;
  const known = harm
    ? undefined
    : reasoned(options, name, commandLine(tenant, name, ...typedFlags(options), WHY));
  if (await nothingKept()) throw await noUpgrade(tenant);
  return withSession(io, async (session) => {
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
            () => SENDS[name](upgrade.handle, message),
            () => hasEnded(tenant),
          ),
      );
      io.err(`${tenantName(tenant)}: ${said}`);
    };
    if (options.watch && clusters)
      return withWorker(session, clusters, async (ownWorker) => {
        await tell();
        return attach(session, tenant, { ...options, ownWorker });
      });
    const ask = (): Promise<unknown> => upgrade.handle.query(progressQuery);
    const goesOn = await (isSignal ? beKept : beHeard)(session, ask, tell);
    if (options.output === 'json') io.out(JSON.stringify({ tenant, said: name }, undefined, 2));
    else io.err(whatNext(session, tenant, goesOn));
    return EXIT.ok;
  });
}

/** What was typed besides, so that the command in a hint can be typed as it stands. */
function typedFlags({ step }: ControlOptions): string[] {
  return step === undefined ? [] : [`--step ${shellWord(step)}`];
}

/** Where no worker runs, what was said waits for one. */
function whatNext({ target }: Session, tenant: TenantRef, goesOn: boolean): string {
  if (goesOn) return `See it with: ${commandLine(tenant, 'watch')}`;
  if (!target.embedded) return `No worker runs. Let it be carried on with: ${carriedOnWith(target)}`;
  return `No worker runs. Let it be carried on with: ${commandLine(tenant, 'start')}; or in the background with: threescale-upgrade dev`;
}

/** Throws CliError. */
export function hasEnded(tenant: TenantRef): never {
  throw new CliError(`the upgrade of ${tenantName(tenant)} has ended: nothing can be said to it`, {
    hint: `See it with: ${commandLine(tenant, 'report')}`,
    exitCode: EXIT.refused,
  });
}
