import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Command } from 'commander';
import picocolors from 'picocolors';
import type { SimulatedClusters } from '../support/simulated-clusters.ts';
import { openClusters } from '../support/simulated-clusters.ts';
import { addFleetPlan } from '../../src/cli/fleet/commands/plan.ts';
import { addFleetSchema } from '../../src/cli/fleet/commands/schema.ts';
import { reportError } from '../../src/cli/errors.ts';
import type { FleetOverview } from '../../src/cli/fleet/overview.ts';
import { secretValues } from '../support/secret-values.ts';

let lab: SimulatedClusters;
beforeAll(async () => {
  lab = await openClusters({ clusters: 2, tenants: 3 });
});
afterAll(() => lab.close());

/** Runs `fleet …` as the program would, in this process. */
async function fleet(command: string, file: string, ...more: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const io = {
    out: (line: string) => void out.push(line),
    err: (line: string) => void err.push(line),
    interactive: false,
    colors: picocolors.createColors(false),
  };
  let code: number | undefined;
  const finish = (exitCode: number): void => {
    code = exitCode;
  };
  const program = new Command('fleet').exitOverride();
  addFleetPlan(program, io, finish);
  addFleetSchema(program, io, finish);
  writeFileSync(join(lab.folder, 'fleet.yaml'), file);
  const files = ['-f', join(lab.folder, 'fleet.yaml'), '--kubeconfig', lab.kubeconfig];
  try {
    await program.parseAsync([command, ...(command === 'plan' ? files : []), ...more], { from: 'user' });
  } catch (error) {
    code = reportError(error, io);
  }
  return { code, out: out.join('\n').replaceAll(`${lab.folder}/`, ''), err: err.join('\n') };
}

const SAME = `name: prod
clusters: {sim1: {}, sim2: {}, far: {server: api.far.example.com, site: far}}
tenants:
  - {name: a, cluster: sim1, namespace: tenant-1}
  - {name: b, cluster: sim2, namespace: tenant-2}
`;

test('tenants with identical changes stand together, and the next command comes last', async () => {
  const { code, out } = await fleet('plan', SAME);
  expect(out).toContain('Looked at 2 tenants: all the same');
  expect(out.split('\n').at(-1)).toBe('To do it:  threescale-upgrade fleet start -f fleet.yaml --why "…"');
  expect(code).toBe(2);
});

test('the odd ones are named with what is otherwise; who is blocked, gone or elsewhere is told apart', async () => {
  const { code, out } = await fleet(
    'plan',
    `${SAME}  - {name: odd, cluster: sim1, namespace: tenant-3, images: {zync: mirror.example.com/zync}}
  - {name: none, cluster: sim1, namespace: nowhere}
  - {name: locked, context: sim1-expired, namespace: tenant-2}
  - {name: distant, cluster: far, namespace: a}
`,
    '-o',
    'json',
  );
  const { groups, blocked, unreachable, elsewhere } = JSON.parse(out) as FleetOverview;
  expect(groups.map(({ tenants }) => tenants)).toEqual([['a', 'b'], ['odd']]);
  expect(groups[1]?.only).toEqual([expect.stringContaining('mirror.example.com/zync')]);
  expect(groups[1]?.lacks).toEqual([expect.stringContaining('registry.access.redhat.com/3scale-amp24/zync')]);
  expect(blocked.map(({ tenant }) => tenant)).toEqual(['none']);
  expect(unreachable).toEqual([{ tenant: 'locked', why: expect.stringContaining('401') }]);
  expect(elsewhere).toEqual(['distant']);
  expect(code).toBe(3);
});

test('--tenant looks at some only, and says which name is none', async () => {
  const { out } = await fleet('plan', SAME, '--tenant', 'b');
  expect(out).toContain('Looked at 1 tenant');
  const { out: both } = await fleet('plan', SAME, '--tenant', 'b', 'sim1/tenant-1', 'sim2/tenant-2');
  expect(both).toContain('Looked at 2 tenants');
  const wrong = await fleet('plan', SAME, '--tenant', 'z');
  expect([wrong.code, wrong.out]).toEqual([64, '']);
  expect(wrong.err).toContain('the fleet prod has no tenant z');
});

test('a fleet of which nobody can be reached ends with 6', async () => {
  const { code, out } = await fleet(
    'plan',
    'name: prod\ntenants:\n  - {context: sim1-expired, namespace: a}\n  - {context: sim1-expired, namespace: b}\n',
  );
  expect(out).toContain('2 tenants could not be reached');
  expect(code).toBe(6);
});

test('a wrong file is refused before any cluster is asked', async () => {
  const { code, out, err } = await fleet('plan', `${SAME}colour: red\n`);
  expect([code, out]).toEqual([64, '']);
  expect(err).toContain('fleet.yaml:6: colour: Unrecognized key');
  expect(err).toContain('docs/fleet-file.md');
});

test('a plan changes nothing and shows no secret', async () => {
  for (const { audit } of lab.simulator.clusters) audit.clear();
  const { out } = await fleet('plan', SAME, '-o', 'json');
  expect(lab.simulator.clusters.flatMap(({ audit }) => audit.writes())).toEqual([]);
  const secrets = secretValues(lab.simulator.cluster('sim1'), 'tenant-1');
  expect(secrets.length).toBeGreaterThan(5);
  expect(secrets.filter((value) => out.includes(value))).toEqual([]);
});

test('the schema is printed as JSON', async () => {
  const { code, out } = await fleet('schema', '');
  expect([code, JSON.parse(out)]).toEqual([0, expect.objectContaining({ type: 'object' })]);
});
