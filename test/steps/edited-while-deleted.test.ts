/** What somebody writes on an object between the last look at it and its deletion is not lost with it. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Operation } from 'fast-json-patch';
import { offerImpersonation } from '../../src/procedure/preflight/impersonation-source.ts';
import { asRoute } from '../../simulator/objects.ts';
import type { KubeObject } from '../../simulator/types.ts';
import { RESOURCES } from '../../simulator/resources.ts';
import type { SimulatedClusters } from '../support/simulated-clusters.ts';
import { openClusters } from '../support/simulated-clusters.ts';
import type { Steps } from '../support/steps.ts';
import { openSteps } from '../support/steps.ts';

let lab: SimulatedClusters;
beforeAll(async () => {
  lab = await openClusters({ timing: { rolloutMs: 5, hookMs: 5, importMs: 5, terminationMs: 5 } });
});
afterAll(() => lab.close());

const SOURCE = 'source';
const CREATE = 'create-master-route';
const DELETE = 'delete-old-master-route';
const SECRET = 'create-impersonation-secret';
const ANNOTATED: Operation = { op: 'add', path: '/metadata/annotations/ours', value: 'yes' };

interface Deletion {
  readonly name: string;
  readonly resource: 'routes' | 'deploymentconfigs' | 'secrets';
  readonly object: string;
  readonly before: (steps: Steps) => Promise<unknown>;
  readonly act: (steps: Steps) => Promise<unknown>;
  readonly edit: Operation;
}

const DELETIONS: readonly Deletion[] = [
  {
    name: 'the old route',
    resource: 'routes',
    object: 'system-master-admin',
    before: (steps) => steps.apply(CREATE),
    act: (steps) => steps.apply(DELETE),
    edit: { op: 'add', path: '/spec/tls/certificate', value: 'PEM' },
  },
  {
    name: 'a DeploymentConfig',
    resource: 'deploymentconfigs',
    object: 'system-resque',
    before: (steps) => steps.apply('pause-rollouts'),
    act: (steps) => steps.apply('delete-resque'),
    edit: { op: 'replace', path: '/spec/replicas', value: 3 },
  },
  {
    name: 'the new route, in a revert',
    resource: 'routes',
    object: 'system-master',
    before: (steps) => steps.apply(CREATE),
    act: (steps) => steps.revert(CREATE),
    edit: { op: 'add', path: '/metadata/annotations', value: { ours: 'yes' } },
  },
  {
    name: 'the Secret, in a revert',
    resource: 'secrets',
    object: 'system-impersonation',
    before: (steps) => steps.apply(SECRET),
    act: (steps) => steps.revert(SECRET),
    edit: ANNOTATED,
  },
];

/** Runs the step, and makes the change once its deletion has been sent and before it is carried out. */
async function whileDeleted(
  { object, before, act }: Deletion,
  namespace: string,
  change: (steps: Steps) => unknown,
): Promise<{ readonly steps: Steps; readonly outcome: unknown }> {
  const steps = await openSteps(lab, namespace, { path: { impersonation: { fromSecret: SOURCE } } });
  await offerImpersonation(steps.api, SOURCE, { username: 'impersonator', domain: 'example.com' });
  await steps.backUp();
  await before(steps);
  const cluster = lab.simulator.cluster('sim1');
  await cluster.settle();
  const sent = cluster.faults.onRequest(
    { method: 'DELETE', path: new RegExp(`/namespaces/${namespace}/.*/${object}$`), times: 1 },
    { kind: 'latency', ms: 500 },
  );
  const acting = act(steps).catch((error: unknown) => error);
  while (sent.hits === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  await change(steps);
  return { steps, outcome: await acting };
}

test.each(DELETIONS)('$name: an edit is found, and stays', async (deletion) => {
  const { resource, object, edit } = deletion;
  const { steps, outcome } = await whileDeleted(deletion, `edited-${object}`, ({ api }) =>
    api.patch(resource, object, [edit]),
  );
  expect(outcome).toMatchObject({ type: 'EditedByOthers' });
  expect(await steps.api.get(resource, object)).toBeDefined();
});

test.each(DELETIONS.filter(({ resource }) => resource !== 'secrets'))(
  '$name: what a router or a controller writes of its status does not keep it',
  async (deletion) => {
    const { resource, object } = deletion;
    const { store } = lab.simulator.cluster('sim1');
    const namespace = `status-of-${object}`;
    const { steps, outcome } = await whileDeleted(deletion, namespace, () => {
      const stored = store.get(RESOURCES[resource], namespace, object);
      const status = { ...stored?.status, observedGeneration: 99 };
      store.update(RESOURCES[resource], { ...stored, status } as KubeObject, 'system:controller');
    });
    expect(outcome).toMatchObject({ status: 'done' });
    expect(await steps.api.get(resource, object)).toBeUndefined();
  },
);

test('the old route: an edit while the new one is waited for is found, and stays', async () => {
  const namespace = 'edited-meanwhile';
  const steps = await openSteps(lab, namespace);
  await steps.backUp();
  await steps.apply(CREATE);
  const cluster = lab.simulator.cluster('sim1');
  await cluster.settle();
  const admitBy = (name: string, routers: readonly string[]): void => {
    const stored = cluster.store.get(RESOURCES.routes, namespace, name);
    if (!stored) throw new Error(`there is no route/${name}`);
    const [first] = asRoute(stored).status.ingress ?? [];
    if (!first) throw new Error(`route/${name} is not admitted`);
    const ingress = routers.map((routerName) => ({ ...first, routerName }));
    cluster.store.update(RESOURCES.routes, { ...asRoute(stored), status: { ingress } }, 'router');
  };
  admitBy('system-master-admin', ['default', 'internal']);
  const deleting = steps.apply(DELETE).catch((error: unknown) => error);
  await new Promise((resolve) => setTimeout(resolve, 300));
  await steps.api.patch('routes', 'system-master-admin', [
    { op: 'add', path: '/spec/tls/certificate', value: 'PEM' },
  ]);
  admitBy('system-master', ['default', 'internal']);
  expect(await deleting).toMatchObject({
    type: 'EditedByOthers',
    message: 'route/system-master-admin: spec.tls.certificate was changed by somebody else',
  });
  expect(await steps.api.get('routes', 'system-master-admin')).toBeDefined();
});
