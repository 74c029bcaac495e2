import { ActivityFailure, isCancellation, proxyActivities } from '@temporalio/workflow';
import type { ReportActivities } from '../activities/reports.ts';
import type { ReportKept } from '../src/domain/tenant/report-kept.ts';

/** A store that is away holds no end up for longer than this. */
export const keeping = proxyActivities<ReportActivities>({
  startToCloseTimeout: '10s',
  scheduleToCloseTimeout: '15s',
  retry: { initialInterval: '1s', maximumInterval: '4s' },
  summary: 'Keep the report',
});

/** Where it was kept, or why it was not; never throws. */
export async function keptBy(keep: () => Promise<string | null>): Promise<ReportKept> {
  try {
    return { place: await keep() };
  } catch (error) {
    return { place: null, why: whyNot(error) };
  }
}

/** In the store's own words, or Temporal's. */
function whyNot(error: unknown): string {
  if (isCancellation(error)) return 'stopped before it had ended';
  const cause = error instanceof ActivityFailure ? error.cause : error;
  return cause instanceof Error ? cause.message : String(cause);
}
