/** The new master route leads where it should, or the tenant is held; what somebody has made of it is not deleted. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Operation } from 'fast-json-patch';
import { asRoute } from '../../simulator/objects.ts';
import { RESOURCES } from '../../simulator/resources.ts';
import type { KubeObject } from '../../simulator/types.ts';
import type { TenantApi } from '../../src/openshift/tenant-api.ts';
import type { Route } from '../../src/openshift/types.ts';
import type { SimulatedClusters } from '../support/simulated-clusters.ts';
import { openClusters } from '../support/simulated-clusters.ts';
import { openSteps } from '../support/steps.ts';

let lab: SimulatedClusters;
beforeAll(async () => {
  lab = await openClusters({ timing: { rolloutMs: 5, hookMs: 5, importMs: 5, terminationMs: 5 } });
});
afterAll(() => lab.close());

const CREATE = 'create-master-route';
const DELETE = 'delete-old-master-route';
const OLD = 'system-master-admin';
let count = 0;
async function created(edit?: Operation) {
  const steps = await openSteps(lab, `routes-${(count += 1)}`);
  await steps.backUp();
  await steps.apply(CREATE);
  if (edit) await steps.api.patch('routes', 'system-master', [edit]);
  return steps;
}

test('the new route takes over all of the old one but its host', async () => {
  const steps = await openSteps(lab, 'of-its-own');
  const annotations = {
    'haproxy.router.openshift.io/ip_whitelist': '10.0.0.0/8',
    'haproxy.router.openshift.io/timeout': '5m',
  };
  const backends = [{ kind: 'Service', name: 'system-provider', weight: 20 }];
  const tls = {
    termination: 'edge',
    certificate: 'PEM',
    key: 'PEM',
    insecureEdgeTerminationPolicy: 'Redirect',
  };
  await steps.api.patch('routes', 'system-master-admin', [
    {
      op: 'add',
      path: '/metadata/annotations',
      value: {
        ...annotations,
        'openshift.io/host.generated': 'true',
        'kubectl.kubernetes.io/last-applied-configuration': '{}',
      },
    },
    { op: 'add', path: '/spec/path', value: '/admin' },
    { op: 'add', path: '/spec/to/weight', value: 80 },
    { op: 'add', path: '/spec/alternateBackends', value: backends },
    { op: 'replace', path: '/spec/tls', value: tls },
  ]);
  await steps.backUp();
  await steps.apply(CREATE);
  const route = await steps.api.get('routes', 'system-master');
  expect(route?.metadata.annotations).toEqual(annotations);
  expect(route?.spec).toMatchObject({ path: '/admin', to: { weight: 80 }, alternateBackends: backends, tls });
  expect(await steps.verify(CREATE, 'upgraded')).toEqual([]);
  expect(await steps.apply(CREATE)).toMatchObject({ status: 'unchanged' });
  await steps.revert(CREATE);
  expect(await steps.api.get('routes', 'system-master')).toBeUndefined();
});

/** As the routers of a cluster that has several would write it. */
function routersOf({ namespace }: TenantApi) {
  const { store } = lab.simulator.cluster('sim1');
  return (name: string, routers: readonly string[], refusing: readonly string[] = []): void => {
    const route = store.get(RESOURCES.routes, namespace, name);
    if (!route) throw new Error(`there is no route/${name}`);
    const [first] = asRoute(route).status.ingress ?? [];
    if (!first) throw new Error(`route/${name} is not admitted`);
    const refused = { type: 'Admitted', status: 'False', reason: 'RouteNotAdmitted' };
    const ingress = [
      ...routers.map((routerName) => ({ ...first, routerName })),
      ...refusing.map((routerName) => ({ ...first, routerName, conditions: [refused] })),
    ];
    const written = { ...asRoute(route), status: { ingress } };
    store.update(RESOURCES.routes, written as KubeObject, 'system:controller:router');
  };
}

