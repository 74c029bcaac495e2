import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createApiHandler } from '../../simulator/api/handler.ts';
import { createNamespace } from '../../simulator/index.ts';
import { runRake } from '../../simulator/installation/rake.ts';
import { differences } from '../support/differences.ts';
import type { GoldenName, GoldenPlural } from '../support/golden.ts';
import { addGoldenImages, golden, GOLDEN_PLURALS, goldenInstallation } from '../support/golden.ts';
import type { Lab } from '../support/lab.ts';
import { openLab } from '../support/lab.ts';
import { objectsOf } from '../support/objects.ts';

/** Third-party data, never copied into the project: a fresh clone elsewhere goes without. */
const VENDOR = fileURLToPath(new URL('../../../shared/data/amp-2.3.yml', import.meta.url));
const NAMESPACE = 'tenant-a';
const SOURCE = 'threescale-upgrade-impersonation';

let lab: Lab;
beforeAll(async () => {
  lab = await openLab({ clusters: 3 });
});
afterAll(() => lab.close());

/** docs/corrections.md: what we do otherwise than the guide, and therefore than what was measured by its commands. */
// `oc create route edge` drops the old route's TLS policy: we keep it.
const KEPT_TLS_POLICY = /^Route\/system-master spec\/tls\/insecureEdgeTerminationPolicy$/;
// The guide forgets dc/system-sidekiq, which reads the same variables.
const SIDEKIQ_TOO =
  /^DeploymentConfig\/system-sidekiq spec\/template\/spec\/containers\/system-sidekiq\/env\/(\(order\)|IMPERSONATION_ADMIN_(USERNAME|DOMAIN))$/;
const DEVIATIONS: Record<GoldenName, readonly RegExp[]> = {
  before: [],
  'after-guide': [KEPT_TLS_POLICY],
  'after-1.3': [KEPT_TLS_POLICY, SIDEKIQ_TOO],
};

/** The server counts tags up by writes: ours are fewer. */
const COUNTED = /\/generation$/;

async function installMeasured(cluster: string): Promise<void> {
  const named = lab.simulator.cluster(cluster);
  named.commands.add(runRake);
  createNamespace(named, NAMESPACE);
  addGoldenImages(named, NAMESPACE);
  const handler = createApiHandler(named);
  for (const { path, body } of goldenInstallation(NAMESPACE)) {
    const answer = handler.handle({
      method: 'POST',
      path,
      query: new URLSearchParams(),
      headers: { authorization: `Bearer ${cluster}-admin-token`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect(answer.status).toBe(201);
  }
  await named.settle();
}

/** Every field in which the cluster differs from what was measured. */
function differencesTo(name: GoldenName, cluster: string): string[] {
  const found = GOLDEN_PLURALS.flatMap((plural: GoldenPlural) => {
    const is = new Map(
      objectsOf(lab.simulator.cluster(cluster), plural, NAMESPACE)
        .filter(({ metadata }) => !metadata.name.startsWith('threescale-upgrade-'))
        .map((object) => [`${object.kind}/${object.metadata.name}`, object]),
    );
    const measured = new Map(
      golden(name, plural, NAMESPACE).map((object) => [`${object.kind}/${object.metadata.name}`, object]),
    );
    return [...new Set([...is.keys(), ...measured.keys()])].flatMap((key) =>
      differences(essence(measured.get(key)), essence(is.get(key)))
        .filter(({ path }) => !COUNTED.test(path))
        .map(({ path }) => `${key} ${path}`),
    );
  });
  return found.filter((path) => !DEVIATIONS[name].some((pattern) => pattern.test(path)));
}

function essence(
  object: { spec?: unknown; data?: unknown; type?: unknown; metadata: { labels?: unknown } } | undefined,
) {
  return (
    object && { spec: object.spec, data: object.data, type: object.type, labels: object.metadata.labels }
  );
}

test('the measured installation ends as the guide’s commands leave it, but for the documented deviations', async () => {
  await installMeasured('sim1');
  expect(differencesTo('before', 'sim1')).toEqual([]);
  const { state } = await lab.upgrade(NAMESPACE);
  expect(state).toBe('upgraded');
  expect(differencesTo('after-guide', 'sim1')).toEqual([]);
});

test('with impersonation it ends as section 1.3 leaves it, under the names that the application reads', async () => {
  await installMeasured('sim2');
  const [measured] = golden('after-1.3', 'secrets', NAMESPACE).filter(
    ({ metadata }) => metadata.name === 'system-impersonation',
  );
  const cluster = lab.simulator.cluster('sim2');
  const handler = createApiHandler(cluster);
  handler.handle({
    method: 'POST',
    path: `/api/v1/namespaces/${NAMESPACE}/secrets`,
    query: new URLSearchParams(),
    headers: { authorization: 'Bearer sim2-admin-token', 'content-type': 'application/json' },
    body: JSON.stringify({
      kind: 'Secret',
      apiVersion: 'v1',
      metadata: { name: SOURCE },
      type: 'Opaque',
      data: measured?.data ?? {},
    }),
  });
  const { state, steps } = await lab.upgrade(NAMESPACE, {
    context: 'sim2',
    path: { impersonation: { fromSecret: SOURCE } },
  });
  expect({ state, failed: steps.filter(({ failure }) => failure) }).toEqual({
    state: 'upgraded',
    failed: [],
  });
  expect(differencesTo('after-1.3', 'sim2')).toEqual([]);
  expect(cluster.commands.ran(NAMESPACE)).toHaveLength(1);
  expect(cluster.audit.rollouts(NAMESPACE)['system-app']).toBe(2);
});

(existsSync(VENDOR) ? test : test.skip)(
  'the vendor’s own installation is upgraded, each DeploymentConfig with one rollout',
  async () => {
    const cluster = lab.simulator.cluster('sim3');
    await lab.simulator.install('sim3', 'vendor', { template: VENDOR });
    cluster.audit.clear();
    const { state } = await lab.upgrade('vendor', { context: 'sim3' });
    expect(state).toBe('upgraded');
    const rollouts = cluster.audit.rollouts('vendor');
    expect(Object.keys(rollouts)).toHaveLength(10);
    expect(new Set(Object.values(rollouts))).toEqual(new Set([1]));
  },
);
