import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { RESOURCES } from '../../simulator/resources.ts';
import type { KubeObject } from '../../simulator/types.ts';
import { IMPERSONATION_SECRET } from '../../src/domain/paths/2.3-to-2.4/steps.ts';
import { patchObject } from '../support/edit-object.ts';
import type { Lab } from '../support/lab.ts';
import { openLab, settled, until } from '../support/lab.ts';
import { pausedAfter } from '../support/mid-upgrade.ts';
import { runCli } from '../support/hosted-cli.ts';

/** The context of somebody who has no rights but those that a test gives. */
const NOBODY = 'sim1-nobody';
const SOURCE = 'ours';
const encoded = (text: string): string => Buffer.from(text).toString('base64');

let lab: Lab;
let count = 0;
beforeAll(async () => {
  lab = await openLab();
  lab.cluster.identities.addToken('sim1-nobody-token', {
    user: 'upgrader',
    groups: ['system:authenticated', 'upgraders'],
  });
});
afterAll(() => lab.close());

interface Rule {
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  readonly resourceNames?: readonly string[];
}

async function printed(
  ...args: readonly string[]
): Promise<readonly (KubeObject & { rules?: readonly Rule[] })[]> {
  const { stdout, exitCode } = await runCli(['rbac', '-o', 'json', ...args]);
  expect(exitCode).toBe(0);
  const document = JSON.parse(stdout) as KubeObject & { items?: readonly KubeObject[] };
  return document.items ?? [document];
}

/** A tenant in whose project what `rbac` prints is applied, and nothing else. */
const installed = (...args: readonly string[]): Promise<string> => installedAs((object) => object, ...args);

async function installedAs(
  change: (object: KubeObject) => KubeObject,
  ...args: readonly string[]
): Promise<string> {
  const namespace = `tenant-${(count += 1)}`;
  await lab.simulator.install('sim1', namespace);
  for (const object of await printed('-n', namespace, ...args)) {
    const resource = object.kind === 'Role' ? RESOURCES.roles : RESOURCES.rolebindings;
    const metadata = { ...object.metadata, uid: '', resourceVersion: '', creationTimestamp: '' };
    lab.cluster.store.create(resource, { ...change(object), metadata }, 'system:controller:test');
  }
  return namespace;
}

const api = (namespace: string, context = NOBODY) =>
  lab.clusters.open(lab.clusters.tenant(context, namespace));

test('the Role that `rbac` prints suffices for a whole upgrade', async () => {
  const namespace = await installed('--bind-user', 'upgrader');
  const { state, findings } = await lab.upgrade(namespace, { context: NOBODY });
  expect({ state, findings }).toEqual({ state: 'upgraded', findings: [] });
});

test('so does that of an earlier release, which may not watch replication controllers', async () => {
  const mayWatch = (object: KubeObject): number =>
    ((object as { rules?: Rule[] }).rules ?? []).filter(isWatched).length;
  const isWatched = ({ resources, verbs }: Rule): boolean =>
    resources.includes('replicationcontrollers') && verbs.includes('watch');
  const earlier = (object: KubeObject): KubeObject => {
    if (mayWatch(object) === 0) return object;
    const { rules = [] } = object as { rules?: Rule[] };
    const fewer = rules.map((rule) =>
      isWatched(rule) ? { ...rule, verbs: rule.verbs.filter((verb) => verb !== 'watch') } : rule,
    );
    return { ...object, rules: fewer } as KubeObject;
  };
  expect((await printed('--bind-user', 'upgrader')).map(mayWatch)).toContain(1);
  const namespace = await installedAs(earlier, '--bind-user', 'upgrader');
  const { state, findings } = await lab.upgrade(namespace, { context: NOBODY });
  expect({ state, findings }).toEqual({ state: 'upgraded', findings: [] });
});

test('and, past the last change, for a whole revert; with section 1.3 in it', async () => {
  const namespace = await installed('--impersonation-secret', SOURCE, '--bind-group', 'upgraders');
  await api(namespace, 'sim1').create('secrets', {
    metadata: { name: SOURCE },
    data: { username: encoded('impersonator'), domain: encoded('example.com') },
  });
  lab.cluster.faults.onWork('rollout', { namespace, name: 'system-sphinx', message: 'crash loop', times: 2 });
  const handle = await lab.start(namespace, {
    context: NOBODY,
    onFailure: 'hold',
    path: { impersonation: { fromSecret: SOURCE } },
  });
  expect((await settled(handle)).held?.stepId).toBe('roll-out-system-sphinx');
  const bad = [{ op: 'add', path: '/data/domain', value: encoded('no domain') }] as const;
  await patchObject(lab, namespace, 'secrets', IMPERSONATION_SECRET, bad);
  await handle.executeUpdate('retry', { args: [{ by: 'test', why: 'go on' }] });
  const held = await until(handle, ({ held: now }) => now?.stepId === 'update-impersonation-admin');
  expect(held.held?.stepId).toBe('update-impersonation-admin');
  const right = [{ op: 'add', path: '/data/domain', value: encoded('example.com') }] as const;
  await patchObject(lab, namespace, 'secrets', IMPERSONATION_SECRET, right);
  await handle.executeUpdate('revert', { args: [{ by: 'test', why: 'no time left', confirm: namespace }] });
  const { state, leftovers } = await until(
    handle,
    ({ held: now, state: at }) => now?.during === 'revert' || at === 'reverted',
  );
  expect({ state, leftovers }).toEqual({
    state: 'reverted',
    leftovers: [
      expect.stringContaining('cannot be undone'),
      expect.stringMatching(/^secret\/threescale-upgrade-backup-\S+ keeps the backup$/),
    ],
  });
});

