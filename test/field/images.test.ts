/** What would not run 2.4 when all is done, and what would run it too early: said by check, before anything is touched. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Operation } from 'fast-json-patch';
import { preflight } from '../../src/procedure/preflight/preflight.ts';
import type { PreflightReport } from '../../src/domain/tenant/finding.ts';
import { workflowIdOf } from '../../src/domain/tenant/workflow-id.ts';
import type { DeploymentConfig } from '../../src/openshift/types.ts';
import { pathFor } from '../support/upgrade-input.ts';
import { runCli } from '../support/hosted-cli.ts';
import type { SimulatedClusters } from '../support/simulated-clusters.ts';
import { openClusters } from '../support/simulated-clusters.ts';

let lab: SimulatedClusters;
beforeAll(async () => {
  lab = await openClusters({ timing: { rolloutMs: 5, hookMs: 5, importMs: 5, terminationMs: 5 } });
});
afterAll(() => lab.close());

let count = 0;
async function installed() {
  const namespace = `images-${(count += 1)}`;
  await lab.simulator.install('sim1', namespace, { seed: namespace });
  const tenant = lab.clusters.tenant('sim1', namespace);
  const api = lab.clusters.open(tenant);
  const settle = () => lab.simulator.cluster('sim1').settle();
  const config = async (name: string): Promise<DeploymentConfig> => {
    const found = await api.get('deploymentconfigs', name);
    if (!found) throw new Error(`there is no dc/${name}`);
    return found;
  };
  const check = (): Promise<PreflightReport> =>
    preflight({ api, path: pathFor(), mark: workflowIdOf(tenant) }, pathFor());
  return { namespace, api, settle, config, check };
}
type Installed = Awaited<ReturnType<typeof installed>>;

/** The place of the image trigger of a DeploymentConfig. */
async function triggerOf({ config }: Installed, name: string): Promise<string> {
  const triggers = (await config(name)).spec.triggers ?? [];
  return `/spec/triggers/${triggers.findIndex(({ type }) => type === 'ImageChange')}`;
}
const ledTo =
  (from: object) =>
  (trigger: string): Operation[] => [
    { op: 'replace', path: `${trigger}/imageChangeParams/from`, value: { kind: 'ImageStreamTag', ...from } },
  ];

interface Case {
  readonly what: string;
  readonly config: string;
  readonly edit: (trigger: string) => readonly Operation[];
  readonly message: string;
}

const STAYS = 'what runs there would stay what it is';
const CASES: readonly Case[] = [
  {
    what: 'a trigger on another tag, the documented way to keep custom policies',
    config: 'apicast-staging',
    edit: ledTo({ name: 'amp-apicast:production' }),
    message: `container apicast-staging: the image trigger leads to amp-apicast:production, which the upgrade does not move, and ${STAYS}`,
  },
  {
    what: 'a trigger on the old version',
    config: 'system-sphinx',
    edit: ledTo({ name: 'amp-system:2.3.0' }),
    message: `containers system-sphinx, system-master-svc: the image trigger leads to amp-system:2.3.0, which the upgrade does not move, and ${STAYS}`,
  },
  {
    what: 'a trigger on a stream of the owner’s',
    config: 'apicast-production',
    edit: ledTo({ name: 'apicast-custom-policy:latest' }),
    message: `containers apicast-production, system-master-svc: the image trigger leads to apicast-custom-policy:latest, which the upgrade does not move, and ${STAYS}`,
  },
  {
    what: 'a trigger into another project',
    config: 'zync',
    edit: ledTo({ name: 'amp-zync:latest', namespace: 'shared-images' }),
    message: `containers zync, zync-db-svc: the image trigger leads to shared-images/amp-zync:latest, which the upgrade does not move, and ${STAYS}`,
  },
  {
    what: 'no image trigger',
    config: 'backend-listener',
    edit: (path) => [{ op: 'remove', path }],
    message: `container backend-listener: no image trigger, so ${STAYS}`,
  },
  {
    what: 'a second trigger that writes the same image, from a tag that does not move',
    config: 'zync',
    edit: () => [
      {
        op: 'add',
        path: '/spec/triggers/-',
        value: {
          type: 'ImageChange',
          imageChangeParams: {
            automatic: true,
            containerNames: ['zync'],
            from: { kind: 'ImageStreamTag', name: 'amp-zync:2.3.0' },
          },
        },
      },
    ],
    message: `container zync: image triggers lead to amp-zync:latest and amp-zync:2.3.0, of which the upgrade does not move all, and what runs there may stay what it is`,
  },
  {
    what: 'a trigger that leaves an init container out',
    config: 'backend-cron',
    edit: (path) => [
      { op: 'replace', path: `${path}/imageChangeParams/containerNames`, value: ['backend-cron'] },
    ],
    message: `container backend-redis-svc: no image trigger, so ${STAYS}`,
  },
];

