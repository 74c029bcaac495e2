import { tenantLines } from '../../domain/fleet/show/tenant-lines.ts';
import { telling } from '../../telling.ts';
import { tenantDetails } from './tenants.ts';
import type { FoundFleet } from './fleets.ts';
import { findFleet } from './fleets.ts';
import { keepFleet } from '../kept.ts';
import type { Session } from '../session.ts';

/** The fleet ends after it has said so: once the last of what it has told to its tenants is over. */
const ENDS_WITHIN_MS = 20_000;

/**
 * Whoever sees the end keeps the reports of the fleet and of its tenants. Where Temporal gives no answer they are kept when
 * somebody looks the next time: nothing fails because of it.
 */
export async function keepFleetReports(session: Session, { name, handle }: FoundFleet): Promise<void> {
  const { client, io } = session;
  try {
    const result = await client.withDeadline(Date.now() + ENDS_WITHIN_MS, () => handle.result());
    const ended = await findFleet(session, name);
    if (!ended) return;
    await keepFleet(io, ended.description.runId, result);
    const { spec, state } = result;
    await telling(
      io.err,
      (seconds) => `the reports of its tenants are being kept (${seconds} s)`,
      async () => {
        for await (const { line } of tenantDetails(session, tenantLines(spec, state.entries))) void line;
      },
    );
  } catch {
    io.err(`the reports of the fleet ${name} are kept when it is looked at again`);
  }
}
