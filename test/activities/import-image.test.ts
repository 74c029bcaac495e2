import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Patience } from '../../src/procedure/images/import-image.ts';
import { importImage } from '../../src/procedure/images/import-image.ts';
import { StepError } from '../../src/procedure/step-error.ts';
import type { TenantApi } from '../../src/openshift/tenant-api.ts';
import { tooSlow } from '../../src/openshift/tenant-api.ts';
import type { ImageStream } from '../../src/openshift/types.ts';
import type { SimulatedClusters } from '../support/simulated-clusters.ts';
import { openClusters } from '../support/simulated-clusters.ts';

const IMAGE = 'registry.access.redhat.com/3scale-amp24/zync';
const WANTED = { imageStream: 'amp-zync', tag: '2.4.0', image: IMAGE };
const IMPATIENT: Patience = { promptMs: 1_000, waitsMs: [10, 10, 10, 10, 10], longestMs: 60_000 };

let lab: SimulatedClusters;
beforeAll(async () => {
  lab = await openClusters({ timing: { rolloutMs: 5, hookMs: 5, importMs: 5, terminationMs: 5 } });
});
afterAll(() => lab.close());

let count = 0;
async function installed(): Promise<{ api: TenantApi; namespace: string }> {
  const namespace = `tenant-${(count += 1)}`;
  await lab.simulator.install('sim1', namespace);
  return { namespace, api: lab.clusters.open(lab.clusters.tenant('sim1', namespace)) };
}

/** Tags the stream as the step does; as the cluster answers it. */
const tagged = (api: TenantApi): Promise<ImageStream> =>
  api.patch('imagestreams', WANTED.imageStream, [
    {
      op: 'add',
      path: '/spec/tags/-',
      value: { name: '2.4.0', annotations: { of: 'ours' }, from: { kind: 'DockerImage', name: IMAGE } },
    },
    {
      op: 'add',
      path: '/spec/tags/-',
      value: { name: 'latest', from: { kind: 'ImageStreamTag', name: '2.4.0' } },
    },
  ]);

const refusal = (wait: Promise<unknown>): Promise<unknown> =>
  wait.then(
    () => undefined,
    (error: unknown) => error,
  );

async function streamOf(api: TenantApi): Promise<ImageStream> {
  const stream = await api.get('imagestreams', WANTED.imageStream);
  if (!stream) throw new Error('it is not there');
  return stream;
}

test('an image that is imported promptly is not asked for', async () => {
  const { api } = await installed();
  expect(await importImage(api, await tagged(api), WANTED)).toBe(0);
});

test('a registry that is well again is asked again: the tag has its image, and all else is as it was tagged', async () => {
  const { api } = await installed();
  const away = lab.simulator
    .cluster('sim1')
    .registry.fail({ images: IMAGE, answer: { httpStatus: 503 }, times: 4 });
  const before = await tagged(api);
  expect(await importImage(api, before, WANTED, IMPATIENT)).toBe(4);
  away.remove();
  const { spec, status } = await streamOf(api);
  const known = ({ name, annotations, from }: NonNullable<typeof spec.tags>[number]): unknown => [
    name,
    annotations,
    from,
  ];
  expect(spec.tags?.map(known)).toEqual(before.spec.tags?.map(known));
  const [ours, latest] = ['2.4.0', 'latest'].map((tag) => status?.tags?.find((events) => events.tag === tag));
  expect(ours?.conditions).toBeUndefined();
  expect(latest?.items?.[0]?.image).toBe(ours?.items?.[0]?.image);
});

test('an image that is not there ends soon, with the words of the registry', async () => {
  const { api } = await installed();
  const gone = lab.simulator.cluster('sim1').registry.fail({ images: IMAGE, answer: 'not-found' });
  const error = await refusal(importImage(api, await tagged(api), WANTED, IMPATIENT));
  gone.remove();
  expect(error).toBeInstanceOf(StepError);
  expect(error).toMatchObject({
    type: 'ImportFailed',
    message: `imagestream/amp-zync:2.4.0 cannot be imported from ${IMAGE}: dockerimage.image.openshift.io "${IMAGE}:latest" not found`,
  });
  // The cluster's own importer asked once.
  expect(gone.hits).toBe(4);
});

test('what was never sent says nothing of the registry', async () => {
  const { api } = await installed();
  const gone = lab.simulator.cluster('sim1').registry.fail({ images: IMAGE, answer: 'not-found' });
  const seen = await tagged(api);
  const shut = api.fencedBy({ isOpen: false, pass: () => Promise.reject(tooSlow()) });
  expect(await refusal(importImage(shut, seen, WANTED, IMPATIENT))).toMatchObject({
    kind: 'Unreachable',
    unsure: false,
  });
  gone.remove();
});

test('an image that may not be had ends soon; a registry in trouble is given longer', async () => {
  const { registry } = lab.simulator.cluster('sim1');
  const hits = [];
  for (const answer of ['unauthorized', 'unreachable'] as const) {
    const { api } = await installed();
    const failing = registry.fail({ images: IMAGE, answer });
    expect(await refusal(importImage(api, await tagged(api), WANTED, IMPATIENT))).toBeInstanceOf(StepError);
    failing.remove();
    hits.push(failing.hits);
  }
  expect(hits).toEqual([4, 7]);
});

test('the same failure that was there before is seen at once: nothing waits for a condition that never comes', async () => {
  const { api } = await installed();
  const gone = lab.simulator.cluster('sim1').registry.fail({ images: IMAGE, answer: 'not-found' });
  const seen = await tagged(api);
  for (let attempt = 1; attempt <= 2; attempt += 1) {
    const error = await refusal(
      importImage(api, attempt === 1 ? seen : await streamOf(api), WANTED, IMPATIENT),
    );
    expect(error).toMatchObject({ type: 'ImportFailed' });
  }
  gone.remove();
  expect(gone.hits).toBe(7);
});

test('a tag that somebody points elsewhere meanwhile is not overwritten', async () => {
  const { api } = await installed();
  const gone = lab.simulator.cluster('sim1').registry.fail({ images: IMAGE, answer: { httpStatus: 503 } });
  const waiting = refusal(
    importImage(api, await tagged(api), WANTED, { ...IMPATIENT, waitsMs: [300, 300, 300] }),
  );
  while (gone.hits < 2) await new Promise((resolve) => setTimeout(resolve, 5));
  const other = { kind: 'DockerImage', name: 'registry.example.com/other' };
  await api.patch('imagestreams', WANTED.imageStream, [
    { op: 'add', path: '/spec/tags/-', value: { name: '2.4.0', from: other } },
  ]);
  expect(await waiting).toMatchObject({ type: 'EditedByOthers' });
  gone.remove();
  expect((await streamOf(api)).spec.tags?.find(({ name }) => name === '2.4.0')?.from).toMatchObject(other);
});
