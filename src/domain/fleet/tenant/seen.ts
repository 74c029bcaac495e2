import { assertNever } from '../../text/assert-never.ts';
import type { TenantReport } from './entry.ts';
import type { TenantEvent } from './events.ts';

/** A tenant's newest workflow, as Temporal knows it. */
export type UpgradeSeen = { readonly workflowId: string } & (
  | { readonly status: 'none' }
  /** `runId`: as it was started; `currentRunId`: where it was reset since. */
  | ({ readonly runId: string; readonly currentRunId?: string; readonly fleet?: string } &
      /** Known where it was asked. `isEnding`: it has said how it ended, and closes in a moment. */
      (
        | {
            readonly status: 'running';
            readonly isAnswered?: boolean;
            readonly report?: TenantReport;
            readonly isEnding?: boolean;
          }
        | { readonly status: 'ended'; readonly report: TenantReport }
        /** Terminated, timed out, or failed: it said nothing. */
        | { readonly status: 'ended-from-outside'; readonly how: string }
      ))
);

/**
 * What a look has shown of the run that the fleet knows: an end that nobody told, or another run in its place; undefined
 * where it is no news.
 */
export function eventSeen(seen: UpgradeSeen, knownRunId: string | undefined): TenantEvent | undefined {
  if (seen.status !== 'none' && knownRunId !== undefined && knownRunId !== seen.runId) {
    const why = 'its run was ended from outside, and another one has taken its place';
    return { kind: 'lost', runId: knownRunId, why };
  }
  switch (seen.status) {
    case 'running':
      return eventsOf(seen).find(({ kind }) => kind === 'was-reset');
    case 'ended':
      return { kind: 'reported', runId: seen.runId, report: seen.report };
    case 'ended-from-outside':
      return { kind: 'lost', runId: seen.runId, why: `its workflow was ended from outside: ${seen.how}` };
    case 'none':
      return { kind: 'lost', why: 'its workflow is not there any more' };
    default:
      return assertNever(seen);
  }
}

/** What stands in the way of a start: a run of this fleet's earlier life is its own, somebody else's is waited for. */
export function eventInTheWay(
  seen: UpgradeSeen,
  { fleet, lastRunId }: { readonly fleet: string; readonly lastRunId: string | undefined },
): TenantEvent {
  if (seen.status !== 'running') return { kind: 'not-yet-closed' };
  if (seen.fleet !== fleet) return { kind: 'refused' };
  // Of the last run that the fleet knows, one that does not say what it is at has most likely said how it ended.
  const isLast = seen.runId === lastRunId && !seen.isAnswered;
  if (seen.isEnding || isLast) return { kind: 'not-yet-closed' };
  return { kind: 'adopted', runId: seen.runId };
}

/** What one that runs has come to since it was started. */
export function eventsOf(seen: UpgradeSeen): TenantEvent[] {
  if (seen.status !== 'running') return [];
  const { runId, currentRunId, report } = seen;
  return [
    ...(currentRunId === undefined ? [] : [{ kind: 'was-reset', runId, currentRunId } as const]),
    ...(report ? [{ kind: 'reported', runId, report } as const] : []),
  ];
}
