import { command } from '../../domain/tenant/decisions.ts';
import type { TenantRef } from '../../domain/tenant/tenant.ts';
import { carriedOnWith } from '../carried-on.ts';
import { fleetCommand } from '../fleet/fleet-command.ts';
import type { Session } from '../session.ts';

/** Who looks at something that runs: `ownWorker`, where this very process carries it out. */
export interface Looker {
  readonly session: Session;
  readonly ownWorker: boolean;
}

/** What becomes of an upgrade that is looked at no more, and what to type. */
export function leftUpgrade({ session, ownWorker }: Looker, tenant: TenantRef): string {
  const watch = command(tenant, 'watch');
  const start = command(tenant, 'start');
  if (ownWorker)
    return (
      'Left where it is; nothing is lost: it stands still until a worker runs again. ' +
      `See it with: ${command(tenant, 'status')}; go on with: ${start}; or in the background with: threescale-upgrade dev`
    );
  return lookingEnded(watch, session.target.embedded ? start : carriedOnWith(session.target));
}

/** The same of a fleet. */
export function leftFleet({ session, ownWorker }: Looker, name: string): string {
  const watch = fleetCommand(name, 'watch');
  const dev = 'threescale-upgrade dev';
  if (ownWorker)
    return `Left where it is; nothing is lost: it stands still until a worker runs again. Go on with: ${dev}; see it with: ${watch}`;
  return lookingEnded(watch, carriedOnWith(session.target));
}

const lookingEnded = (watch: string, goOn: string): string =>
  `Only the looking has ended: while a worker runs, it goes on. See it with: ${watch}; where none runs, go on with: ${goOn}`;

/** What is said once where nobody reads any more, and this process is what carries it out. */
export const unread = (what: string, watch: string): string =>
  `Nobody reads this any more. ${what} is carried out here all the same; see it with: ${watch}; Ctrl-C leaves it where it is.`;