test.each(CASES.map((one) => [one.what, one] as const))(
  '%s: it would stay on 2.3, and is not upgraded',
  async (_, { config, edit, message }) => {
    const tenant = await installed();
    await tenant.api.patch('deploymentconfigs', config, edit(await triggerOf(tenant, config)));
    await tenant.settle();
    const report = await tenant.check();
    const object = `dc/${config}`;
    expect(report.installation).toBe('from');
    expect(report.findings).toEqual([
      expect.objectContaining({
        check: 'images-followed',
        severity: 'fatal',
        object,
        message: `${object}: ${message}`,
      }),
    ]);
    const at = ['--kubeconfig', lab.kubeconfig, '-c', 'sim1', '-n', tenant.namespace];
    const { exitCode, stdout } = await runCli(['plan', ...at]);
    expect([exitCode, stdout]).toEqual([3, expect.stringContaining(message)]);
  },
);

/** It is named, and stands against nothing. */
const waits = (object: string, hint: string): unknown =>
  expect.objectContaining({
    check: 'own-followers',
    severity: 'warning',
    object,
    message: expect.stringContaining('it stays on what it runs') as unknown,
    hint: expect.stringContaining(hint) as unknown,
  });

test('what follows the same stream and is the owner’s would roll while it is staged: it is named, and may be paused', async () => {
  const tenant = await installed();
  const { metadata, spec } = await tenant.config('apicast-staging');
  await tenant.api.create('deploymentconfigs', {
    metadata: { name: 'second-gateway', ...(metadata.labels ? { labels: metadata.labels } : {}) },
    spec,
  });
  await tenant.settle();
  expect((await tenant.check()).findings).toEqual([
    expect.objectContaining({
      check: 'own-followers',
      severity: 'fatal',
      object: 'dc/second-gateway',
      hint: expect.stringContaining('oc rollout pause dc/second-gateway') as unknown,
    }),
  ]);
  await tenant.api.patch('deploymentconfigs', 'second-gateway', [
    { op: 'add', path: '/spec/paused', value: true },
  ]);
  await tenant.settle();
  expect((await tenant.check()).findings).toEqual([waits('dc/second-gateway', 'oc rollout resume')]);
});

/** A tag of the owner's that follows `latest` has its image moved along with it. */
async function aliasOfLatest({ api, settle }: Installed): Promise<string> {
  const value = { name: 'prod', from: { kind: 'ImageStreamTag', name: 'latest' } };
  await api.patch('imagestreams', 'amp-apicast', [{ op: 'add', path: '/spec/tags/-', value }]);
  await settle();
  return 'amp-apicast:prod';
}

test('what follows a tag that follows latest would roll while it is staged just as well: it is named', async () => {
  const tenant = await installed();
  const name = await aliasOfLatest(tenant);
  const { metadata, spec } = await tenant.config('apicast-staging');
  await tenant.api.create('deploymentconfigs', {
    metadata: { name: 'second-gateway', ...(metadata.labels ? { labels: metadata.labels } : {}) },
    spec,
  });
  await tenant.api.patch(
    'deploymentconfigs',
    'second-gateway',
    ledTo({ name })(await triggerOf(tenant, 'second-gateway')),
  );
  await tenant.settle();
  expect((await tenant.check()).findings).toMatchObject([
    { check: 'own-followers', severity: 'fatal', object: 'dc/second-gateway' },
  ]);
});

