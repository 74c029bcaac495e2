/** What an operator chooses for an installation that is not as the vendor's template has it, and what becomes of it. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Operation } from 'fast-json-patch';
import { preflight } from '../../src/procedure/preflight/preflight.ts';
import type { PathOptions } from '../../src/domain/paths/upgrade-path.ts';
import { workflowIdOf } from '../../src/domain/tenant/workflow-id.ts';
import { newestControllerName } from '../../src/openshift/rollout.ts';
import type { DeploymentConfig } from '../../src/openshift/types.ts';
import { InstalledTenants } from '../support/installed-tenants.ts';
import type { Lab } from '../support/lab.ts';
import { openLab } from '../support/lab.ts';
import { pathFor } from '../support/upgrade-input.ts';
import { aborted, pausedAfter } from '../support/mid-upgrade.ts';
import { pushImage } from '../support/push-image.ts';
import { runCli } from '../support/hosted-cli.ts';

let lab: Lab;
let tenants: InstalledTenants;
beforeAll(async () => {
  lab = await openLab();
  tenants = new InstalledTenants(lab);
});
afterAll(() => lab.close());

const NEW = /3scale-amp24\//;

async function installed(namespace: string, edit: (tenant: Tenant) => Promise<unknown>) {
  await lab.simulator.install('sim1', namespace);
  const ref = lab.clusters.tenant('sim1', namespace);
  const api = lab.clusters.open(ref);
  const config = async (name: string): Promise<DeploymentConfig> => {
    const found = await api.get('deploymentconfigs', name);
    if (!found) throw new Error(`there is no dc/${name}`);
    return found;
  };
  const tenant = {
    namespace,
    api,
    config,
    /** The images that its newest replication controller was made with. */
    async runs(name: string): Promise<readonly string[]> {
      const newest = await api.get('replicationcontrollers', newestControllerName(await config(name)) ?? '');
      return (newest?.spec.template?.spec.containers ?? []).flatMap(({ image }) => image ?? []);
    },
    check: (options: PathOptions = {}) =>
      preflight({ api, path: pathFor(options), mark: workflowIdOf(ref) }, pathFor(options)),
    patch: async (name: string, ...operations: Operation[]) => {
      await api.patch('deploymentconfigs', name, operations);
      await lab.cluster.settle();
    },
  };
  await edit(tenant);
  await lab.cluster.settle();
  await tenants.adopt(namespace);
  return tenant;
}
type Tenant = Pick<Awaited<ReturnType<typeof installed>>, 'api' | 'config' | 'patch' | 'namespace'>;

/** The documented way to keep custom policies: the trigger leads to a tag of the owner's own. */
const ownTag =
  (name: string, stream: string, tag: string) =>
  async ({ api, config, patch }: Tenant): Promise<void> => {
    const old = (await api.get('imagestreams', stream))?.spec.tags?.find((one) => one.name === '2.3.0');
    await api.patch('imagestreams', stream, [
      { op: 'add', path: '/spec/tags/-', value: { ...old, name: tag } },
    ]);
    await lab.cluster.settle();
    const triggers = (await config(name)).spec.triggers ?? [];
    const place = triggers.findIndex(({ type }) => type === 'ImageChange');
    const path = `/spec/triggers/${place}/imageChangeParams/from/name`;
    await patch(name, { op: 'replace', path, value: `${stream}:${tag}` });
  };
const withoutTrigger =
  (name: string) =>
  async ({ config, patch }: Tenant): Promise<void> => {
    const triggers = (await config(name)).spec.triggers ?? [];
    const place = triggers.findIndex(({ type }) => type === 'ImageChange');
    await patch(name, { op: 'remove', path: `/spec/triggers/${place}` });
  };

/** Both write its image: nobody can tell which of them wins. */
const secondTrigger =
  (name: string) =>
  async ({ config, patch }: Tenant): Promise<void> => {
    const own = (await config(name)).spec.triggers?.find(({ type }) => type === 'ImageChange');
    const from = { kind: 'ImageStreamTag', name: 'amp-apicast:2.3.0' };
    const value = { ...own, imageChangeParams: { ...own?.imageChangeParams, from } };
    await patch(name, { op: 'add', path: '/spec/triggers/-', value });
  };

const ELSEWHERE = [
  ['its trigger leads to a tag of the owner’s', ownTag('apicast-staging', 'amp-apicast', 'production')],
  ['it has no image trigger', withoutTrigger('apicast-staging')],
] as const;

