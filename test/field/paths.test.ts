/** Where there are several paths, each is called by its name, and nothing is said of one that is another's. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Command } from 'commander';
import picocolors from 'picocolors';
import { preflight } from '../../src/procedure/preflight/preflight.ts';
import { addRbac } from '../../src/cli/tenant/commands/rbac.ts';
import { renderFleet } from '../../src/cli/fleet/render/progress.ts';
import { renderFleetList, renderTenantList } from '../../src/cli/fleet/render/list.ts';
import { renderFleetReport, renderTenantReport } from '../../src/cli/fleet/render/report.ts';
import { renderFleetSummary } from '../../src/cli/fleet/render/summary.ts';
import type { FleetSpec } from '../../src/domain/fleet/spec/spec.ts';
import { tenantLines } from '../../src/domain/fleet/show/tenant-lines.ts';
import { findPath, PATHS } from '../../src/domain/paths/index.ts';
import { workflowIdOf } from '../../src/domain/tenant/workflow-id.ts';
import { fleetSpec } from '../support/fleet-spec.ts';
import { NOW_MS, standOf, stateOf } from '../support/fleet-stand.ts';
import { pathFor } from '../support/upgrade-input.ts';
import { runCli } from '../support/hosted-cli.ts';
import type { SimulatedClusters } from '../support/simulated-clusters.ts';
import { openClusters } from '../support/simulated-clusters.ts';

/** A path that a later release may know: it only rolls dc/zync. */
const NEXT = {
  from: '2.4',
  to: '2.5',
  guide: 'none',
  anchor: 'zync',
  evidence: { variable: 'AMP_RELEASE', containers: [] },
  options: [],
  images: {},
  imageOf: {},
  components: [],
  streams: [],
  steps: () => pathFor().steps.filter(({ id }) => id === 'roll-out-zync'),
} as const satisfies (typeof PATHS)[number];
const catalogue = PATHS as (typeof PATHS)[number][];

let lab: SimulatedClusters;
beforeAll(async () => {
  catalogue.push(NEXT);
  lab = await openClusters({ tenants: 1 });
});
afterAll(async () => {
  catalogue.splice(catalogue.indexOf(NEXT), 1);
  await lab.close();
});

const colors = picocolors.createColors(false);

async function rbac(...args: string[]): Promise<string> {
  const out: string[] = [];
  const io = { out: (line: string) => void out.push(line), err: () => undefined, interactive: false, colors };
  const program = new Command().exitOverride();
  addRbac(program, io);
  await program.parseAsync(['rbac', ...args], { from: 'user' });
  return out.join('\n');
}

test('rbac prints the Role of the path that is asked for', async () => {
  expect(findPath('2.4-2.5')).toBe(NEXT);
  const role = await rbac('--path', '2.4-2.5');
  expect(role).toContain('- zync');
  for (const name of ['system-app', 'custom-host', 'imagestreamtags', 'apicast'])
    expect(role).not.toContain(name);
  expect(await rbac('--path', '2.3-2.4')).toBe(await rbac());
});

test('rbac refuses a path that is none, with those there are', async () => {
  const { exitCode, stderr } = await runCli(['rbac', '--path', '2.9-3.0']);
  expect([exitCode, stderr]).toEqual([64, expect.stringMatching(/no upgrade path 2\.9-3\.0[^]*2\.3-2\.4/)]);
});

test.each([
  [
    'of its own path',
    { from: NEXT.from, to: NEXT.to, steps: NEXT.steps() },
    'rbac -n tenant-1 --path 2.4-2.5 --bind-user NAME |',
  ],
  ['without a flag where it is the first', {}, 'rbac -n tenant-1 --bind-user NAME |'],
])('check advises the Role %s', async (_, other, command) => {
  const nobody = { user: 'nobody', groups: ['system:authenticated'] };
  lab.simulator.cluster('sim1').identities.addToken('sim1-nobody-token', nobody);
  const tenant = lab.clusters.tenant('sim1-nobody', 'tenant-1');
  const path = { ...pathFor(), ...other };
  const look = { api: lab.clusters.open(tenant), path, mark: workflowIdOf(tenant) };
  const { findings } = await preflight(look, path);
  const hints = findings.filter(({ check }) => check === 'permissions').map(({ hint }) => hint);
  expect(hints).toEqual([expect.stringContaining(command)]);
});

const one = fleetSpec({ waves: [{ name: 'all', tenants: ['a', 'b'] }] }, { name: 'prod' });
const [path] = one.paths;
const [profile] = one.profiles;
if (!path || !profile) throw new Error('there is no path');
const two: FleetSpec = {
  ...one,
  paths: [path, { ...path, hash: 'mirrored' }, { ...path, from: '2.4', to: '2.5' }],
  profiles: [profile, { ...profile, path: 2 }],
  tenants: one.tenants.map((tenant, index) => ({ ...tenant, profile: index })),
};
const options = { entries: { 0: { state: 'upgraded' }, 1: { state: 'reverted' } } } as const;

test.each([
  ['one path', one, '2.3 → 2.4', undefined],
  ['two', two, '2.3 → 2.4, 2.4 → 2.5', ['2.3-2.4', '2.4-2.5']],
])('a fleet of %s is called so, and each of its tenants', (_, spec, said, each) => {
  const progress = standOf(spec, options);
  const lines = tenantLines(spec, stateOf(spec, options).entries);
  const heads = [
    renderFleet({ progress }, { nowMs: NOW_MS, colors }),
    renderFleetReport(progress).replaceAll('\\', ''),
    renderFleetSummary(spec, [], colors),
    renderFleetList([{ name: 'prod', startedAt: progress.startedAt, stand: '', progress }], colors),
  ];
  for (const head of heads) expect(/\d\.\d → \d\.\d(, \d\.\d → \d\.\d)*/.exec(head)?.[0]).toBe(said);
  expect(lines.map(({ path: own }) => own)).toEqual(each ?? [undefined, undefined]);
  const list = renderTenantList(lines, { nowMs: NOW_MS, colors });
  const reports = lines.map((line) => renderTenantReport({ line }).replaceAll('\\', ''));
  expect(list.includes('2.4-2.5')).toBe(each !== undefined);
  expect(reports.map((report) => /\d\.\d-\d\.\d/.exec(report)?.[0])).toEqual(each ?? [undefined, undefined]);
});
