import type { Activity, Evidence, Life, Violation } from './evidence.ts';

/** What the clock of two processes on one machine, and a request on its way, may differ by. */
const SLACK_MS = 250;
/** How long a worker may write on the strength of what Temporal has answered. */
const RELIED_ON_MS = 4_000;

/**
 * Every effect is by an attempt that was current when it was made: an activity of the upgrade was open then, and had not
 * been given to another worker. Judged by Temporal's history, which knows the last attempt of each.
 */
export function judgeAttempts(evidence: Evidence): Violation[] {
  const { deeds, commands, lives, forgotAt, tenant } = evidence;
  if (lives.length === 0) return [];
  return [...deeds, ...commands].flatMap(({ sentAt: at, writer, method, path }) => {
    const pid = evidence.workers.find(({ name }) => name === writer)?.pid;
    // Histories of what was forgotten are gone, and what they said may be relied on for a while (ADR 0011).
    if (forgotAt.some((forgot) => at < forgot + RELIED_ON_MS)) return [];
    const open = lives.flatMap((life) => activitiesOpenAt(life, at));
    const what = `${method} ${path} by ${writer}`;
    if (open.length === 0)
      return [
        { oracle: 'not current', what: `${what}, when no activity of ${tenant.workflowId} was under way` },
      ];
    // A token of the forgotten time may equal one of today: then Temporal itself calls both attempts current.
    if (forgotAt.some((forgot) => forgot < at)) return [];
    const may = open.some(({ startedAt, identity }) => {
      if (startedAt === undefined || startedAt > at - SLACK_MS) return true;
      return identity?.startsWith(`${pid ?? '?'}@`) ?? true;
    });
    return may
      ? []
      : [
          {
            oracle: 'not current',
            what: `${what}, when all that was under way had been given to another worker`,
          },
        ];
  });
}

/** Those that were under way then, as far as clocks tell. */
export function activitiesOpenAt({ activities }: Life, at: number): Activity[] {
  return activities.filter(
    ({ scheduledAt, closedAt }) =>
      scheduledAt <= at + SLACK_MS && (closedAt === undefined || at <= closedAt + SLACK_MS),
  );
}