test('a router that has never had the old route may refuse the new one', async () => {
  const steps = await created();
  const admitBy = routersOf(steps.api);
  admitBy('system-master-admin', ['default']);
  admitBy('system-master', ['public'], ['internal']);
  const deleted = steps.apply('delete-old-master-route');
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(await steps.api.get('routes', 'system-master-admin')).toBeDefined();
  admitBy('system-master', ['public', 'default'], ['internal']);
  await deleted;
  expect(await steps.api.get('routes', 'system-master-admin')).toBeUndefined();
});

test('the old route stays until every router that admits it admits the new one', async () => {
  const steps = await created();
  const admitBy = routersOf(steps.api);
  admitBy('system-master-admin', ['default', 'internal']);
  const deleted = steps.apply('delete-old-master-route');
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(await steps.api.get('routes', 'system-master-admin')).toBeDefined();
  admitBy('system-master', ['default', 'internal']);
  await deleted;
  expect(await steps.api.get('routes', 'system-master-admin')).toBeUndefined();
});

type Elsewhere = readonly [string, readonly Operation[], string];
const TO_DEVELOPER = { kind: 'Service', name: 'system-developer', weight: 100 };
const ELSEWHERE: readonly Elsewhere[] = [
  ['another service', [{ op: 'replace', path: '/spec/to/name', value: 'system-developer' }], 'spec.to.name'],
  [
    'another service by its weights',
    [
      { op: 'add', path: '/spec/to/weight', value: 0 },
      { op: 'add', path: '/spec/alternateBackends', value: [TO_DEVELOPER] },
    ],
    'spec.to.weight, spec.alternateBackends[system-developer]',
  ],
  [
    'another service now and then',
    [{ op: 'add', path: '/spec/alternateBackends', value: [{ ...TO_DEVELOPER, weight: 1 }] }],
    'spec.alternateBackends[system-developer]',
  ],
  [
    'another port',
    [{ op: 'replace', path: '/spec/port/targetPort', value: 'metrics' }],
    'spec.port.targetPort',
  ],
  ['no encryption', [{ op: 'remove', path: '/spec/tls' }], 'spec.tls'],
  [
    'nothing that is not encrypted',
    [{ op: 'add', path: '/spec/tls/insecureEdgeTerminationPolicy', value: 'None' }],
    'spec.tls.insecureEdgeTerminationPolicy',
  ],
];

test.each(ELSEWHERE)(
  'a new route that somebody has led to %s is not verified, and the old one stays',
  async (_, operations, fields) => {
    const steps = await created();
    await steps.api.patch('routes', 'system-master', operations);
    await lab.simulator.cluster('sim1').settle();
    for (const moment of ['staged', 'upgraded'] as const)
      expect(await steps.verify(CREATE, moment)).toEqual([
        {
          message: `route/system-master does not lead to service system-master as the upgrade made it (${fields})`,
          edited: true,
        },
      ]);
    await expect(steps.apply(DELETE)).rejects.toMatchObject({
      type: 'EditedByOthers',
      message: `route/system-master: ${fields} was changed by somebody else`,
    });
    expect(await steps.api.get('routes', 'system-master-admin')).toBeDefined();
  },
);

test('what the API takes for granted is no difference', async () => {
  const steps = await created();
  await steps.api.patch('routes', 'system-master', [
    { op: 'add', path: '/spec/to/weight', value: 100 },
    { op: 'add', path: '/spec/alternateBackends', value: [] },
    { op: 'add', path: '/spec/wildcardPolicy', value: 'None' },
  ]);
  expect(await steps.verify(CREATE, 'upgraded')).toEqual([]);
  expect(await steps.apply(DELETE)).toMatchObject({ status: 'done' });
});

test('a new route that its owner had before the upgrade need only have the host and the service', async () => {
  const steps = await created();
  await steps.api.patch('routes', 'system-master', [
    { op: 'add', path: '/spec/tls/insecureEdgeTerminationPolicy', value: 'Redirect' },
  ]);
  await steps.backUp();
  expect(await steps.verify(CREATE, 'upgraded')).toEqual([]);
  await steps.api.patch('routes', 'system-master', [
    { op: 'replace', path: '/spec/host', value: 'elsewhere.example.test' },
  ]);
  await expect(steps.apply(DELETE)).rejects.toMatchObject({ type: 'EditedByOthers' });
});

