/** A fleet's plan says of each tenant what `check` says of it alone; what is found is listed by its version. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { InstallOptions } from '../../simulator/installation/install.ts';
import type { Manifest } from '../../simulator/installation/manifest.ts';
import { preflight } from '../../src/procedure/preflight/preflight.ts';
import type { FleetOverview } from '../../src/cli/fleet/overview.ts';
import { workflowIdOf } from '../../src/domain/tenant/workflow-id.ts';
import { pathFor } from '../support/upgrade-input.ts';
import { pushImage } from '../support/push-image.ts';
import { runCli } from '../support/hosted-cli.ts';
import type { SimulatedClusters } from '../support/simulated-clusters.ts';
import { openClusters } from '../support/simulated-clusters.ts';

let lab: SimulatedClusters;
beforeAll(async () => {
  lab = await openClusters({ timing: { rolloutMs: 5, hookMs: 5, importMs: 5, terminationMs: 5 } });
});
afterAll(() => lab.close());

const rewritten = (pattern: RegExp, by: string): InstallOptions => ({
  change: (manifest) => JSON.parse(JSON.stringify(manifest).replaceAll(pattern, by)) as Manifest,
});
const push = (namespace: string): Promise<unknown> =>
  pushImage(lab.simulator.cluster('sim1'), { namespace, stream: 'amp-system', tag: 'latest', name: 'own' });

const CASES: readonly {
  readonly namespace: string;
  readonly install: InstallOptions;
  readonly edit?: (namespace: string) => Promise<unknown>;
  readonly says: string;
  /** `fleet discover` writes it as a tenant; otherwise it is commented out. */
  readonly isListed: boolean;
}[] = [
  { namespace: 'newer', install: { release: '2.6.0' }, says: 'the version is 2.6.0', isListed: false },
  {
    namespace: 'unknown',
    install: rewritten(/("AMP_RELEASE","value":)"[^"]*"/g, '$1"master"'),
    says: 'the version cannot be told',
    isListed: false,
  },
  {
    namespace: 'moved',
    install: rewritten(/amp-zync:latest/g, 'amp-zync:2.3.0'),
    says: '--follow zync (in a file, components: {zync: follow})',
    isListed: true,
  },
  {
    namespace: 'mirrored',
    install: { registry: 'mirror.example.test:5000/threescale' },
    says: '--image zync=mirror.example.test:5000/threescale/3scale-amp24/zync',
    isListed: true,
  },
  {
    namespace: 'pushed',
    install: {},
    edit: push,
    says: '--replace-latest amp-system (in a file, replaceLatest: [amp-system])',
    isListed: true,
  },
];

test('each of them is blocked in the plan of a fleet, for what check says, and found by its version', async () => {
  const expected = new Map<string, unknown>();
  for (const { namespace, install, edit } of CASES) {
    await lab.simulator.install('sim1', namespace, { ...install, seed: namespace });
    await edit?.(namespace);
    await lab.simulator.cluster('sim1').settle();
    const ref = lab.clusters.tenant('sim1', namespace);
    const look = { api: lab.clusters.open(ref), path: pathFor(), mark: workflowIdOf(ref) };
    const { findings } = await preflight(look, pathFor());
    expected.set(
      namespace,
      findings.filter(({ severity }) => severity === 'fatal').map(({ message, hint }) => ({ message, hint })),
    );
  }
  const file = join(lab.folder, 'fleet.yaml');
  const tenants = CASES.map(
    ({ namespace }) => `  - {name: ${namespace}, cluster: sim1, namespace: ${namespace}}\n`,
  );
  writeFileSync(file, `name: f\nclusters: {sim1: {}}\ntenants:\n${tenants.join('')}`);
  const at = ['--kubeconfig', lab.kubeconfig];
  const plan = await runCli(['fleet', 'plan', ...at, '-f', file, '-o', 'json']);
  const { groups, blocked } = JSON.parse(plan.stdout) as FleetOverview;
  expect([plan.exitCode, groups]).toEqual([3, []]);
  const said = JSON.parse(JSON.stringify(blocked)) as { tenant: string; findings: unknown[] }[];
  expect(said.map(({ tenant }) => tenant).sort()).toEqual([...expected.keys()].sort());
  for (const { tenant, findings } of said) expect(findings).toMatchObject(expected.get(tenant) as object[]);
  const shown = (await runCli(['fleet', 'plan', ...at, '-f', file])).stdout.replace(/\s+/g, ' ');
  for (const { says } of CASES) expect(shown).toContain(says);
  const found = (await runCli(['fleet', 'discover', ...at, '-c', 'sim1'])).stdout;
  for (const { namespace, isListed } of CASES)
    expect(found).toMatch(new RegExp(`^  ${isListed ? '' : '# '}- .*namespace: ${namespace}\\b`, 'm'));
});