test('a component on a tag that follows latest moves with it: it is taken, and cannot be left', async () => {
  const tenant = await installed();
  const name = await aliasOfLatest(tenant);
  const config = 'apicast-staging';
  await tenant.api.patch('deploymentconfigs', config, ledTo({ name })(await triggerOf(tenant, config)));
  await tenant.settle();
  expect((await tenant.check()).findings).toEqual([]);
  const left = pathFor({ components: { [config]: 'leave' } });
  const report = await preflight({ api: tenant.api, path: left, mark: 'none' }, left);
  expect(report.findings).toMatchObject([
    { severity: 'fatal', message: expect.stringContaining(`leads to ${name}, which the upgrade moves`) },
  ]);
});

test('latest that is a tag of another stream is said to be that, and is not replaced without a word', async () => {
  const tenant = await installed();
  const { api } = tenant;
  const tags = (await api.get('imagestreams', 'amp-backend'))?.spec.tags ?? [];
  const path = `/spec/tags/${tags.findIndex(({ name }) => name === 'latest')}/from/name`;
  await api.patch('imagestreams', 'amp-backend', [{ op: 'replace', path, value: 'amp-zync:2.3.0' }]);
  await tenant.settle();
  expect((await tenant.check()).findings).toMatchObject([
    {
      check: 'latest-is-the-vendors',
      message: expect.stringContaining(
        'latest has the image of amp-zync:2.3.0, which is a tag of another image stream, and the upgrade',
      ) as unknown,
    },
  ]);
});

const ANNOTATION = 'image.openshift.io/triggers';
const follows = (tag: string, more: object = {}): Readonly<Record<string, string>> => ({
  [ANNOTATION]: JSON.stringify([
    {
      from: { kind: 'ImageStreamTag', name: tag },
      fieldPath: 'spec.template.spec.containers[?(@.name=="own")].image',
      ...more,
    },
  ]),
});
const template = {
  metadata: { labels: { app: 'own' } },
  spec: { containers: [{ name: 'own', image: 'example.test/own:1' }] },
};
const workload = { selector: { matchLabels: { app: 'own' } }, template };

test.each([
  ['deployments', 'deployment/own', { ...workload, paused: false }, 'oc rollout pause deployment/own'],
  ['statefulsets', 'statefulset/own', workload, 'oc set triggers statefulset/own --manual'],
  ['daemonsets', 'daemonset/own', workload, 'oc set triggers daemonset/own --manual'],
] as const)(
  '%s that follow by the annotation are named, and may wait',
  async (resource, object, spec, hint) => {
    const tenant = await installed();
    await tenant.api.create(resource, {
      metadata: { name: 'own', annotations: follows('amp-system:latest') },
      spec,
    });
    await tenant.api.create(resource, {
      metadata: { name: 'waits', annotations: follows('amp-system:latest', { paused: 'true' }) },
      spec,
    });
    await tenant.api.create(resource, {
      metadata: { name: 'elsewhere', annotations: follows('own-system:latest') },
      spec,
    });
    await tenant.settle();
    expect((await tenant.check()).findings).toEqual([
      expect.objectContaining({
        check: 'own-followers',
        severity: 'fatal',
        object,
        hint: expect.stringContaining(hint) as unknown,
      }),
      waits(object.replace(/own$/, 'waits'), 'oc set triggers'),
    ]);
  },
);

test('a paused Deployment waits, and is said to stay on what it runs', async () => {
  const tenant = await installed();
  const spec = { ...workload, paused: true };
  await tenant.api.create('deployments', {
    metadata: { name: 'own', annotations: follows('amp-zync:latest') },
    spec,
  });
  await tenant.settle();
  expect((await tenant.check()).findings).toEqual([
    waits('deployment/own', 'oc rollout resume deployment/own'),
  ]);
});

const FROM_JOBS = /spec\.template/g;
/** A CronJob has its containers deeper down. */
const followsFromJobs = (more: object = {}): Readonly<Record<string, string>> => ({
  [ANNOTATION]:
    follows('amp-system:latest', more)[ANNOTATION]?.replace(FROM_JOBS, 'spec.jobTemplate.spec.template') ??
    '',
});
const cronJob = { schedule: '0 3 * * *', jobTemplate: { spec: { template } } };