test.each([
  ...ELSEWHERE,
  ['a second trigger writes its image too', secondTrigger('apicast-staging')] as const,
])('%s, and it is to follow: it runs the new version, after one rollout', async (what, edit) => {
  const tenant = await installed(`follow-${what.length}`, edit);
  const path: PathOptions = { components: { 'apicast-staging': 'follow' } };
  expect((await tenant.check()).findings).toMatchObject([{ check: 'images-followed' }]);
  expect((await tenant.check(path)).findings).toEqual([]);
  const end = await lab.upgrade(tenant.namespace, { path });
  expect([end.state, end.leftovers]).toEqual(['upgraded', []]);
  expect(await tenant.runs('apicast-staging')).toEqual([expect.stringMatching(NEW)]);
  expect(tenants.rollouts(tenant.namespace)).toMatchObject({ 'apicast-staging': 1, 'system-app': 1 });
});

test.each([...ELSEWHERE, ['a second trigger writes its image', secondTrigger('apicast-staging')] as const])(
  '%s, and it is to follow, and is taken back: all is as before, and nothing has rolled',
  async (what, edit) => {
    const tenant = await installed(`back-${what.length}`, edit);
    const before = (await tenant.config('apicast-staging')).spec;
    const path: PathOptions = { components: { 'apicast-staging': 'follow' } };
    const handle = await pausedAfter(lab, tenant.namespace, 'follow-apicast-staging', { path });
    await lab.cluster.settle();
    expect((await tenant.config('apicast-staging')).spec.template.spec.containers[0]?.image).toMatch(NEW);
    const end = await aborted(handle);
    expect([end.state, end.leftovers, end.held]).toEqual(['aborted', [], undefined]);
    expect((await tenant.config('apicast-staging')).spec).toEqual(before);
    expect(tenants.rollouts(tenant.namespace)).toEqual({});
  },
);

test.each(ELSEWHERE)(
  '%s, and it is left: it goes on running what it ran, and the end says so',
  async (what, edit) => {
    const tenant = await installed(`left-${what.length}`, edit);
    const before = await tenant.runs('apicast-staging');
    const path: PathOptions = { components: { 'apicast-staging': 'leave' } };
    expect((await tenant.check(path)).findings).toEqual([]);
    const at = ['--kubeconfig', lab.kubeconfig, '-c', 'sim1', '-n', tenant.namespace];
    const plan = await runCli(['plan', ...at, '--leave', 'apicast-staging']);
    expect([plan.exitCode, plan.stdout]).toEqual([
      2,
      expect.stringContaining('dc/apicast-staging goes on running'),
    ]);
    const end = await lab.upgrade(tenant.namespace, { path });
    expect([end.state, end.leftovers]).toEqual([
      'upgraded',
      ['dc/apicast-staging goes on running what it ran before, as chosen'],
    ]);
    expect(await tenant.runs('apicast-staging')).toEqual(before);
    expect(tenants.rollouts(tenant.namespace)).not.toHaveProperty('apicast-staging');
  },
);

test('what is to be left, and follows what the upgrade moves, would not stay: the check says so', async () => {
  const tenant = await installed('left-and-follows', () => Promise.resolve());
  expect((await tenant.check({ components: { 'apicast-staging': 'leave' } })).findings).toMatchObject([
    { check: 'images-followed', severity: 'fatal', object: 'dc/apicast-staging' },
  ]);
});

const secondGateway = async ({ api, config }: Tenant): Promise<void> => {
  const { metadata, spec } = await config('apicast-production');
  const labels = metadata.labels ? { labels: metadata.labels } : {};
  await api.create('deploymentconfigs', { metadata: { name: 'second-gateway', ...labels }, spec });
};
const ALONG: PathOptions = { takeAlong: { 'second-gateway': 'apicast-production' } };

test('the owner’s own that follows is taken along: it is staged under a pause, and rolls once, in its place', async () => {
  const tenant = await installed('along', secondGateway);
  expect((await tenant.check()).findings).toMatchObject([
    {
      check: 'own-followers',
      hint: expect.stringContaining('--take-along second-gateway=apicast-production') as unknown,
    },
  ]);
  expect((await tenant.check(ALONG)).findings).toEqual([]);
  const end = await lab.upgrade(tenant.namespace, { path: ALONG });
  expect([end.state, end.leftovers]).toEqual(['upgraded', []]);
  expect(await tenant.runs('second-gateway')).toContainEqual(expect.stringMatching(NEW));
  expect(tenants.rollouts(tenant.namespace)).toMatchObject({ 'second-gateway': 1, 'apicast-production': 1 });
  const at = (id: string): string => end.steps.find((step) => step.id === id)?.startedAt ?? '';
  expect(at('roll-out-second-gateway') > at('roll-out-system-app')).toBe(true);
});

