/** What version an installation is: judged by all that names one, and said alike by check, plan, discover and start. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { InstallOptions } from '../../simulator/installation/install.ts';
import type { Manifest } from '../../simulator/installation/manifest.ts';
import { RESOURCES } from '../../simulator/resources.ts';
import { preflight } from '../../src/procedure/preflight/preflight.ts';
import { discover } from '../../src/cli/fleet/discovery.ts';
import { workflowIdOf } from '../../src/domain/tenant/workflow-id.ts';
import { pathFor } from '../support/upgrade-input.ts';
import type { SimulatedClusters } from '../support/simulated-clusters.ts';
import { runCli } from '../support/hosted-cli.ts';
import { openClusters } from '../support/simulated-clusters.ts';

let lab: SimulatedClusters;
beforeAll(async () => {
  lab = await openClusters({ timing: { rolloutMs: 20, hookMs: 5, importMs: 5, terminationMs: 5 } });
});
afterAll(() => lab.close());

/** Changes the text of DeploymentConfigs: what `pattern` finds becomes `by`. */
const rewritten = (pattern: RegExp, by: string, kind = 'DeploymentConfig') => ({
  change: (manifest: Manifest): Manifest =>
    manifest.kind === kind
      ? (JSON.parse(JSON.stringify(manifest).replaceAll(pattern, by)) as Manifest)
      : manifest,
});

const LITERAL = /\{"name":"AMP_RELEASE","value":"[^"]*"\}/g;
const KEY = '{"name":"AMP_RELEASE","valueFrom":{"KIND":{"name":"system-environment","key":"AMP_RELEASE"}}}';
const fromConfigMap = rewritten(LITERAL, KEY.replace('KIND', 'configMapKeyRef'));
const fromSecret = rewritten(LITERAL, KEY.replace('KIND', 'secretKeyRef'));

const release = (valueFrom: object): string =>
  JSON.stringify({ name: 'AMP_RELEASE', valueFrom }).replaceAll('$', '$$$$');
const whole = (source: object): string =>
  `{"name":"OTHER","value":"x"}$1],"envFrom":[${JSON.stringify(source)}]`;
const FIRST_IN_LIST = /\{"name":"AMP_RELEASE","value":"[^"]*"\}(.*?)\]/g;
const TAGS_SAY_23 = 'what else names one says 2.3: tag latest of imagestream/amp-apicast';

interface Case {
  readonly name: string;
  readonly install: InstallOptions;
  /** Objects besides, made before it is installed. */
  readonly data?: {
    readonly kind: 'configmaps' | 'secrets';
    readonly release: string;
    readonly key?: string;
  };
  readonly says: {
    readonly installation: 'from' | 'upgraded' | 'half-upgraded' | 'unknown';
    readonly version?: string;
    /** What stands against it. */
    readonly message?: string;
  };
  readonly upgradable: boolean;
}

