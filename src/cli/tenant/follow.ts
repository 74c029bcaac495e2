import type { TenantProgress } from '../../domain/tenant/progress.ts';
import { isFinal } from '../../domain/tenant/progress.ts';
import type { ExitCode } from '../exit-codes.ts';
import { EXIT } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { renderProgress, renderSummary } from './render/progress.ts';
import { TenantLog } from './render/tenant-log.ts';
import type { Show } from '../screen.ts';
import { liveScreen, terminalSize, watchUntilOver } from '../screen.ts';
import type { Session } from '../session.ts';
import type { Upgrade } from './upgrades.ts';
import { findRun, pendingAttempts, readProgress } from './upgrades.ts';
import { NoWorker } from '../workflows.ts';

const LOOK_EVERY_MS = 500;

interface Seen {
  readonly progress: TenantProgress;
  readonly pending: Awaited<ReturnType<typeof pendingAttempts>>;
  /** That it stands still, as lines. */
  readonly still?: string | undefined;
}

interface FollowOptions {
  readonly json: boolean;
  readonly signal: AbortSignal;
  /** A worker runs in this process: where nobody answers, it has not come to it yet. */
  readonly ownWorker: boolean;
}

/** How long what a killed worker had in hand may stay with it: Temporal asks another one then. */
const HANDED_OVER_WITHIN_MS = 60_000;

async function untilAnswered<T>(ask: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + HANDED_OVER_WITHIN_MS;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof NoWorker) || performance.now() > deadline) throw error;
    }
  }
}

/** Shows an upgrade until it ends or needs a decision; a live screen where a person watches, else a line a change. */
export async function follow(
  session: Session,
  upgrade: Upgrade,
  { json, signal, ownWorker }: FollowOptions,
): Promise<TenantProgress | undefined> {
  const { io } = session;
  let current: Upgrade | undefined;
  const last = await watchUntilOver<Seen>({
    look: async () => {
      const found = (current = current ? ((await findRun(session, current)) ?? current) : upgrade);
      const read = (): Promise<TenantProgress> => readProgress(session, found);
      const progress = await (ownWorker ? untilAnswered(read) : read());
      const still = isOver({ progress }) ? undefined : session.looks?.told(found.description.workflowId);
      return { progress, still, pending: isOver({ progress }) ? [] : await pendingAttempts(session, found) };
    },
    isOver,
    show: json ? () => undefined : io.interactive ? liveScreen(io, screenOf(io)) : lines(io),
    everyMs: LOOK_EVERY_MS,
    signal,
  });
  return last?.progress;
}

const isOver = ({ progress: { state } }: Pick<Seen, 'progress'>): boolean =>
  isFinal(state) || state === 'held';

/** What a script is told of where an upgrade stands. */
export function exitCodeOf({ state }: Pick<TenantProgress, 'state'>): ExitCode {
  switch (state) {
    case 'blocked':
      return EXIT.blocked;
    case 'held':
      return EXIT.held;
    case 'reverted':
    case 'aborted':
    case 'abandoned':
      return EXIT.notUpgraded;
    default:
      return EXIT.ok;
  }
}

const screenOf =
  ({ colors }: Io) =>
  ({ progress, pending, still }: Seen, over: boolean): string =>
    renderProgress(progress, {
      ...{ nowMs: Date.now(), colors, pending, still },
      ...(over ? {} : { fit: terminalSize() }),
    });

function lines({ out, colors }: Io): Show<Seen> {
  const log = new TenantLog(colors);
  return (seen, over) => {
    const nowMs = Date.now();
    for (const line of log.next(seen, nowMs)) out(line);
    if (over) out(renderSummary(seen.progress, { nowMs, colors }));
  };
}