test('without section 1.3 nothing may be run in a pod, and no Secret be changed', async () => {
  const [role] = await printed();
  const of = (resource: string) => role?.rules?.filter(({ resources }) => resources.includes(resource)) ?? [];
  expect(of('pods/exec')).toEqual([]);
  expect(of('secrets').flatMap(({ verbs }) => verbs)).not.toContain('patch');
  const [more] = await printed('--impersonation');
  const patch = more?.rules?.filter(
    ({ resources, verbs }) => resources.includes('secrets') && verbs.includes('patch'),
  );
  expect(patch?.map(({ resourceNames }) => resourceNames)).toEqual([
    [IMPERSONATION_SECRET, 'threescale-upgrade-impersonation'],
  ]);
});

test('whatever else is in the project may not be changed', async () => {
  const namespace = await installed('--bind-user', 'upgrader');
  const pause = [{ op: 'add', path: '/spec/paused', value: true }] as const;
  await expect(api(namespace).patch('deploymentconfigs', 'system-mysql', pause)).rejects.toThrow(
    'system-mysql',
  );
  await expect(api(namespace).instantiate('system-mysql')).rejects.toThrow('system-mysql');
  await expect(api(namespace).delete('deploymentconfigs', 'system-app')).rejects.toThrow('system-app');
  await expect(api(namespace).delete('routes', 'backend')).rejects.toThrow('backend');
  const label = [{ op: 'add', path: '/metadata/labels', value: {} }] as const;
  await expect(api(namespace).patch('secrets', 'system-seed', label)).rejects.toThrow('system-seed');
});

test('the check asks for each name, and says which are not allowed and how to grant them', async () => {
  const namespace = await installed('--bind-user', 'upgrader');
  const role = lab.cluster.store.get(RESOURCES.roles, namespace, 'threescale-upgrade');
  if (!role) throw new Error('the Role is not there');
  const rules = (role as unknown as { rules: readonly Rule[] }).rules.map((rule) =>
    rule.resourceNames?.includes('system-app')
      ? { ...rule, resourceNames: rule.resourceNames.filter((name) => name !== 'system-app') }
      : rule,
  );
  lab.cluster.store.update(RESOURCES.roles, { ...role, rules }, 'system:controller:test');
  const flags = ['--kubeconfig', lab.kubeconfig, '--context', NOBODY, '--namespace', namespace];
  const { stdout, exitCode } = await runCli(['check', ...flags]);
  expect(exitCode).toBe(3);
  expect(stdout).toMatch(/not allowed in tenant-\d+: patch deploymentconfigs \(apps.openshift.io\) of /);
  expect(stdout).toContain(`threescale-upgrade rbac -n ${namespace} --bind-user NAME | oc apply -f -`);
});

test('one right is missing for a tenant that was left staged: each thing that is left is named all the same', async () => {
  const namespace = await installed('--bind-user', 'upgrader');
  const handle = await pausedAfter(lab, namespace, 'set-sidekiq-threads');
  await handle.terminate('forgotten');
  const role = lab.cluster.store.get(RESOURCES.roles, namespace, 'threescale-upgrade');
  if (!role) throw new Error('the Role is not there');
  const rules = (role as unknown as { rules: readonly Rule[] }).rules.filter(
    ({ resources }) => !resources.includes('routes/custom-host'),
  );
  lab.cluster.store.update(RESOURCES.roles, { ...role, rules }, 'system:controller:test');
  const { state, findings, leftovers } = await lab.upgrade(namespace, { context: NOBODY });
  expect(state).toBe('blocked');
  expect(findings.map(({ check }) => check)).toEqual(
    expect.arrayContaining(['permissions', 'left-half-done']),
  );
  expect(leftovers.join()).toContain('dc/zync is left paused');
  expect(leftovers.join()).toContain('dc/system-app is left with the claim');
  expect(leftovers.join()).toMatch(/secret\/threescale-upgrade-backup-\S+ is left/);
});

test('without any right it says that it has not looked what is left', async () => {
  const namespace = await installed();
  const { state, leftovers } = await lab.upgrade(namespace, { context: NOBODY });
  expect(state).toBe('blocked');
  expect(leftovers).toEqual([expect.stringContaining('not looked whether an earlier execution has left')]);
});

test('a binding is printed for all who are named, and only where they are names', async () => {
  const [, binding] = await printed(
    '-n',
    'shop',
    '--bind-user',
    'a',
    '--bind-serviceaccount',
    'ops:worker',
    'own',
  );
  expect(binding).toMatchObject({
    kind: 'RoleBinding',
    metadata: { name: 'threescale-upgrade', namespace: 'shop' },
    roleRef: { kind: 'Role', name: 'threescale-upgrade' },
    subjects: [
      { kind: 'User', name: 'a' },
      { kind: 'ServiceAccount', name: 'worker', namespace: 'ops' },
      { kind: 'ServiceAccount', name: 'own', namespace: 'shop' },
    ],
  });
  const wrong = [
    ['--bind-serviceaccount', 'own'],
    ['--bind-serviceaccount', 'a:b:c'],
    ['--bind-user', 'a\nb'],
    ['-n', 'x/../y'],
    ['--impersonation-secret', 'x\ny'],
  ];
  for (const args of wrong) expect((await runCli(['rbac', ...args])).exitCode).toBe(64);
});
