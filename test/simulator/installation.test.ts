import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Simulator } from '../../simulator/index.ts';
import { startSimulator } from '../../simulator/index.ts';
import type { GoldenPlural } from '../support/golden.ts';
import { golden, GOLDEN_PLURALS } from '../support/golden.ts';
import { objectsOf } from '../support/objects.ts';
import { differences } from '../support/differences.ts';

/** Third-party data, never copied into the project: a fresh clone elsewhere goes without. */
const VENDOR = fileURLToPath(new URL('../../../shared/data/amp-2.3.yml', import.meta.url));

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator();
  await simulator.install('sim1', 'tenant-a');
});
afterAll(() => simulator.close());

/** What every installation has of its own: generated values, hosts, addresses; and texts that we wrote ourselves. */
const OWN = [
  /^data\/(redis\.conf|rolling_updates\.yml|zync\.yml|my\.cnf|mysql-charset\.cnf)$/,
  /^data\/(DATABASE_URL|SECRET_KEY_BASE|ZYNC_\w+)$/,
  /^spec\/clusterIPs?(\/0)?$/,
  /^spec\/host$/,
  /\/env\/\w+\/value$/,
  /\/imageChangeParams\/from\/namespace$/,
  /\/pre\/execNewPod\/command\/2$/,
  // Each import counts one further.
  /^spec\/tags\/[^/]+\/generation$/,
];
const ownValue = (path: string): boolean => OWN.some((pattern) => pattern.test(path));

function structure(plural: GoldenPlural, namespace: string): Map<string, unknown> {
  return new Map(
    objectsOf(simulator.cluster('sim1'), plural, namespace).map((object) => [
      object.metadata.name,
      comparable(object),
    ]),
  );
}

/** When a stream was last imported, which the measured one was not by OpenShift's own importer. */
const IMPORTED_AT = 'openshift.io/image.dockerRepositoryCheck';

function comparable(object: {
  readonly spec?: unknown;
  readonly data?: unknown;
  readonly type?: unknown;
  readonly metadata: { readonly labels?: unknown; readonly annotations?: Readonly<Record<string, string>> };
}): unknown {
  const { spec, data, type } = object;
  const annotations = Object.entries(object.metadata.annotations ?? {}).filter(
    ([key]) => key !== IMPORTED_AT,
  );
  return {
    spec,
    data,
    type,
    labels: object.metadata.labels,
    annotations: annotations.length > 0 ? Object.fromEntries(annotations) : undefined,
  };
}

test.each(GOLDEN_PLURALS)('our 2.3 installation has the %s of a measured one', (plural) => {
  const ours = structure(plural, 'tenant-a');
  const measured = golden('before', plural, 'tenant-a');
  expect([...ours.keys()].sort()).toEqual(measured.map(({ metadata }) => metadata.name).sort());
  const found = measured.flatMap((object) =>
    differences(comparable(object), ours.get(object.metadata.name))
      .filter(({ path, added, removed }) => added || removed || !ownValue(path))
      .map(({ path }) => `${object.metadata.name} ${path}`),
  );
  expect(found).toEqual([]);
});

(existsSync(VENDOR) ? test : test.skip)(
  'our 2.3 installation is the vendor’s, where its template is there',
  async () => {
    await simulator.install('sim1', 'vendor', { template: VENDOR, parameters: { TENANT_NAME: 'acme' } });
    for (const plural of GOLDEN_PLURALS) {
      const ours = structure(plural, 'tenant-a');
      const vendors = structure(plural, 'vendor');
      expect([...ours.keys()].sort()).toEqual([...vendors.keys()].sort());
      const found = [...vendors].flatMap(([name, object]) =>
        differences(object, ours.get(name))
          .filter(({ path, added, removed }) => added || removed || !ownValue(path))
          .map(({ path }) => `${name} ${path}`)
          // The measured installation has them in another order than the template.
          .filter(
            (path) => !path.startsWith('system-resque spec/triggers/1/imageChangeParams/containerNames/'),
          ),
      );
      expect(found).toEqual([]);
    }
  },
);

test('an installation may be born as 2.2, lack objects, and keep its domains elsewhere', async () => {
  const cluster = simulator.cluster('sim1');
  await simulator.install('sim1', 'older', {
    bornAs22: true,
    domainsFrom: 'secret',
    without: ['DeploymentConfig/system-memcache'],
  });
  const names = (plural: GoldenPlural): string[] =>
    objectsOf(cluster, plural, 'older').map(({ metadata }) => metadata.name);
  expect(names('routes')).toContain('system-master-admin-route');
  expect(names('deploymentconfigs')).not.toContain('system-memcache');
  expect(names('secrets')).toContain('system-domains');
  expect(objectsOf(cluster, 'services', 'older').filter(({ metadata }) => metadata.labels)).toEqual([]);
});

test('two installations share no generated value', async () => {
  const read = (namespace: string): string[] =>
    objectsOf(simulator.cluster('sim1'), 'secrets', namespace).flatMap(({ data }) =>
      Object.values(data ?? {}),
    );
  await simulator.install('sim1', 'tenant-b');
  const first = read('tenant-a');
  expect(first.length).toBeGreaterThan(0);
  expect(read('tenant-b').filter((value) => first.includes(value))).toEqual([]);
});
