import type { ReportActivities } from '../../activities/reports.ts';

/** Keeps nothing, as where nothing is to be kept. */
export const fakeReports: ReportActivities = {
  keepTenantReport: () => Promise.resolve(null),
  keepFleetReport: () => Promise.resolve(null),
};
