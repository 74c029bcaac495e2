import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { RESOURCES } from '../../simulator/resources.ts';
import type { SimulatedClusters } from '../support/simulated-clusters.ts';
import { openClusters } from '../support/simulated-clusters.ts';
import { fleetRequest } from '../../src/cli/fleet/request.ts';
import type { Discovered } from '../../src/cli/fleet/discovery.ts';
import type { CliResult } from '../support/run-cli.ts';
import { runCli } from '../support/hosted-cli.ts';

let lab: SimulatedClusters;
beforeAll(async () => {
  lab = await openClusters({ clusters: 2, tenants: 2 });
  await lab.simulator.install('sim2', 'newer', { release: '2.4.0' });
});
afterAll(() => lab.close());

const discover = (...args: string[]): Promise<CliResult> =>
  runCli(['fleet', 'discover', '--kubeconfig', lab.kubeconfig, ...args]);

test('what is printed is a fleet of all that can be upgraded, and names the rest in comments', async () => {
  const { stdout, stderr, exitCode } = await discover('--context', 'sim1', '--context', 'sim2');
  expect([exitCode, stderr]).toEqual([0, expect.stringContaining('sim2: 3 found')]);
  expect(stdout).toContain('# - { cluster: sim2, namespace: newer, labels: { version: 2.4.0 } }');
  writeFileSync(join(lab.folder, 'fleet.yaml'), stdout);
  const { spec, clusters } = fleetRequest({
    file: join(lab.folder, 'fleet.yaml'),
    kubeconfig: lab.kubeconfig,
  });
  await clusters.close();
  expect(spec.tenants.map(({ cluster, namespace }) => [cluster, namespace])).toEqual([
    [0, 'tenant-1'],
    [0, 'tenant-2'],
    [1, 'tenant-1'],
    [1, 'tenant-2'],
  ]);
});

test('for a site its clusters have their address: the file is good where no lab.kubeconfig knows them', async () => {
  const { stdout } = await discover('--context', 'sim1', '--site', 'lyon');
  const file = join(lab.folder, 'lyon.yaml');
  writeFileSync(file, stdout);
  const elsewhere = join(lab.folder, 'elsewhere.yaml');
  writeFileSync(elsewhere, 'apiVersion: v1\nkind: Config\nclusters: []\nusers: []\ncontexts: []\n');
  const { spec } = fleetRequest({ file, kubeconfig: elsewhere });
  const here = fleetRequest({ file, kubeconfig: lab.kubeconfig });
  expect(spec.clusters).toEqual([{ ...here.spec.clusters[0], site: 'lyon' }]);
  expect(spec.tenants).toHaveLength(2);
});

test('a context that fails does not stop the others', async () => {
  const { stdout, exitCode } = await discover('--all-contexts', '--namespace', '*-2', '-o', 'json');
  const { found, failed } = JSON.parse(stdout) as Discovered;
  expect(found.map(({ context, namespace }) => `${context}/${namespace}`)).toEqual([
    'sim1/tenant-2',
    'sim2/tenant-2',
  ]);
  expect(failed.map(({ context }) => context).sort()).toEqual(['sim1-expired', 'sim2-expired']);
  expect(exitCode).toBe(0);
});

test('where all fail it ends with 6, and an unknown context is a wrong flag', async () => {
  const expired = await discover('--context', 'sim1-expired');
  expect([expired.exitCode, expired.stdout]).toEqual([6, expect.stringContaining('could not be looked at')]);
  const unknown = await discover('--context', 'prod');
  expect([unknown.exitCode, unknown.stderr]).toEqual([64, expect.stringContaining('no context prod')]);
});

test('an identity that may not list the cluster finds what its own projects hold', async () => {
  const none = await discover('--context', 'sim1-nobody', '-o', 'json');
  expect(JSON.parse(none.stdout)).toEqual({ found: [], failed: [] });
  expect([none.exitCode, none.stderr]).toEqual([0, expect.stringContaining('No 3scale installation')]);
  const { store } = lab.simulator.cluster('sim1');
  const metadata = {
    name: 'see',
    namespace: 'tenant-2',
    uid: '',
    resourceVersion: '',
    creationTimestamp: '',
  };
  const apiVersion = 'rbac.authorization.k8s.io/v1';
  const rules = [{ apiGroups: ['apps.openshift.io'], resources: ['deploymentconfigs'], verbs: ['get'] }];
  store.create(RESOURCES.roles, { kind: 'Role', apiVersion, metadata, rules }, 'test');
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'see' };
  const subjects = [{ kind: 'User', name: 'nobody' }];
  store.create(
    RESOURCES.rolebindings,
    { kind: 'RoleBinding', apiVersion, metadata, roleRef, subjects },
    'test',
  );
  const some = await discover('--context', 'sim1-nobody', '-o', 'json');
  expect((JSON.parse(some.stdout) as Discovered).found).toEqual([
    expect.objectContaining({
      context: 'sim1-nobody',
      namespace: 'tenant-2',
      version: '2.3.0',
      upgradable: true,
    }),
  ]);
});

describe('without a list of the whole cluster', () => {
  const LISTS = {
    configs: /^\/apis\/apps.openshift.io\/v1\/deploymentconfigs$/,
    projects: /\/projects$/,
    namespaces: /^\/api\/v1\/namespaces$/,
  };
  const forbidden = { kind: 'status', code: 403, reason: 'Forbidden' } as const;
  afterEach(() => {
    lab.simulator.cluster('sim2').faults.clear();
  });

  test('namespaces are looked through where there are no projects', async () => {
    const { faults } = lab.simulator.cluster('sim2');
    faults.onRequest({ path: LISTS.configs }, forbidden);
    faults.onRequest({ path: LISTS.projects }, { kind: 'no-such-api' });
    const { stdout, exitCode } = await discover('--context', 'sim2', '-o', 'json');
    const { found } = JSON.parse(stdout) as Discovered;
    expect([exitCode, found.map(({ namespace }) => namespace)]).toEqual([
      0,
      ['newer', 'tenant-1', 'tenant-2'],
    ]);
  });

  test('where neither may be listed, the projects must be named', async () => {
    const { faults } = lab.simulator.cluster('sim2');
    for (const path of Object.values(LISTS)) faults.onRequest({ path }, forbidden);
    const { stderr, exitCode } = await discover('--context', 'sim2', '-n', 'tenant-*');
    expect(exitCode).toBe(6);
    expect(stderr).toContain('may list neither the deploymentconfigs, the projects nor the namespaces');
    expect(stderr).toContain('name the projects, as in --namespace shop billing');
    const named = await discover('--context', 'sim2', '-o', 'json', '-n', 'tenant-2', 'nowhere');
    const { found } = JSON.parse(named.stdout) as Discovered;
    expect([named.exitCode, found.map(({ namespace }) => namespace)]).toEqual([0, ['tenant-2']]);
  });

  test('a project that is named, and may not be looked at, is said', async () => {
    const { faults } = lab.simulator.cluster('sim2');
    for (const path of Object.values(LISTS)) faults.onRequest({ path }, forbidden);
    faults.onRequest({ path: /\/namespaces\/tenant-1\/deploymentconfigs\/system-app$/ }, forbidden);
    const { stdout, exitCode } = await discover('--context', 'sim2', '-n', 'tenant-1');
    expect([exitCode, stdout]).toEqual([6, expect.stringContaining('# sim2 could not be looked at')]);
  });
});
