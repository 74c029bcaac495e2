import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { roleFor } from '../../src/cli/tenant/actions/rbac.ts';
import { compareSnapshots, takeSnapshot } from '../../src/cli/demo/snapshot.ts';
import { RESOURCES } from '../../simulator/resources.ts';
import type { InstallOptions } from '../../simulator/installation/install.ts';
import { patchObject } from '../support/edit-object.ts';
import type { Lab } from '../support/lab.ts';
import { openLab, settled, until } from '../support/lab.ts';
import { pathFor } from '../support/upgrade-input.ts';
import { objectsOf } from '../support/objects.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await openLab();
});
afterAll(() => lab.close());

let count = 0;
async function installed(options: InstallOptions = {}): Promise<string> {
  const namespace = `tenant-${(count += 1)}`;
  await lab.simulator.install('sim1', namespace, options);
  return namespace;
}

const route = (namespace: string, name: string) =>
  objectsOf(lab.cluster, 'routes', namespace).find(({ metadata }) => metadata.name === name);
const rolloutsSince = (namespace: string, since: number) => lab.cluster.audit.rollouts(namespace, since);
const failures = (progress: Awaited<ReturnType<Lab['upgrade']>>) =>
  progress.steps.flatMap(({ failure }) => failure ?? []);

test('an installation that was born as 2.2, with its domains in a Secret', async () => {
  const namespace = await installed({ bornAs22: true, domainsFrom: 'secret' });
  const { state } = await lab.upgrade(namespace);
  expect(state).toBe('upgraded');
  expect(route(namespace, 'system-master')?.spec?.['host']).toBe(`master.${namespace}.apps.example.test`);
  expect(route(namespace, 'system-master-admin-route')).toBeUndefined();
});

test('domains in a ConfigMap', async () => {
  const namespace = await installed({ domainsFrom: 'configmap' });
  expect((await lab.upgrade(namespace)).state).toBe('upgraded');
  expect(route(namespace, 'system-master')?.spec?.['host']).toBe(`master.${namespace}.apps.example.test`);
});

test('missing optional objects are left out', async () => {
  const without = [
    'DeploymentConfig/system-memcache',
    'DeploymentConfig/system-resque',
    'DeploymentConfig/apicast-staging',
  ];
  const namespace = await installed({ without });
  const { state, steps } = await lab.upgrade(namespace);
  expect(state).toBe('upgraded');
  expect(steps.filter(({ status }) => status === 'absent').map(({ id }) => id)).toEqual([
    'set-memcache-image',
    'roll-out-system-memcache',
    'roll-out-apicast-staging',
    'delete-resque',
  ]);
});

test('mirrored images', async () => {
  const mirror = 'mirror.example.com:5000';
  const namespace = await installed({ registry: mirror });
  const images = Object.fromEntries(
    (['system', 'apicast', 'backend', 'zync'] as const).map((name) => [
      name,
      `${mirror}/3scale-amp24/${name === 'apicast' ? 'apicast-gateway' : name}`,
    ]),
  );
  const { state } = await lab.upgrade(namespace, {
    path: { images: { ...images, memcached: `${mirror}/3scale-amp20/memcached` } },
  });
  expect(state).toBe('upgraded');
});

test('an upgraded tenant is recognised: nothing is written, nothing rolls', async () => {
  const namespace = await installed();
  await lab.upgrade(namespace);
  await lab.cluster.settle();
  const since = Date.now() + 1;
  const writes = lab.cluster.audit.writes({ namespace }).length;
  const again = await lab.upgrade(namespace);
  expect(again.state).toBe('upgraded');
  expect(lab.cluster.audit.writes({ namespace })).toHaveLength(writes);
  expect(rolloutsSince(namespace, since)).toEqual({});
});

test('what somebody left half upgraded by hand is finished', async () => {
  const namespace = await installed();
  await patchObject(lab, namespace, 'imagestreams', 'amp-backend', [
    {
      op: 'add',
      path: '/spec/tags/-',
      value: {
        name: '2.4.0',
        from: { kind: 'DockerImage', name: 'registry.access.redhat.com/3scale-amp24/backend' },
      },
    },
    {
      op: 'add',
      path: '/spec/tags/-',
      value: { name: 'latest', from: { kind: 'ImageStreamTag', name: '2.4.0' } },
    },
  ]);
  await lab.cluster.settle();
  const since = Date.now() + 1;
  await new Promise((resolve) => setTimeout(resolve, 5));
  const progress = await lab.upgrade(namespace);
  expect(progress.state).toBe('upgraded');
  expect(progress.steps.find(({ id }) => id === 'tag-amp-backend')?.status).toBe('unchanged');
  const rollouts = rolloutsSince(namespace, since);
  expect(rollouts['backend-listener']).toBeUndefined();
  expect(rollouts['system-app']).toBe(1);
});