test('a new route as it was made is verified, and so is one with a certificate of its owner’s', async () => {
  const steps = await created();
  await lab.simulator.cluster('sim1').settle();
  expect(await steps.verify(CREATE, 'upgraded')).toEqual([]);
  await steps.api.patch('routes', 'system-master', [
    { op: 'add', path: '/spec/tls/certificate', value: 'PEM' },
  ]);
  expect(await steps.verify(CREATE, 'upgraded')).toEqual([]);
});

const ALLOW = 'haproxy.router.openshift.io/ip_whitelist';
const APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';
const THEIRS: readonly (readonly [string, Operation])[] = [
  ['spec.path', { op: 'add', path: '/spec/path', value: '/master' }],
  [
    'spec.alternateBackends[system-developer]',
    {
      op: 'add',
      path: '/spec/alternateBackends',
      value: [{ kind: 'Service', name: 'system-developer', weight: 1 }],
    },
  ],
  ['spec.tls.certificate', { op: 'add', path: '/spec/tls/certificate', value: 'PEM' }],
  ['metadata.labels.ours', { op: 'add', path: '/metadata/labels/ours', value: 'yes' }],
  [
    `metadata.annotations.${ALLOW}`,
    { op: 'add', path: '/metadata/annotations', value: { [ALLOW]: '10.0.0.0/8' } },
  ],
  [
    `metadata.annotations.${APPLIED}`,
    { op: 'add', path: '/metadata/annotations', value: { [APPLIED]: '{}' } },
  ],
];

test.each(THEIRS)('a new route whose %s somebody has set is not deleted by a revert', async (field, edit) => {
  const steps = await created(edit);
  await expect(steps.revert(CREATE)).rejects.toMatchObject({
    type: 'EditedByOthers',
    message: `route/system-master: ${field} was changed by somebody else`,
  });
  expect(await steps.api.get('routes', 'system-master')).toBeDefined();
});

test('a new route is deleted by a revert also where the old one was edited since, or is gone', async () => {
  for (const ending of ['edited', 'gone']) {
    const steps = await created();
    if (ending === 'gone') await steps.api.delete('routes', 'system-master-admin');
    else
      await steps.api.patch('routes', 'system-master-admin', [
        { op: 'add', path: '/metadata/annotations', value: { [ALLOW]: '10.0.0.0/8' } },
        { op: 'add', path: '/metadata/labels', value: {} },
      ]);
    expect(await steps.revert(CREATE)).toMatchObject({ status: 'done' });
    expect(await steps.api.get('routes', 'system-master')).toBeUndefined();
  }
});

test('a new route as an earlier release made it, without what only the old one has, is deleted by a revert', async () => {
  const steps = await openSteps(lab, 'of-an-earlier-release');
  await steps.api.patch('routes', 'system-master-admin', [
    { op: 'add', path: '/metadata/annotations', value: { [ALLOW]: '10.0.0.0/8' } },
    { op: 'add', path: '/spec/path', value: '/admin' },
  ]);
  await steps.backUp();
  await steps.apply(CREATE);
  await steps.api.patch('routes', 'system-master', [
    { op: 'remove', path: '/metadata/annotations' },
    { op: 'remove', path: '/spec/path' },
  ]);
  expect(await steps.revert(CREATE)).toMatchObject({ status: 'done' });
});

const OF_THE_OLD: readonly (readonly [string, Operation])[] = [
  ['metadata.annotations.ours', { op: 'add', path: '/metadata/annotations', value: { ours: 'yes' } }],
  ['metadata.labels.ours', { op: 'add', path: '/metadata/labels/ours', value: 'yes' }],
  ['spec.path', { op: 'add', path: '/spec/path', value: '/admin' }],
  ['spec.to.name', { op: 'replace', path: '/spec/to/name', value: 'system-developer' }],
  [
    'spec.tls.insecureEdgeTerminationPolicy',
    { op: 'add', path: '/spec/tls/insecureEdgeTerminationPolicy', value: 'Redirect' },
  ],
];