const CASES: readonly Case[] = [
  {
    name: 'a 2.3',
    install: {},
    says: { installation: 'from', version: '2.3.0' },
    upgradable: true,
  },
  {
    name: 'a 2.6 whose Secret ends with a line, as one from a file does',
    install: fromSecret,
    data: { kind: 'secrets', release: '2.6.0\n' },
    says: { installation: 'unknown', version: '2.6.0', message: 'the version is 2.6.0, newer than the 2.4' },
    upgradable: false,
  },
  {
    name: 'a 2.3 that says so in a ConfigMap',
    install: fromConfigMap,
    data: { kind: 'configmaps', release: '2.3.0' },
    says: { installation: 'from', version: '2.3.0' },
    upgradable: true,
  },
  {
    name: 'a 2.3 that says so in a Secret',
    install: fromSecret,
    data: { kind: 'secrets', release: '2.3.0' },
    says: { installation: 'from', version: '2.3.0' },
    upgradable: true,
  },
  {
    name: 'a 2.6 that says so in a ConfigMap',
    install: { release: '2.6.0', ...fromConfigMap },
    data: { kind: 'configmaps', release: '2.6.0' },
    says: { installation: 'unknown', version: '2.6.0', message: 'the version is 2.6.0, newer than the 2.4' },
    upgradable: false,
  },
  {
    name: 'a 2.3 of which one container says 2.6',
    install: rewritten(
      /("name":"system-developer".*?)\{"name":"AMP_RELEASE","value":"[^"]*"\}/g,
      '$1{"name":"AMP_RELEASE","value":"2.6.0"}',
    ),
    says: { installation: 'unknown', version: '2.6.0', message: 'the version is 2.6.0, newer than the 2.4' },
    upgradable: false,
  },
  {
    name: 'a 2.6 that is put together of another variable',
    install: rewritten(
      LITERAL,
      '{"name":"MINOR","value":"6"},{"name":"AMP_RELEASE","value":"2.$(MINOR).0"},{"name":"MINOR","value":"3"}',
    ),
    says: { installation: 'unknown', version: '2.6.0', message: 'the version is 2.6.0, newer than the 2.4' },
    upgradable: false,
  },
  {
    name: 'a 2.6 whose ConfigMap comes as a whole',
    install: {
      release: '2.6.0',
      ...rewritten(
        /\{"name":"AMP_RELEASE","value":"[^"]*"\}(.*?)\]/g,
        '{"name":"OTHER","value":"x"}$1],"envFrom":[{"configMapRef":{"name":"system-environment"}}]',
      ),
    },
    data: { kind: 'configmaps', release: '2.6.0' },
    says: { installation: 'unknown', version: '2.6.0', message: 'the version is 2.6.0, newer than the 2.4' },
    upgradable: false,
  },
  {
    name: 'a release that is a label of its pod, whatever all else says',
    install: rewritten(LITERAL, release({ fieldRef: { fieldPath: "metadata.labels['release']" } })),
    says: { installation: 'unknown', message: TAGS_SAY_23 },
    upgradable: false,
  },
  {
    name: 'a release that is a resource of its container',
    install: rewritten(LITERAL, release({ resourceFieldRef: { resource: 'limits.cpu' } })),
    says: { installation: 'unknown', message: 'it comes from a resourceFieldRef, which only its pod knows' },
    upgradable: false,
  },
  {
    name: 'a 2.6 whose release is called as its images are, whatever all else says',
    install: rewritten(LITERAL, '{"name":"AMP_RELEASE","value":"3scale-2.6.0-CR1"}'),
    says: { installation: 'unknown', version: '2.6', message: 'the version is 2.6, newer than the 2.4' },
    upgradable: false,
  },
  {
    name: 'a release that is none',
    install: rewritten(LITERAL, '{"name":"AMP_RELEASE","value":"master"}'),
    says: {
      installation: 'unknown',
      message: 'AMP_RELEASE of dc/system-app, container system-master: what it is set to names no version',
    },
    upgradable: false,
  },
  {
    name: 'a release that is empty: it is not set, and all else counts',
    install: rewritten(LITERAL, '{"name":"AMP_RELEASE","value":""}'),
    says: { installation: 'from', version: '2.3' },
    upgradable: true,
  },
  {
    name: 'a newer one whose release is a label of its pod: what runs is newer all the same',
    install: {
      release: '2.6.0',
      ...rewritten(LITERAL, release({ fieldRef: { fieldPath: "metadata.labels['release']" } })),
    },
    says: { installation: 'unknown', version: '2.6', message: 'the version is 2.6, newer than the 2.4' },
    upgradable: false,
  },
  {
    name: 'a release of a ConfigMap that is not there',
    install: fromConfigMap,
    says: {
      installation: 'unknown',
      message: 'it comes from key AMP_RELEASE of configmap/system-environment, which is not there',
    },
    upgradable: false,
  },
  {
    name: 'a release of an optional key that is not there: it is not set, and all else counts',
    install: rewritten(LITERAL, release({ configMapKeyRef: { name: 'gone', key: 'x', optional: true } })),
    says: { installation: 'from', version: '2.3' },
    upgradable: true,
  },
  {
    name: 'an optional key that is not there leaves what is set before it',
    install: rewritten(
      LITERAL,
      `{"name":"AMP_RELEASE","value":"2.6.0"},${release({ secretKeyRef: { name: 'gone', key: 'x', optional: true } })}`,
    ),
    says: { installation: 'unknown', version: '2.6.0', message: 'the version is 2.6.0, newer than the 2.4' },
    upgradable: false,
  },
  {
    name: 'a 2.6 whose ConfigMap comes as a whole, with a prefix',
    install: rewritten(
      FIRST_IN_LIST,
      whole({ prefix: 'AMP_', configMapRef: { name: 'system-environment' } }),
    ),
    data: { kind: 'configmaps', release: '2.6.0', key: 'RELEASE' },
    says: { installation: 'unknown', version: '2.6.0', message: 'the version is 2.6.0, newer than the 2.4' },
    upgradable: false,
  },
  {
    name: 'a ConfigMap that comes as a whole with another prefix says nothing',
    install: rewritten(FIRST_IN_LIST, whole({ prefix: 'MY_', configMapRef: { name: 'system-environment' } })),
    data: { kind: 'configmaps', release: '2.6.0' },
    says: { installation: 'from', version: '2.3' },
    upgradable: true,
  },
  {
    name: 'a ConfigMap as a whole that is not there',
    install: rewritten(FIRST_IN_LIST, whole({ configMapRef: { name: 'gone' } })),
    says: { installation: 'unknown', message: 'it may come from configmap/gone, which is not there' },
    upgradable: false,
  },
  {
    name: 'an optional ConfigMap as a whole that is not there',
    install: rewritten(FIRST_IN_LIST, whole({ configMapRef: { name: 'gone', optional: true } })),
    says: { installation: 'from', version: '2.3' },
    upgradable: true,
  },
  {
    name: 'a release put together of what is not set',
    install: rewritten(LITERAL, '{"name":"AMP_RELEASE","value":"2.$$(MINOR).0"}'),
    says: { installation: 'unknown', message: 'it refers to $(MINOR), which is not set' },
    upgradable: false,
  },
  {
    name: 'a 2.6 that says nothing: its images do',
    install: { release: '2.6.0', ...rewritten(LITERAL, '{"name":"OTHER","value":"x"}') },
    says: { installation: 'unknown', version: '2.6', message: 'the version is 2.6, newer than the 2.4' },
    upgradable: false,
  },
  {
    name: 'a 2.6 that says that it is 2.3: what runs counts',
    install: {
      release: '2.6.0',
      ...rewritten(/"AMP_RELEASE","value":"2.6.0"/g, '"AMP_RELEASE","value":"2.3.0"'),
    },
    says: { installation: 'unknown', version: '2.6', message: 'the version is 2.6, newer than the 2.4' },
    upgradable: false,
  },
  {
    name: 'a 2.4, as its template makes it',
    install: { release: '2.4.0', ...fromConfigMap },
    data: { kind: 'configmaps', release: '2.4.0' },
    says: { installation: 'upgraded', version: '2.4.0' },
    upgradable: false,
  },
  {
    name: 'a 2.3 whose ConfigMap says 2.4: what runs is 2.3',
    install: fromConfigMap,
    data: { kind: 'configmaps', release: '2.4.0' },
    says: { installation: 'from', version: '2.4.0', message: 'and yet all of it is as in 2.3' },
    upgradable: false,
  },
  {
    name: 'a 2.2 on which only APIcast was brought to 2.3, as the guide of that time does',
    install: rewritten(/"AMP_RELEASE","value":"2.3.0"/g, '"AMP_RELEASE","value":"2.2.0"'),
    says: { installation: 'from', version: '2.3' },
    upgradable: true,
  },
  {
    name: 'a 2.2',
    install: { release: '2.2.0' },
    says: {
      installation: 'unknown',
      version: '2.2.0',
      message: 'the version is 2.2.0, and this path starts from 2.3',
    },
    upgradable: false,
  },
];

