import { FleetLab } from '../support/fleet-lab.ts';
import { eventsOfRuns } from '../support/fleet-runs.ts';

let lab: FleetLab;

beforeAll(async () => {
  lab = await FleetLab.open({ letsGo: true, tenants: 'cheap' });
});

afterAll(() => lab.close());

test('a thousand tenants on ten clusters: each upgraded once, histories stay short (10,000: npm run bench:fleet-events)', async () => {
  const tenants = Array.from({ length: 1_000 }, (_, place) => `t${place}`);
  const fleet = await lab.start({
    waves: [{ tenants: tenants.slice(0, 10) }, { tenants: tenants.slice(10) }],
    maxConcurrent: 100,
    maxConcurrentPerCluster: 20,
    clusters: 10,
    clusterOf: (name) => Number(name.slice(1)) % 10,
  });
  const { progress, tenants: lines } = await fleet.result();
  expect(progress.counts.upgraded).toBe(1_000);
  expect(new Set(lines.map(({ attempts }) => attempts))).toEqual(new Set([1]));
  const { workflowId, firstExecutionRunId } = fleet.handle;
  const lengths = await eventsOfRuns(lab.env.client.workflow, workflowId, firstExecutionRunId);
  expect(lengths).toHaveLength(progress.runs);
  expect(lengths.length).toBeGreaterThan(1);
  expect(Math.max(...lengths)).toBeLessThan(10_000);
}, 300_000);
