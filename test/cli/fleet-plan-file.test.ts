/** `fleet plan --out` writes what was planned; `fleet start --plan` does exactly that, or says what has moved since. */
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { fleetWorkflowId } from '../../src/domain/fleet/spec/spec.ts';
import type { FleetProgress } from '../../src/domain/fleet/show/progress.ts';
import { patchObject } from '../support/edit-object.ts';
import type { FleetResult } from '../support/fleet-cli.ts';
import { runFleet } from '../support/fleet-cli.ts';
import type { Lab } from '../support/lab.ts';
import { openLab } from '../support/lab.ts';
import { secretValues } from '../support/secret-values.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await openLab({
    clusters: 2,
    timing: { rolloutMs: 100, hookMs: 50, importMs: 20, terminationMs: 10 },
  });
}, 240_000);
afterAll(() => lab.close());

const AGREED = ['--yes', '--why', 'change 4711', '--by', 'olga'];

interface Fleet {
  readonly name: string;
  readonly tenants: readonly string[];
  readonly file: string;
  readonly plan: string;
  /** Writes the fleet's file. */
  write(text?: string, name?: string): void;
  planIt(...more: string[]): Promise<FleetResult>;
  startByPlan(...more: string[]): Promise<FleetResult>;
}

let count = 0;
/** A fleet of tenants of its own, all at once. */
async function fleetOf(size: number): Promise<Fleet> {
  const name = `planned-${(count += 1)}`;
  const tenants = Array.from({ length: size }, (_, place) => `${name}-${place + 1}`);
  for (const namespace of tenants) await lab.simulator.install('sim1', namespace);
  const [file, plan] = [join(lab.folder, `${name}.yaml`), join(lab.folder, `${name}.plan.json`)];
  const lines = tenants.map((one) => `  - {name: ${one}, context: sim1, namespace: ${one}}\n`).join('');
  const write = (more = '', called = name): void => {
    writeFileSync(file, `name: ${called}\ntenants:\n${lines}${more}`);
  };
  write();
  const flags = ['-f', file, '--kubeconfig', lab.kubeconfig];
  return {
    ...{ name, tenants, file, plan, write },
    planIt: (...more) => runFleet('plan', ...flags, '--out', plan, ...more),
    startByPlan: (...more) => runFleet('start', ...flags, '--plan', plan, ...AGREED, ...more),
  };
}

async function plannedFleet(size: number): Promise<Fleet> {
  const fleet = await fleetOf(size);
  expect((await fleet.planIt()).code).toBe(2);
  lab.cluster.audit.clear();
  return fleet;
}

/** Nothing was written, and no fleet was started. */
async function expectUntouched({ name, tenants }: Fleet): Promise<void> {
  expect(tenants.flatMap((namespace) => lab.cluster.audit.writes({ namespace }))).toEqual([]);
  expect((await runFleet('status', name)).err).toContain(`there is no fleet ${name}`);
}

test('a plan is written for its owner only, whole, without a secret, and with the same hash each time', async () => {
  const fleet = await fleetOf(2);
  const { file, plan, tenants } = fleet;
  const made = await fleet.planIt();
  const text = readFileSync(plan, 'utf8');
  const { hash } = JSON.parse(text) as { hash: string };
  expect(made.err).toContain(`Plan ${hash.slice(0, 12)} is written to ${plan}. To do exactly that:`);
  expect(made.err).toContain(`threescale-upgrade fleet start -f ${file} --plan ${plan} --why "…"`);
  expect(statSync(plan).mode & 0o777).toBe(0o600);
  const secrets = tenants.flatMap((namespace) => secretValues(lab.cluster, namespace));
  expect(secrets.length).toBeGreaterThan(10);
  expect(secrets.filter((secret) => text.includes(secret))).toEqual([]);
  const again = await fleet.planIt('-o', 'json');
  expect((JSON.parse(again.out) as { planHash: string }).planHash).toBe(hash);
});

test('a start does what was planned, the same start attaches to it, and says so once it was carried out', async () => {
  const fleet = await plannedFleet(3);
  const { name } = fleet;
  const begun = await fleet.startByPlan('--no-watch', '-o', 'json');
  expect([begun.code, JSON.parse(begun.out)]).toEqual([0, { fleet: name, started: true }]);
  const attached = await fleet.startByPlan('-o', 'json');
  expect(attached.err).toContain('attaching to it');
  expect([attached.code, (JSON.parse(attached.out) as FleetProgress).counts.upgraded]).toEqual([0, 3]);
  // Its last answer comes a moment before its end.
  await lab.client.workflow.getHandle(fleetWorkflowId(name)).result();
  lab.cluster.audit.clear();
  const done = await fleet.startByPlan();
  expect([done.code, done.out]).toEqual([0, '']);
  expect(done.err).toContain(`of the fleet ${name} was carried out already: its 3 tenants are upgraded`);
  expect(done.err).toContain(`threescale-upgrade fleet report ${name}`);
  expect(lab.cluster.audit.writes()).toEqual([]);
  const told = JSON.parse((await fleet.startByPlan('-o', 'json')).out) as unknown;
  expect(told).toMatchObject({ fleet: name, started: false, carriedOut: true });
}, 120_000);

test('one that runs by no plan, or by another one, is not attached to', async () => {
  const fleet = await plannedFleet(1);
  lab.cluster.faults.onWork('rollout', {
    namespace: fleet.tenants[0] ?? '',
    name: 'zync',
    message: 'crash',
    times: 9,
  });
  fleet.write('onFailure: hold\n');
  const begun = await runFleet('start', '-f', fleet.file, '--kubeconfig', lab.kubeconfig, ...AGREED);
  expect(begun.code).toBe(4);
  const refused = await fleet.startByPlan();
  expect([refused.code, refused.err]).toEqual([7, expect.stringContaining('was not started by plan')]);
}, 120_000);