test.each(CASES.map((one) => [one.name, one] as const))(
  '%s',
  async (_, { install, data, says, upgradable }) => {
    const namespace = `v-${CASES.findIndex((one) => one.says === says)}`;
    await lab.simulator.install('sim1', namespace, { ...install, seed: namespace });
    const tenant = lab.clusters.tenant('sim1', namespace);
    const api = lab.clusters.open(tenant);
    if (data)
      lab.simulator.cluster('sim1').store.create(
        RESOURCES[data.kind],
        {
          apiVersion: 'v1',
          kind: data.kind === 'secrets' ? 'Secret' : 'ConfigMap',
          metadata: {
            name: 'system-environment',
            namespace,
            uid: '',
            resourceVersion: '',
            creationTimestamp: '',
          },
          data: {
            [data.key ?? 'AMP_RELEASE']:
              data.kind === 'secrets' ? Buffer.from(data.release).toString('base64') : data.release,
          },
        },
        'somebody',
      );
    const report = await preflight({ api, path: pathFor(), mark: workflowIdOf(tenant) }, pathFor());
    const { message, ...rest } = says;
    expect(report).toMatchObject(rest);
    const fatal = report.findings
      .filter(({ severity }) => severity === 'fatal')
      .map((finding) => finding.message);
    expect(fatal).toEqual(message === undefined ? [] : [expect.stringContaining(message)]);
    const { found } = await discover(lab.clusters.copy(), ['sim1'], {
      patterns: [namespace],
      progress: () => undefined,
    });
    expect(found).toMatchObject([{ namespace, upgradable }]);
  },
);

