/** deploy/kustomize, as kubectl renders it, held to the schemas of the API and of Temporal's worker controller. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import { execa } from 'execa';
import { parseAllDocuments } from 'yaml';
import { faultsOf } from '../support/kubernetes-models.ts';
import { ROOT } from '../support/compose-file.ts';
import { whyNotTyped } from '../support/parse-command.ts';

interface Labels {
  readonly matchLabels?: Readonly<Record<string, string>>;
}
interface PodSpec {
  readonly serviceAccountName: string;
  readonly securityContext: object;
  readonly volumes: readonly { readonly name: string; readonly secret?: { readonly secretName: string } }[];
  readonly topologySpreadConstraints: readonly { readonly labelSelector: Labels }[];
  readonly containers: readonly {
    readonly args: readonly string[];
    readonly image: string;
    readonly ports: readonly { readonly name: string; readonly containerPort: number }[];
    readonly volumeMounts: readonly { readonly name: string }[];
    readonly env?: readonly { readonly name: string }[];
    readonly [key: string]: unknown;
  }[];
}
interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly data?: Readonly<Record<string, string>>;
  readonly spec: {
    readonly selector: Labels;
    readonly podSelector: Labels;
    readonly workerOptions?: { readonly connectionRef: { readonly name: string } };
    readonly template: {
      readonly metadata: { readonly labels: Record<string, string> };
      readonly spec: PodSpec;
    };
  };
}

const FOLDER = join(ROOT, 'deploy/kustomize');
const read = (text: string): KubeObject[] => parseAllDocuments(text).map((one) => one.toJS() as KubeObject);

async function render(folder: string): Promise<KubeObject[]> {
  const { stdout } = await execa('kubectl', ['kustomize', folder]);
  return read(stdout);
}

/** A folder of somebody who takes a part of ours. */
async function renderWith(component: string): Promise<KubeObject[]> {
  const { mkdtempSync, rmSync, writeFileSync } = await import('node:fs');
  const folder = mkdtempSync(join(FOLDER, 'test-'));
  try {
    writeFileSync(
      join(folder, 'kustomization.yaml'),
      `resources: [../base]\ncomponents: [../components/${component}]\n`,
    );
    return await render(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const MODELS: Readonly<Record<string, string>> = {
  'apps/v1 Deployment': 'V1Deployment',
  'v1 ServiceAccount': 'V1ServiceAccount',
  'v1 ConfigMap': 'V1ConfigMap',
  'v1 Secret': 'V1Secret',
  'policy/v1 PodDisruptionBudget': 'V1PodDisruptionBudget',
  'networking.k8s.io/v1 NetworkPolicy': 'V1NetworkPolicy',
};

interface CustomSchema {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly spec: object;
}
const custom = ['worker-deployment', 'connection'].map(
  (name) =>
    JSON.parse(
      readFileSync(join(ROOT, `test/fixtures/temporal-worker-controller/${name}.json`), 'utf8'),
    ) as CustomSchema,
);

function faults(object: KubeObject): unknown[] {
  const { apiVersion, kind, spec } = object;
  const model = MODELS[`${apiVersion} ${kind}`];
  if (model !== undefined) return faultsOf(object, model, kind);
  const schema = custom.find((one) => one.kind === kind && `${one.group}/${one.version}` === apiVersion);
  if (!schema) return [`${apiVersion} ${kind} is not known`];
  const validate = new Ajv({ strict: false, validateFormats: false }).compile(schema.spec);
  validate(spec);
  const ofPod = 'template' in spec ? faultsOf(spec.template, 'V1PodTemplateSpec', kind) : [];
  return [...(validate.errors ?? []), ...ofPod];
}

const worker = (objects: readonly KubeObject[]): KubeObject => {
  const found = objects.find(({ kind }) => kind === 'Deployment' || kind === 'WorkerDeployment');
  if (!found) throw new Error('there is no worker');
  return found;
};

const OVERLAYS = ['base', 'site', 'worker-controller'];

test.each(OVERLAYS)('%s is what the API takes', async (name) => {
  expect((await render(join(FOLDER, name))).flatMap(faults)).toEqual([]);
});

test.each(['temporal-tls', 'temporal-api-key'])('so is the base with %s', async (component) => {
  const objects = await renderWith(component);
  expect(objects.flatMap(faults)).toEqual([]);
  const [container] = worker(objects).spec.template.spec.containers;
  expect(container?.env?.every(({ name }) => name.startsWith('TEMPORAL_'))).toBe(true);
});

test('metrics are told by the workers and by a pod of their own, to whom their policies let in', async () => {
  const objects = await renderWith('metrics');
  expect(objects.flatMap(faults)).toEqual([]);
  const deployments = objects.filter(({ kind }) => kind === 'Deployment');
  expect(deployments.map(({ metadata }) => metadata.name).sort()).toEqual([
    'threescale-upgrade-metrics',
    'threescale-upgrade-worker',
  ]);
  const policies = JSON.stringify(objects.filter(({ kind }) => kind === 'NetworkPolicy'));
  for (const { spec } of deployments) {
    const [container] = spec.template.spec.containers;
    expect(await whyNotTyped(container?.args ?? [])).toBeUndefined();
    const port = container?.ports.find(({ name }) => name === 'metrics')?.containerPort;
    expect(policies).toContain(`{"port":${port},"protocol":"TCP"}`);
    expect(container?.image).toMatch(/^threescale-upgrade:\d/);
  }
});

test('the schemas know what is wrong', async () => {
  const [, , deployment] = await render(join(FOLDER, 'base'));
  const wrong = structuredClone(deployment) as unknown as { spec: Record<string, unknown> };
  wrong.spec['replicass'] = 2;
  wrong.spec['replicas'] = 'two';
  delete wrong.spec['selector'];
  expect(faultsOf(wrong, 'V1Deployment')).toEqual([
    '.spec.replicas: string, and not number',
    '.spec.replicass: unknown to V1DeploymentSpec',
    '.spec.selector: missing',
  ]);
});

test.each(OVERLAYS)('every selector of %s is of its workers, and of nothing else', async (name) => {
  const objects = await render(join(FOLDER, name));
  const { labels } = worker(objects).spec.template.metadata;
  const selectors = objects.flatMap(({ spec }) => [
    spec?.selector,
    spec?.podSelector,
    ...(spec?.template?.spec.topologySpreadConstraints ?? []).map(({ labelSelector }) => labelSelector),
  ]);
  const given = selectors.filter((selector) => selector !== undefined);
  expect(given.length).toBeGreaterThanOrEqual(4);
  for (const selector of given) expect(selector).toEqual({ matchLabels: labels });
});

test('workers of a site and of the base may stand in one project', async () => {
  const [base, site] = await Promise.all(['base', 'site'].map((name) => render(join(FOLDER, name))));
  const names = [...(base ?? []), ...(site ?? [])].map(({ kind, metadata }) => `${kind} ${metadata.name}`);
  expect(new Set(names).size).toBe(names.length);
  expect(worker(base ?? []).spec.selector).not.toEqual(worker(site ?? []).spec.selector);
});

test.each(OVERLAYS)(
  'the worker of %s is typed as it can be, writes nowhere, and says how it is',
  async (name) => {
    const objects = await render(join(FOLDER, name));
    const { containers, securityContext, volumes, ...pod } = worker(objects).spec.template.spec;
    expect(containers).toHaveLength(1);
    const [container] = containers;
    expect(await whyNotTyped(container?.args ?? [])).toBeUndefined();
    expect(container?.args.includes('--site=eu')).toBe(name === 'site');
    expect(securityContext).toMatchObject({ runAsNonRoot: true });
    expect(container?.['securityContext']).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    const [port] = container?.ports ?? [];
    expect(container?.args).toContain(`--health-port=${port?.containerPort}`);
    expect(container).toMatchObject({
      livenessProbe: { httpGet: { path: '/livez', port: port?.name } },
      readinessProbe: { httpGet: { path: '/readyz', port: port?.name } },
    });
    expect(container?.volumeMounts.map((mount) => mount.name)).toEqual(volumes.map((volume) => volume.name));
    const accounts = objects
      .filter(({ kind }) => kind === 'ServiceAccount')
      .map(({ metadata }) => metadata.name);
    expect(accounts).toEqual([pod.serviceAccountName]);
  },
);

test('every Secret that is named has its shape written down, without a value', async () => {
  const shapes = read(readFileSync(join(FOLDER, 'secrets.example.yaml'), 'utf8'));
  expect(shapes.flatMap(faults)).toEqual([]);
  const known = shapes.map(({ metadata }) => metadata.name);
  const all = await Promise.all([
    ...OVERLAYS.map((name) => render(join(FOLDER, name))),
    ...['temporal-tls', 'temporal-api-key'].map(renderWith),
  ]);
  const named = [
    ...JSON.stringify(all).matchAll(/threescale-upgrade-(?:kubeconfig|temporal-tls|temporal-api-key)/g),
  ];
  expect(new Set(named.map(([name]) => name))).toEqual(new Set(known));
  const values = shapes.flatMap((shape) =>
    Object.values((shape as { stringData?: object }).stringData ?? {}),
  );
  expect(values.filter((value) => value !== '')).toEqual([]);
});

test('the worker controller’s Connection is there', async () => {
  const objects = await render(join(FOLDER, 'worker-controller'));
  const connections = objects
    .filter(({ kind }) => kind === 'Connection')
    .map(({ metadata }) => metadata.name);
  expect(connections).toEqual([worker(objects).spec.workerOptions?.connectionRef.name]);
});