test.each([
  ['batch/v1', 'cronjobs', undefined],
  // Up to OpenShift 4.7: 3scale 2.3 runs on 3.11.
  ['batch/v1beta1', 'cronjobs.v1beta1', /\/apis\/batch\/v1\//],
] as const)('a CronJob of %s that follows by the annotation is named', async (_, resource, lacking) => {
  const tenant = await installed();
  const { faults } = lab.simulator.cluster('sim1');
  const names = [
    ['own', {}, false],
    ['waits', { paused: true }, false],
    ['suspended', {}, true],
  ] as const;
  for (const [name, more, suspend] of names) {
    await tenant.api.create(resource, {
      metadata: { name, annotations: followsFromJobs(more) },
      spec: { ...cronJob, suspend },
    });
  }
  await tenant.settle();
  const fault = lacking && faults.onRequest({ path: lacking }, { kind: 'no-such-api' });
  const { findings } = await tenant.check().finally(() => fault?.remove());
  expect(findings).toEqual([
    expect.objectContaining({
      check: 'own-followers',
      severity: 'fatal',
      object: 'cronjob/own',
      message: expect.stringContaining('its next job would run the new version') as unknown,
      hint: expect.stringContaining('oc set triggers cronjob/own --manual') as unknown,
    }),
    expect.objectContaining({
      severity: 'warning',
      object: 'cronjob/suspended',
      message: expect.stringContaining('is suspended') as unknown,
    }),
    waits('cronjob/waits', 'oc set triggers cronjob/waits --auto'),
  ]);
});

test.each([
  ['its name in the cluster’s registry', (own: string) => own, false],
  ['its stream’s name, which is looked up', () => 'amp-system:latest', true],
] as const)('a CronJob that runs what moves by %s is named', async (_, imageOf, local) => {
  const tenant = await installed();
  const { status } = (await tenant.api.get('imagestreams', 'amp-system')) ?? {};
  if (local)
    await tenant.api.patch('imagestreams', 'amp-system', [
      { op: 'add', path: '/spec/lookupPolicy', value: { local } },
    ]);
  const image = imageOf(status?.dockerImageRepository ?? '');
  const make = (name: string, own: string, suspend = false): Promise<unknown> => {
    const pod = { metadata: {}, spec: { containers: [{ name: 'own', image: own }] } };
    const jobTemplate = { spec: { template: pod } };
    return tenant.api.create('cronjobs', {
      metadata: { name },
      spec: { ...cronJob, suspend, jobTemplate },
    });
  };
  await make('own', image);
  await make('suspended', image, true);
  await make('elsewhere', `${image.replace(/:latest$/, '')}:2.3.0`);
  expect((await tenant.check()).findings).toMatchObject([
    {
      check: 'own-followers',
      severity: 'fatal',
      object: 'cronjob/own',
      message: expect.stringContaining('runs imagestreamtag amp-system:latest by its name') as unknown,
      hint: expect.stringContaining('"suspend":true') as unknown,
    },
    { severity: 'warning', object: 'cronjob/suspended' },
  ]);
});

test.each([
  ['by its trigger', [{ imageChange: { from: { kind: 'ImageStreamTag', name: 'amp-apicast:latest' } } }], {}],
  [
    'by its strategy',
    [{ imageChange: {} }],
    { sourceStrategy: { from: { kind: 'ImageStreamTag', name: 'amp-apicast:latest' } } },
  ],
] as const)('what is built on 3scale’s image, %s, is named', async (_, triggers, strategy) => {
  const tenant = await installed();
  await tenant.api.create('buildconfigs', {
    metadata: { name: 'own-policies' },
    spec: { triggers, strategy },
  });
  expect((await tenant.check()).findings).toEqual([
    expect.objectContaining({ check: 'own-followers', severity: 'fatal', object: 'bc/own-policies' }),
  ]);
});

test('what may not be listed is said not to have been looked at, and nothing stands against the upgrade', async () => {
  const tenant = await installed();
  const refusal = lab.simulator
    .cluster('sim1')
    .faults.onRequest(
      { method: 'GET', path: new RegExp(`/namespaces/${tenant.namespace}/(statefulsets|buildconfigs)$`) },
      { kind: 'status', code: 403, reason: 'Forbidden' },
    );
  const { findings } = await tenant.check();
  refusal.remove();
  expect(findings).toMatchObject([
    { severity: 'warning', message: expect.stringContaining('statefulsets, buildconfigs of') as unknown },
  ]);
});
