import { foundAllDone } from '../../../domain/tenant/found-done.ts';
import { plainDeep } from '../../../domain/text/plain-text.ts';
import type { Run, Shown, Unread } from '../../runs.ts';
import { renderColumns } from '../../render/columns.ts';

/** One run of a tenant's upgrade, in a list of them. */
export interface ListedRun {
  /** For `--run`; the newest is 1. */
  readonly run: number;
  readonly runId: string;
  readonly startedAt: string;
  readonly endedAt?: string;
  /** Absent where nothing shows it. */
  readonly state?: string;
  readonly by?: string;
  readonly why?: string;
  /** True: it found everything done already. */
  readonly foundAllDone: boolean;
}

export function listedRun({ runId, startedAt }: Run, run: number, seen: Shown | Unread): ListedRun {
  if ('known' in seen) {
    const { state, endedAt } = seen.known;
    return {
      run,
      runId,
      startedAt,
      ...(endedAt === undefined ? {} : { endedAt }),
      ...(state === undefined ? {} : { state }),
      foundAllDone: false,
    };
  }
  const { state, endedAt, journal } = seen.progress;
  const actor = journal[0]?.actor;
  return {
    run,
    runId,
    startedAt,
    ...(endedAt === undefined ? {} : { endedAt }),
    state: seen.left ? 'ended from outside' : state,
    ...(actor ? { by: actor.by, why: actor.why } : {}),
    foundAllDone: foundAllDone(seen.progress),
  };
}

export function renderRuns(runs: readonly ListedRun[]): string {
  return renderColumns(
    ['run', 'started', 'ended', 'state', 'by', 'why', 'id'],
    plainDeep(runs).map((one) => [
      String(one.run),
      one.startedAt,
      one.endedAt ?? '',
      `${one.state ?? 'unknown'}${one.foundAllDone ? ', found done' : ''}`,
      one.by ?? '',
      one.why ?? '',
      one.runId.slice(0, 13),
    ]),
  );
}