test('with exactly the Role that `rbac` prints', async () => {
  const namespace = await installed();
  const { cluster } = lab;
  cluster.identities.addToken('sim1-nobody-token', { user: 'upgrader', groups: ['system:authenticated'] });
  const role = { ...roleFor(pathFor({ impersonation: { fromSecret: 'x' } }), namespace) };
  const meta = (name: string) => ({ name, namespace, uid: '', resourceVersion: '', creationTimestamp: '' });
  const refused = await lab.upgrade(namespace, { context: 'sim1-nobody' });
  expect(refused.state).toBe('blocked');
  expect(refused.findings.every(({ check }) => check === 'permissions')).toBe(true);
  cluster.store.create(
    RESOURCES.roles,
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      ...role,
      metadata: meta('threescale-upgrade'),
    },
    'system:controller:test',
  );
  cluster.store.create(
    RESOURCES.rolebindings,
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata: meta('threescale-upgrade'),
      roleRef: { kind: 'Role', name: 'threescale-upgrade' },
      subjects: [{ kind: 'User', name: 'upgrader' }],
    },
    'system:controller:test',
  );
  const source = { username: 'impersonator', domain: 'example.com' };
  await lab.clusters.open(lab.clusters.tenant('sim1', namespace)).create('secrets', {
    metadata: { name: 'x' },
    data: Object.fromEntries(
      Object.entries(source).map(([key, value]) => [key, Buffer.from(value).toString('base64')]),
    ),
  });
  const progress = await lab.upgrade(namespace, {
    context: 'sim1-nobody',
    path: { impersonation: { fromSecret: 'x' } },
  });
  expect({ state: progress.state, failures: failures(progress), findings: progress.findings }).toEqual({
    state: 'upgraded',
    failures: [],
    findings: [],
  });
});

test('an image that cannot be imported: everything is as it was', async () => {
  const namespace = await installed();
  const before = takeSnapshot(lab.cluster, namespace);
  lab.cluster.faults.onWork('import', {
    namespace,
    name: 'registry.access.redhat.com/3scale-amp24/zync',
    reason: 'Unauthorized',
    message: 'unauthorized: authentication required',
  });
  const progress = await lab.upgrade(namespace);
  expect(progress.state).toBe('reverted');
  expect(failures(progress).map(({ message }) => message)[0]).toContain(
    'unauthorized: authentication required',
  );
  expect(compareSnapshots(before, takeSnapshot(lab.cluster, namespace))).toEqual([]);
});

test('an import that fails once is asked for again', async () => {
  const namespace = await installed();
  const name = 'registry.access.redhat.com/3scale-amp24/system';
  lab.cluster.faults.onWork('import', { namespace, name, message: 'timeout', times: 1 });
  expect((await lab.upgrade(namespace)).state).toBe('upgraded');
});

test('a backend that does not come up is rolled back, with one more rollout of each that had moved', async () => {
  const namespace = await installed();
  const before = takeSnapshot(lab.cluster, namespace);
  lab.cluster.faults.onWork('rollout', {
    namespace,
    name: 'backend-worker',
    message: 'crash loop',
    times: 2,
  });
  const progress = await lab.upgrade(namespace);
  expect(progress.state).toBe('reverted');
  await lab.cluster.settle();
  const changed = compareSnapshots(before, takeSnapshot(lab.cluster, namespace));
  expect(changed.filter((name) => !name.startsWith('ReplicationController/'))).toEqual([]);
  expect(lab.cluster.availability.downMs(namespace, 'system-app')).toBe(0);
});

test('a migration that fails is held past the point of no return, says so, and is retried', async () => {
  const namespace = await installed();
  lab.cluster.faults.onWork('hook', { namespace, name: 'system-app/pre', message: 'exit code 1', times: 6 });
  const handle = await lab.start(namespace);
  const held = await settled(handle);
  expect(held.state).toBe('held');
  expect(held.pastPointOfNoReturn).toBe(true);
  expect(held.held?.decisions).toContain('retry');
  expect(held.held?.pausedDeploymentConfigs).toContain('system-resque');
  await handle.executeUpdate('retry', { args: [{ by: 'test', why: 'database is back' }] });
  const ended = await until(handle, ({ state }) => state === 'upgraded');
  expect(ended.state).toBe('upgraded');
});

test('what somebody else has edited is never overwritten', async () => {
  const namespace = await installed();
  lab.cluster.faults.onWork('rollout', { namespace, name: 'zync', message: 'crash loop' });
  const handle = await lab.start(namespace, { onFailure: 'hold' });
  expect((await settled(handle)).state).toBe('held');
  await patchObject(lab, namespace, 'deploymentconfigs', 'system-memcache', [
    { op: 'replace', path: '/spec/template/spec/containers/0/image', value: 'example.com/mine:1' },
  ]);
  lab.cluster.faults.clear();
  await handle.executeUpdate('revert', { args: [{ by: 'test', why: 'no time' }] });
  const held = await until(handle, ({ held: now }) => now?.during === 'revert');
  expect(held.held?.stepId).toBe('set-memcache-image');
  expect(held.held?.failure.type).toBe('EditedByOthers');
  await handle.executeUpdate('skip-step', {
    args: [{ by: 'test', why: 'theirs is right', step: 'set-memcache-image' }],
  });
  const ended = await until(handle, ({ state }) => state === 'reverted');
  expect(ended.state).toBe('reverted');
  expect(ended.leftovers.length).toBeGreaterThan(0);
});
