import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { ConfigError } from '../../src/config/reading/config-error.ts';
import { readFleetPlan, writeFleetPlan } from '../../src/config/fleet/fleet-plan-file.ts';
import { readPlanFile, writePlanFile } from '../../src/config/plan-file.ts';
import type { FleetPlanContent } from '../../src/domain/fleet/spec/written-plan.ts';
import type { FoundTenant } from '../../src/domain/tenant/written-plan.ts';
import { fleetSpec } from '../support/fleet-spec.ts';

let folder: string;
let file: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'threescale-upgrade-fleet-plans-'));
  file = join(folder, 'fleet.plan.json');
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const MADE = { at: '2026-11-27T04:00:00.000Z', by: 'olga@here', release: '0.1.0' };
const FOUND: FoundTenant = {
  installation: 'from',
  version: '2.3.0',
  findings: [],
  steps: [{ id: 'set-image', title: 'Set it', guide: '6', status: 'todo', changes: [] }],
  objects: { 'dc/zync': { uid: '17', fields: { spec: { image: 'c0ffee' } } } },
};
const SPEC = fleetSpec({ waves: [{ name: 'all', tenants: ['a', 'b'] }] }, { name: 'prod' });
const PLAN: FleetPlanContent = {
  fleet: { ...SPEC, paths: SPEC.paths.map(({ from, to, hash }) => ({ from, to, hash })) },
  tenants: ['a', 'b'].map((name) => ({
    tenant: `sim1.example.com/${name}`,
    pathHash: SPEC.paths[0]?.hash ?? '',
    ...FOUND,
  })),
};

let hash: string;
let text: string;
beforeEach(() => {
  hash = writeFleetPlan(file, MADE, PLAN);
  text = readFileSync(file, 'utf8');
});

test('a plan is read as it was written, for its owner only, with nothing left beside it', () => {
  expect(readFleetPlan(file)).toEqual({ hash, made: MADE, plan: PLAN });
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder)).toEqual(['fleet.plan.json']);
});

test('the hash is of what was planned: the file as it was meant, and each tenant', () => {
  expect(writeFleetPlan(file, { ...MADE, by: 'otto@there' }, PLAN)).toBe(hash);
  const [first, ...others] = PLAN.tenants;
  if (!first) throw new Error('no tenant');
  const other = { ...PLAN, tenants: [{ ...first, version: '2.3.1' }, ...others] };
  expect(writeFleetPlan(file, MADE, other)).not.toBe(hash);
  expect(writeFleetPlan(file, MADE, { ...PLAN, fleet: { ...PLAN.fleet, maxConcurrent: 3 } })).not.toBe(hash);
});

function saidOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof ConfigError) return `${error.message}\n${error.hint}`;
    throw error;
  }
  throw new Error('it did not fail');
}

test.each<[string, () => string, string]>([
  ['nothing', () => '', ':1 is no plan: it is not JSON'],
  ['a part of one', () => text.slice(0, text.indexOf('"made"')), ':5 is no plan: it is not JSON'],
  ['a fleet file', () => 'name: prod\n', ':1 is no plan: it is not JSON'],
  ['JSON of something else', () => '{"name": "prod"}', ' is no plan that `fleet plan --out` has written'],
  [
    'a later format',
    () => text.replace('"formatVersion": 1', '"formatVersion": 2'),
    ':3 is a plan of format 2, and this release reads format 1',
  ],
  ['an edited file', () => text.replace('"maxConcurrent":', '"maxConcurrent":1'), ':4 the plan was edited'],
  ['an edited tenant', () => text.replace('c0ffee', 'c0ffe0'), ':4 the plan was edited'],
  [
    'a tenant less',
    () => text.replace(/,\n\{"tenant":"sim1.example.com\/b".*\n/, '\n'),
    ':4 the plan was edited',
  ],
  ['more than it has', () => text.replace('"made"', '"more": 1,\n"made"'), ': : Unrecognized key: "more"'],
])('%s is refused in one clear error', (_, written, said) => {
  const bad = written();
  expect(bad).not.toBe(text);
  writeFileSync(file, bad);
  expect(saidOf(() => readFleetPlan(file))).toContain(`${file}${said}`);
});

test('what its hash vouches for has to be right all the same', () => {
  const wrong = { ...PLAN, fleet: { ...PLAN.fleet, clusters: [] } };
  writeFleetPlan(file, MADE, wrong);
  expect(saidOf(() => readFleetPlan(file))).toContain('plan.fleet: names what is not in it');
});

test('the plan of one tenant and that of a fleet are told apart, with what to type', () => {
  const single = join(folder, 'shop.plan.json');
  writePlanFile(single, MADE, {
    tenant: { cluster: 'api', context: 'prod', namespace: 'shop' },
    choices: {
      ...{ path: '2.3-2.4', options: {}, onFailure: 'revert', logs: true },
      windows: { windows: [], freezes: [] },
    },
    pathHash: '0123456789ab',
    ...FOUND,
  });
  expect(saidOf(() => readFleetPlan(single))).toBe(
    `${single} is the plan of one tenant, and not of a fleet\n` +
      'Start the tenant by it as in: threescale-upgrade start --plan 3scale.plan.json',
  );
  expect(saidOf(() => readPlanFile(file))).toBe(
    `${file} is the plan of a fleet, and not of one tenant\n` +
      'Start the fleet by it as in: threescale-upgrade fleet start -f FILE --plan fleet.plan.json',
  );
});

test('one that is not there', () => {
  expect(saidOf(() => readFleetPlan(join(folder, 'none.json')))).toMatch(/cannot be read: ENOENT[^]*--plan/);
});