test('what was taken along is taken back with the rest, without a rollout', async () => {
  const tenant = await installed('along-and-back', secondGateway);
  const before = (await tenant.config('second-gateway')).spec;
  const handle = await pausedAfter(lab, tenant.namespace, 'pause-rollouts', { path: ALONG });
  expect((await tenant.config('second-gateway')).spec.paused).toBe(true);
  expect((await aborted(handle)).state).toBe('aborted');
  expect((await tenant.config('second-gateway')).spec).toEqual(before);
  expect(tenants.rollouts(tenant.namespace)).toEqual({});
});

test('images of a mirror: those of the new version are to come from there too, and the flags are there to copy', async () => {
  const namespace = 'mirrored';
  const mirror = 'mirror.example.test:5000/threescale';
  await lab.simulator.install('sim1', namespace, { registry: mirror });
  const at = ['--kubeconfig', lab.kubeconfig, '-c', 'sim1', '-n', namespace];
  const { exitCode, stdout } = await runCli(['check', ...at]);
  const flags = ['system', 'apicast-gateway', 'backend', 'zync'].map(
    (name) => `--image ${name.replace('-gateway', '')}=${mirror}/3scale-amp24/${name}`,
  );
  const all = [...flags, `--image memcached=${mirror}/3scale-amp20/memcached`];
  expect([exitCode, stdout.replace(/\s+/g, ' ')]).toEqual([3, expect.stringContaining(all.join(' '))]);
  const named = all.flatMap((flag) => flag.split(' '));
  expect((await runCli(['check', ...at, ...named])).exitCode).toBe(0);
});

test('what is set on the tags that are replaced, and is not taken over, is in the plan', async () => {
  const tenant = await installed('policies', async ({ api }) => {
    const { spec } = (await api.get('imagestreams', 'amp-zync')) ?? {};
    const place = (name: string): number => spec?.tags?.findIndex((tag) => tag.name === name) ?? -1;
    await api.patch('imagestreams', 'amp-zync', [
      { op: 'add', path: `/spec/tags/${place('latest')}/referencePolicy`, value: { type: 'Local' } },
      {
        op: 'add',
        path: `/spec/tags/${place('2.3.0')}/importPolicy`,
        value: { insecure: true, scheduled: true },
      },
    ]);
  });
  const at = ['--kubeconfig', lab.kubeconfig, '-c', 'sim1', '-n', tenant.namespace];
  const { exitCode, stdout } = await runCli(['plan', ...at]);
  const shown = stdout.replace(/\s+/g, ' ');
  expect([exitCode, shown]).toEqual([
    2,
    expect.stringMatching(
      /imagestream\/amp-zync: the new tags do not take over what is set on the old ones: latest: referencePolicy Local, 2\.3\.0: importPolicy\.insecure true, 2\.3\.0: importPolicy\.scheduled true/,
    ),
  ]);
  expect(shown).not.toContain('imagestream/amp-system: the new tags');
});

test('a pushed latest is replaced only where somebody has chosen so', async () => {
  const tenant = await installed('pushed', async ({ namespace }) => {
    await pushImage(lab.cluster, { namespace, stream: 'amp-system', tag: 'latest', name: 'own-build' });
  });
  expect((await tenant.check()).findings).toMatchObject([
    {
      check: 'latest-is-the-vendors',
      severity: 'fatal',
      object: 'imagestream/amp-system',
      hint: expect.stringContaining('--replace-latest amp-system') as unknown,
    },
  ]);
  const path: PathOptions = { replaceLatest: ['amp-system'] };
  expect((await tenant.check(path)).findings).toEqual([]);
  expect(await lab.upgrade(tenant.namespace, { path })).toMatchObject({ state: 'upgraded' });
  expect(await tenant.runs('system-app')).toContainEqual(expect.stringMatching(NEW));
});

test('start says where an upgrade runs already with other choices than those that are typed', async () => {
  const tenant = await installed('attached', () => Promise.resolve());
  const at = ['--kubeconfig', lab.kubeconfig, '-c', 'sim1', '-n', tenant.namespace];
  const never = ['--window-opens', '0 3 1 1 *', '--window-minutes', '240', '--window-zone', 'UTC'];
  const start = ['start', ...at, ...never, '--yes', '--no-watch', '--why', 'to see it'];
  expect((await runCli(start)).exitCode).toBe(0);
  const again = await runCli(start);
  expect(again.stderr).toContain('is being upgraded already: attaching to it');
  const otherwise = await runCli([...start, '--release-everywhere']);
  expect(otherwise.stderr).toContain('is being upgraded already, with other choices (images');
  const unlogged = await runCli([...start, '--no-logs']);
  expect(unlogged.stderr).toContain('with other choices (window, --on-failure, --no-logs and the like)');
});
