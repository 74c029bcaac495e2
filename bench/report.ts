/**
 * How large the page of a fleet's report is, and how long it takes to write: `npm run bench:report [-- TENANTS]` (default: 1,000).
 * The tenants are made up, of the steps and the words of real ones.
 */
import { renderFleetHtml } from '../src/cli/fleet/render/html/report.ts';
import { reportedFleet } from '../test/support/reported-fleet.ts';

const tenants = Number(process.argv[2] ?? 1_000);
const { spec, progress, lines, details } = reportedFleet(tenants);
const begun = performance.now();
const page = await renderFleetHtml({
  ...{ progress, lines, details: details(), paths: spec.paths },
  ...{ summary: false, lacking: [] },
});
const ms = performance.now() - begun;
const megabytes = (bytes: number): string => `${(bytes / 1_000_000).toFixed(2)} MB`;
process.stdout.write(
  `${tenants} tenants: ${megabytes(Buffer.byteLength(page))} in ${ms.toFixed(0)} ms, ` +
    `${(process.memoryUsage().rss / 1_000_000).toFixed(0)} MB of memory in all\n`,
);
