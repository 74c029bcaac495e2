import type { TenantRef } from '../../domain/tenant/tenant.ts';
import { EncryptionError } from '../../temporal/codec/encryption-error.ts';
import type { ExitCode } from '../exit-codes.ts';
import { EXIT } from '../exit-codes.ts';
import { exitCodeOf } from './follow.ts';
import type { Io } from '../io.ts';
import type { Known } from '../known-of.ts';
import { knownOf, renderKnown } from '../known-of.ts';
import type { Shown, Unread } from '../runs.ts';
import type { Session } from '../session.ts';
import { NoWorker } from '../workflows.ts';

/** What a script is shown of a run: its progress, and what is to be said of it. */
export function shownJson({ progress, still, left, kept }: Shown): object {
  return {
    ...progress,
    ...(still === undefined ? {} : { standsStill: still }),
    ...(left === undefined ? {} : { endedFromOutside: left.message }),
    ...(kept ? { kept } : {}),
  };
}

/** What is to be said of it besides, to a person. */
export function sayBesides({ err }: Io, { still, left }: Shown): void {
  if (still !== undefined) err(still);
  if (left !== undefined) err(`${left.message}; this is where it stood then. ${left.hint ?? ''}`);
}

/** Where a workflow cannot be read here: what Temporal shows to anybody, and why there is no more. */
export function showUnread(
  io: Io,
  { known, error }: Unread,
  { output }: { readonly output?: string },
): ExitCode {
  io.out(output === 'json' ? JSON.stringify(known, undefined, 2) : renderKnown(known));
  // The key is for whoever looks to name: nothing is wrong with the upgrade.
  if (error instanceof EncryptionError) throw error;
  io.err(error.message);
  if (error.hint !== undefined) io.err(error.hint);
  return known.state === undefined ? error.exitCode : exitCodeOfKnown(known);
}

function exitCodeOfKnown({ state, endedAt }: Known): ExitCode {
  if (state === 'held' || state === 'blocked' || state === 'upgraded') return exitCodeOf({ state });
  return endedAt === undefined ? EXIT.ok : EXIT.notUpgraded;
}

/** Runs a look; where the upgrade cannot be read here, shows what is known of it instead. */
export async function orKnown(
  session: Session,
  tenant: TenantRef,
  options: { readonly output?: string },
  look: () => Promise<ExitCode>,
): Promise<ExitCode> {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof NoWorker) && !(error instanceof EncryptionError)) throw error;
    const known = await knownOf(session, tenant, error.message);
    if (!known) throw error;
    return showUnread(session.io, { known, error }, options);
  }
}
