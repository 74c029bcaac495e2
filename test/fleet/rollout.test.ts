import { FleetLab } from '../support/fleet-lab.ts';

let lab: FleetLab;

beforeAll(async () => {
  lab = await FleetLab.open();
}, 60_000);

afterAll(() => lab.close());

test('a fleet of one is upgraded, and its duration is measured', async () => {
  const fleet = await lab.start({ waves: [{ tenants: ['a'] }] });
  const { progress, tenants } = await fleet.result();
  expect(progress.phase).toBe('ended');
  expect(tenants.map(({ state }) => state)).toEqual(['upgraded']);
  expect(progress.forecast.measured).toBe(1);
});