test.each(OF_THE_OLD)(
  'an old route whose %s somebody has changed is not copied, and told while it stands staged, and not deleted',
  async (field, edit) => {
    const early = await openSteps(lab, `routes-${(count += 1)}`);
    await early.backUp();
    await early.api.patch('routes', OLD, [edit]);
    const message = `route/${OLD}: ${field} was changed by somebody else`;
    await expect(early.apply(CREATE)).rejects.toMatchObject({ type: 'EditedByOthers', message });
    expect(await early.api.get('routes', 'system-master')).toBeUndefined();

    const late = await created();
    await late.api.patch('routes', OLD, [edit]);
    expect(await late.verify(CREATE, 'staged')).toEqual([]);
    for (const moment of ['staged', 'switching'] as const)
      expect(await late.verify(DELETE, moment)).toEqual([
        {
          message: `route/${OLD}: ${field} is not as the backup has it, and would be ${field === 'spec.to.name' ? 'left' : 'lost'}`,
          edited: true,
        },
      ]);
    // One that leads to another service is not the old one any more, and is left.
    if (field !== 'spec.to.name')
      await expect(late.apply(DELETE)).rejects.toMatchObject({ type: 'EditedByOthers', message });
    else expect(await late.apply(DELETE)).toMatchObject({ status: 'unchanged' });
    expect(await late.api.get('routes', OLD)).toBeDefined();
  },
);

test('an old route that somebody has created since, by its other name, is told, and not deleted', async () => {
  const steps = await created();
  const old = await steps.api.get('routes', OLD);
  const name = `${OLD}-route`;
  await steps.api.delete('routes', OLD);
  await steps.api.create('routes', { metadata: { name }, spec: old?.spec ?? { to: TO_DEVELOPER } });
  expect(await steps.verify(DELETE, 'staged')).toMatchObject([
    { message: expect.stringContaining(`route/${name}`) as unknown, edited: true },
  ]);
  await lab.simulator.cluster('sim1').settle();
  await expect(steps.apply(DELETE)).rejects.toMatchObject({ type: 'EditedByOthers' });
});

test('of two old routes nobody knows which one the new one replaces: the check says so, and nothing begins', async () => {
  const steps = await openSteps(lab, `routes-${(count += 1)}`);
  const old = await steps.api.get('routes', OLD);
  const spec = { ...old?.spec, host: 'other.example.com' } as Route['spec'];
  await steps.api.create('routes', { metadata: { name: `${OLD}-route` }, spec });
  expect(await steps.inspect(DELETE)).toMatchObject({
    status: 'blocked',
    note: expect.stringContaining(`route/${OLD} and route/${OLD}-route`) as unknown,
  });
});

test('the new route is deleted by a revert also where system-app names no host any more', async () => {
  const steps = await created();
  const { containers = [] } =
    (await steps.api.get('deploymentconfigs', 'system-app'))?.spec.template.spec ?? {};
  const at = containers.findIndex(({ name }) => name === 'system-master');
  const variable = containers[at]?.env?.findIndex(({ name }) => name === 'MASTER_DOMAIN') ?? -1;
  await steps.api.patch('deploymentconfigs', 'system-app', [
    { op: 'remove', path: `/spec/template/spec/containers/${at}/env/${variable}` },
  ]);
  expect(await steps.revert(CREATE)).toMatchObject({ status: 'done' });
});

test('an old route that somebody has deleted is no edit: the new one is made as of the backup', async () => {
  const steps = await openSteps(lab, 'deleted-since');
  await steps.api.patch('routes', OLD, [
    { op: 'add', path: '/spec/tls/insecureEdgeTerminationPolicy', value: 'Redirect' },
    { op: 'add', path: '/metadata/annotations', value: { [ALLOW]: '10.0.0.0/8' } },
  ]);
  await steps.backUp();
  await steps.api.delete('routes', OLD);
  expect(await steps.apply(CREATE)).toMatchObject({ status: 'done' });
  expect(await steps.verify(CREATE, 'staged')).toEqual([]);
  expect(await steps.verify(DELETE, 'staged')).toEqual([]);
  const route = await steps.api.get('routes', 'system-master');
  expect(route?.metadata.annotations).toEqual({ [ALLOW]: '10.0.0.0/8' });
  expect(await steps.apply(DELETE)).toMatchObject({ status: 'unchanged' });
});
