/** What an operator chooses, and somebody or something does otherwise. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Operation } from 'fast-json-patch';
import { preflight } from '../../src/procedure/preflight/preflight.ts';
import type { WrittenChoices } from '../../src/domain/paths/choices.ts';
import { choicesOf } from '../../src/domain/paths/choices.ts';
import type { PathOptions } from '../../src/domain/paths/upgrade-path.ts';
import { workflowIdOf } from '../../src/domain/tenant/workflow-id.ts';
import type { DeploymentConfig } from '../../src/openshift/types.ts';
import type { Lab } from '../support/lab.ts';
import { openLab } from '../support/lab.ts';
import { pathFor } from '../support/upgrade-input.ts';
import { aborted, pausedAfter } from '../support/mid-upgrade.ts';
import { pushImage } from '../support/push-image.ts';
import { runCli } from '../support/hosted-cli.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await openLab();
});
afterAll(() => lab.close());

async function installed(namespace: string) {
  await lab.simulator.install('sim1', namespace);
  const ref = lab.clusters.tenant('sim1', namespace);
  const api = lab.clusters.open(ref);
  return {
    namespace,
    api,
    async config(name: string): Promise<DeploymentConfig> {
      const found = await api.get('deploymentconfigs', name);
      if (!found) throw new Error(`there is no dc/${name}`);
      return found;
    },
    check: (options: PathOptions = {}) =>
      preflight({ api, path: pathFor(options), mark: workflowIdOf(ref) }, pathFor(options)),
    async patch(name: string, ...operations: Operation[]) {
      await api.patch('deploymentconfigs', name, operations);
      await lab.cluster.settle();
    },
  };
}
const imageTriggerOf = ({ spec }: DeploymentConfig): string =>
  `/spec/triggers/${(spec.triggers ?? []).findIndex(({ type }) => type === 'ImageChange')}`;

const FOLLOW: PathOptions = { components: { 'apicast-staging': 'follow' } };

test('what had no trigger follows, and somebody takes the trigger off again while it is staged: the way back brings its old image', async () => {
  const tenant = await installed('trigger-off');
  await tenant.patch('apicast-staging', {
    op: 'remove',
    path: imageTriggerOf(await tenant.config('apicast-staging')),
  });
  const before = (await tenant.config('apicast-staging')).spec;
  const handle = await pausedAfter(lab, tenant.namespace, 'follow-apicast-staging', { path: FOLLOW });
  await lab.cluster.settle();
  await tenant.patch('apicast-staging', {
    op: 'remove',
    path: imageTriggerOf(await tenant.config('apicast-staging')),
  });
  const end = await aborted(handle);
  await lab.cluster.settle();
  expect([end.state, end.leftovers]).toEqual(['aborted', []]);
  expect((await tenant.config('apicast-staging')).spec).toEqual(before);
});

test('what has none of the containers that are known cannot follow: the check says so', async () => {
  const tenant = await installed('renamed');
  const config = await tenant.config('apicast-staging');
  await tenant.patch(
    'apicast-staging',
    { op: 'remove', path: imageTriggerOf(config) },
    { op: 'replace', path: '/spec/template/spec/containers/0/name', value: 'gateway' },
  );
  expect((await tenant.check(FOLLOW)).findings).toMatchObject([{ check: 'images-followed' }]);
});

test('what follows, as chosen, is not told to be somebody else’s change', async () => {
  const tenant = await installed('not-others');
  await tenant.patch('apicast-staging', {
    op: 'remove',
    path: imageTriggerOf(await tenant.config('apicast-staging')),
  });
  const end = await lab.upgrade(tenant.namespace, { path: FOLLOW });
  const { note } = end.steps.find(({ id }) => id === 'verify-upgraded') ?? {};
  expect([end.state, note]).toEqual(['upgraded', 'all is as it should be']);
});

test.each([
  ['a tag', undefined],
  [
    'the vendor’s registry',
    { kind: 'DockerImage', name: 'registry.access.redhat.com/3scale-amp23/apicast-gateway' },
  ],
])(
  'a pushed latest that leads to %s is replaced, and taken back: it has its own image again, pinned, and the end says so',
  async (what, from) => {
    const tenant = await installed(`pushed-${what.length}`);
    const { api, namespace } = tenant;
    const stream = () => api.get('imagestreams', 'amp-apicast');
    if (from) {
      const place = (await stream())?.spec.tags?.findIndex(({ name }) => name === 'latest') ?? -1;
      await api.patch('imagestreams', 'amp-apicast', [
        { op: 'replace', path: `/spec/tags/${place}/from`, value: from },
      ]);
      await lab.cluster.settle();
    }
    await pushImage(lab.cluster, { namespace, stream: 'amp-apicast', tag: 'latest', name: 'own-build' });
    const latest = async () =>
      (await stream())?.status?.tags?.find(({ tag }) => tag === 'latest')?.items?.[0]?.image;
    const before = [await latest(), await tenant.config('apicast-staging')] as const;
    const path: PathOptions = { replaceLatest: ['amp-apicast'] };
    expect((await tenant.check(path)).findings).toEqual([]);
    const end = await aborted(await pausedAfter(lab, namespace, 'tag-amp-zync', { path }));
    await lab.cluster.settle();
    expect([end.state, end.leftovers]).toEqual([
      'aborted',
      [expect.stringContaining('imagestream/amp-apicast: latest is pinned to the image that it had')],
    ]);
    expect(await latest()).toBe(before[0]);
    const { spec, status } = await tenant.config('apicast-staging');
    expect([spec, status?.latestVersion]).toEqual([before[1].spec, before[1].status?.latestVersion]);
  },
);

test('what is to be taken along has to be there, and to follow what moves', async () => {
  const tenant = await installed('follows-nothing');
  const along = { 'system-mysql': 'zync', 'not-there': 'zync' };
  const { findings } = await tenant.check({ takeAlong: along });
  expect(findings.filter(({ check }) => check === 'own-followers')).toMatchObject([
    { severity: 'fatal', object: 'dc/system-mysql' },
    { severity: 'warning', object: 'dc/not-there' },
  ]);
});

test('what is left, and is not there, is not told to go on running', async () => {
  const tenant = await installed('left-and-gone');
  await tenant.api.delete('deploymentconfigs', 'apicast-staging');
  await lab.cluster.settle();
  const end = await lab.upgrade(tenant.namespace, { path: { components: { 'apicast-staging': 'leave' } } });
  expect([end.state, end.leftovers]).toEqual([
    'upgraded',
    ['dc/apicast-staging was not there, and is not upgraded'],
  ]);
});

const WRONG = [
  ['x=zync', 'x=backend-worker'],
  ['system-memcache=zync'],
  ['system-resque=zync'],
  ['x=system-app'],
];
test.each(WRONG)('--take-along %s %s: refused before anything is looked at', async (...given) => {
  const flags = given.flatMap((one) => (one === undefined ? [] : ['--take-along', one]));
  const { exitCode, stderr } = await runCli(['check', '-c', 'sim1', '-n', 'any', ...flags]);
  expect([exitCode, stderr]).toEqual([64, expect.stringContaining('is invalid')]);
});

test('the Role has what is taken along', async () => {
  const { stdout } = await runCli(['rbac', '-n', 'any', '--take-along', 'second-gateway=apicast-production']);
  expect(stdout).toContain('second-gateway');
});

test('the same choices are the same path, in whatever order they are given', () => {
  const hashOf = (written: WrittenChoices): string => pathFor(choicesOf(written)).hash;
  expect(hashOf({ takeAlong: { a: 'zync', b: 'zync' } })).toBe(
    hashOf({ takeAlong: { b: 'zync', a: 'zync' } }),
  );
});
