import { reportStore } from '../../reports/find-store.ts';
import { findTemporal } from '../../temporal/connection.ts';
import { stopAtExit, stopIfUnused } from '../../temporal/dev-server/dev-server-end.ts';
import type { Io } from '../io.ts';
import { Looks } from '../looks.ts';
import type { Session } from '../session.ts';
import { connected, END_IT, nothingKept } from '../session.ts';

/**
 * As `withSession`, for commands that only look. Where Temporal is embedded and has never kept anything, nothing is started,
 * and `nothing` answers; one that is started to read what it keeps is ended again.
 */
export async function withLook<T>(
  io: Io,
  work: (session: Session) => Promise<T>,
  nothing: () => T | Promise<T>,
): Promise<T> {
  // A place that is none is said before anything is begun.
  reportStore();
  if (await nothingKept()) return nothing();
  const target = await findTemporal(io.err);
  const started = target.server?.started ? target.server : undefined;
  const letGo = started && stopAtExit(started.pid);
  if (started) io.err('It runs only while this looks at what it keeps.');
  try {
    return await connected(io, target, async (session) => {
      const looks = new Looks(session);
      try {
        return await work({ ...session, looks });
      } finally {
        await looks.close();
      }
    });
  } finally {
    letGo?.();
    if (started && !(await stopIfUnused(started.pid, io.err)))
      io.err(`Another command works with the Temporal dev server by now: it goes on; ${END_IT}`);
  }
}