test('what has moved is listed: the file, each tenant and how, and who cannot be reached; nothing is started', async () => {
  const fleet = await plannedFleet(4);
  const [first = '', second = '', third = ''] = fleet.tenants;
  const value = { limits: { memory: '2Gi' } };
  const more = { op: 'add', path: '/spec/template/spec/containers/0/resources', value } as const;
  for (const namespace of [first, second])
    await patchObject(lab, namespace, 'deploymentconfigs', 'zync', [more]);
  await patchObject(lab, third, 'deploymentconfigs', 'zync', [
    { op: 'add', path: '/spec/paused', value: true },
  ]);
  await lab.cluster.settle();
  fleet.write('maxConcurrent: 2\n');
  lab.cluster.audit.clear();
  const { code, out, err } = await fleet.startByPlan();
  expect([code, out]).toEqual([7, '']);
  expect(err).toMatch(
    /is not as it was planned at 20.*Z \(plan [0-9a-f]{12}\); since then:\n {2}the file:\n/,
  );
  expect(err).toContain('    ~ maxConcurrent: 10 → 2');
  expect(err).toContain(`  2 tenants (${first}, ${second}):\n`);
  expect(err).toMatch(/ {4}dc\/zync spec\.template\.spec\.containers\[zync\]\.resources/);
  expect(err).toContain(`  ${third}:\n    stands against it now: `);
  expect(err).not.toContain(`${fleet.tenants[3] ?? ''}`);
  expect(err).toContain(
    `Nothing was started. Look at it, and make a plan of it as it is now: threescale-upgrade fleet plan -f ${fleet.file} --out FILE`,
  );
  await expectUntouched(fleet);
  const json = await fleet.startByPlan('-o', 'json');
  expect(JSON.parse(json.out)).toMatchObject({ error: { kind: 'refused', exitCode: 7 } });
  const dry = await fleet.startByPlan('--dry-run');
  expect([dry.code, dry.err]).toEqual([7, expect.stringContaining('since then')]);
}, 120_000);

test('a tenant that cannot be reached has not been looked at: nothing is started', async () => {
  const fleet = await plannedFleet(1);
  const config = readFileSync(lab.kubeconfig, 'utf8');
  const elsewhere = join(lab.folder, 'elsewhere.yaml');
  writeFileSync(elsewhere, config.replace(/token: .*/g, 'token: expired'));
  const { code, err } = await runFleet(
    'start',
    '-f',
    fleet.file,
    '--kubeconfig',
    elsewhere,
    '--plan',
    fleet.plan,
    ...AGREED,
  );
  expect([code, err]).toEqual([
    7,
    expect.stringContaining(`  ${fleet.tenants[0] ?? ''}:\n    cannot be reached: `),
  ]);
  await expectUntouched(fleet);
});

test('a plan is for its own fleet, and as it was written; the plan of one tenant is told apart', async () => {
  const fleet = await plannedFleet(1);
  fleet.write('', 'renamed');
  const renamed = await fleet.startByPlan();
  expect([renamed.code, renamed.err]).toEqual([
    64,
    expect.stringContaining(
      `${fleet.plan} is a plan of the fleet ${fleet.name}, and ${fleet.file} is of the fleet renamed`,
    ),
  ]);
  fleet.write();
  const text = readFileSync(fleet.plan, 'utf8');
  writeFileSync(fleet.plan, text.replace('"onFailure":"revert"', '"onFailure":"hold"'));
  const edited = await fleet.startByPlan();
  expect([edited.code, edited.err]).toEqual([
    64,
    expect.stringContaining(`${fleet.plan}:4 the plan was edited`),
  ]);
  writeFileSync(fleet.plan, text.replace('"fleet plan of threescale-upgrade"', '"threescale-upgrade plan"'));
  const single = await fleet.startByPlan();
  expect([single.code, single.err]).toEqual([64, expect.stringContaining('is the plan of one tenant')]);
  await expectUntouched(fleet);
});

test('where a tenant cannot be planned for no plan is written, and what stood there stays', async () => {
  const fleet = await plannedFleet(2);
  const before = readFileSync(fleet.plan, 'utf8');
  const paused = { op: 'add', path: '/spec/paused', value: true } as const;
  await patchObject(lab, fleet.tenants[1] ?? '', 'deploymentconfigs', 'zync', [paused]);
  const blocked = await fleet.planIt();
  expect([blocked.code, blocked.err]).toEqual([3, expect.stringContaining('No plan was written')]);
  expect(readFileSync(fleet.plan, 'utf8')).toBe(before);
  const some = await fleet.planIt('--tenant', fleet.tenants[0] ?? '');
  expect([some.code, some.err]).toEqual([64, expect.stringContaining('--out and --tenant')]);
  const nowhere = join(lab.folder, 'none', 'plan.json');
  const lost = await runFleet(
    'plan',
    '-f',
    (await fleetOf(1)).file,
    '--kubeconfig',
    lab.kubeconfig,
    '--out',
    nowhere,
  );
  expect([lost.code, lost.err]).toEqual([64, expect.stringContaining('cannot be written: ENOENT')]);
  expect(existsSync(nowhere)).toBe(false);
});

test('what moves by itself is nothing that has moved', async () => {
  const fleet = await plannedFleet(1);
  const more = { op: 'replace', path: '/spec/replicas', value: 2 } as const;
  await patchObject(lab, fleet.tenants[0] ?? '', 'deploymentconfigs', 'apicast-production', [more]);
  await lab.cluster.settle();
  const dry = await fleet.startByPlan('--dry-run');
  expect([dry.code, dry.out]).toEqual([2, expect.stringContaining('Looked at 1 tenant')]);
});