test('where nothing names the version it is refused, with what was looked at; and taken where somebody says so', async () => {
  const { registry } = lab.simulator.cluster('sim1');
  for (const name of ['system', 'backend', 'zync', 'apicast-gateway', 'wildcard-router'])
    registry.add(`registry.access.redhat.com/own/${name}`);
  await lab.simulator.install('sim1', 'nameless', {
    change: (manifest) =>
      JSON.parse(
        JSON.stringify(manifest)
          .replaceAll(/3scale-amp2[23]/g, 'own')
          .replaceAll('2.3.0', 'stable'),
      ) as Manifest,
  });
  const at = ['--kubeconfig', lab.kubeconfig, '-c', 'sim1', '-n', 'nameless'];
  const refused = await runCli(['check', ...at]);
  expect(refused.exitCode).toBe(3);
  expect(refused.stdout).toContain('nothing names the version');
  expect(refused.stdout).toContain('imagestream/amp-system: latest → stable');
  expect(refused.stdout).toContain('--assume-version 2.3');
  expect((await runCli(['plan', ...at])).exitCode).toBe(3);
  expect((await runCli(['check', ...at, '--assume-version', '2.3'])).exitCode).toBe(0);
  expect((await runCli(['plan', ...at, '--assume-version', '2.3'])).exitCode).toBe(2);
  const other = await runCli(['check', ...at, '--assume-version', '2.5']);
  expect([other.exitCode, other.stderr]).toEqual([
    64,
    expect.stringContaining('the path 2.3-2.4 starts from 2.3'),
  ]);
});

test('a release that cannot be read may be said: all else has to fit still', async () => {
  const install = rewritten(LITERAL, release({ fieldRef: { fieldPath: 'metadata.name' } }));
  await lab.simulator.install('sim1', 'unread', install);
  const at = ['--kubeconfig', lab.kubeconfig, '-c', 'sim1', '-n', 'unread'];
  const check = await runCli(['check', ...at]);
  expect([check.exitCode, check.stdout]).toEqual([3, expect.stringContaining('--assume-version 2.3')]);
  expect((await runCli(['plan', ...at, '--assume-version', '2.3'])).exitCode).toBe(2);
});

test('nobody can say that a newer one is 2.3', async () => {
  await lab.simulator.install('sim1', 'surely-newer', { release: '2.6.0' });
  const at = ['--kubeconfig', lab.kubeconfig, '-c', 'sim1', '-n', 'surely-newer'];
  const { exitCode, stdout } = await runCli(['check', ...at, '--assume-version', '2.3']);
  expect([exitCode, stdout]).toEqual([
    3,
    expect.stringContaining('the version is 2.6.0, newer than the 2.4'),
  ]);
});

const VENDORS_24 = fileURLToPath(new URL('../../../shared/data/amp-2.4.yml', import.meta.url));
(existsSync(VENDORS_24) ? test : test.skip)(
  'what the vendor’s own template of 2.4 installs is upgraded already, where the template is there',
  async () => {
    await lab.simulator.install('sim1', 'vendors-24', {
      template: VENDORS_24,
      parameters: { TENANT_NAME: 'acme', WILDCARD_DOMAIN: 'apps.example.test' },
    });
    const at = ['--kubeconfig', lab.kubeconfig, '-c', 'sim1', '-n', 'vendors-24'];
    const check = await runCli(['check', ...at]);
    expect([check.exitCode, check.stdout]).toEqual([0, expect.stringMatching(/upgraded|nothing to do/)]);
    const plan = await runCli(['plan', ...at]);
    expect([plan.exitCode, plan.stdout]).toEqual([0, expect.stringMatching(/nothing/i)]);
  },
);
