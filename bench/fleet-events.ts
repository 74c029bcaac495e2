/**
 * A fleet of so many tenants (default: 10,000) on the time-skipping server, whose tenants are upgraded at once: how long
 * the fleet's own workflow takes, and how many events each of its runs has. `npm run bench:fleet-events [-- COUNT]`.
 */
import { FleetLab } from '../test/support/fleet-lab.ts';
import { eventsOfRuns } from '../test/support/fleet-runs.ts';

const count = Number(process.argv[2] ?? 10_000);
const lab = await FleetLab.open({ letsGo: true, tenants: 'cheap' });
const beganMs = performance.now();
const fleet = await lab.start({
  waves: [{ tenants: Array.from({ length: count }, (_, place) => `t${place}`) }],
  maxConcurrent: 200,
  maxConcurrentPerCluster: 50,
  clusters: 20,
  clusterOf: (name) => Number(name.slice(1)) % 20,
});
const { progress } = await fleet.result();
const seconds = (performance.now() - beganMs) / 1_000;
const { workflowId, firstExecutionRunId } = fleet.handle;
const lengths = await eventsOfRuns(lab.env.client.workflow, workflowId, firstExecutionRunId);
process.stdout.write(
  [
    `${progress.counts.upgraded} of ${progress.total} upgraded in ${seconds.toFixed(0)} s`,
    `${(1_000 * (seconds / count)).toFixed(1)} ms a tenant`,
    `${lengths.length} runs, the longest of ${Math.max(...lengths)} events`,
    '',
  ].join('\n'),
);
await lab.close();
process.exitCode = progress.counts.upgraded === count && Math.max(...lengths) < 10_000 ? 0 : 1;
