/** A revert takes back what the step has done, and nothing that somebody else has. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Operation } from 'fast-json-patch';
import type { ImageStream, SpecTag } from '../../src/openshift/types.ts';
import type { SimulatedClusters } from '../support/simulated-clusters.ts';
import { openClusters } from '../support/simulated-clusters.ts';
import type { Steps } from '../support/steps.ts';
import { openSteps } from '../support/steps.ts';

let lab: SimulatedClusters;
beforeAll(async () => {
  lab = await openClusters({ timing: { rolloutMs: 5, hookMs: 5, importMs: 5, terminationMs: 5 } });
});
afterAll(() => lab.close());

const STREAM = 'amp-zync';
const STEP = 'tag-amp-zync';

let count = 0;
const opened = (): Promise<Steps> => openSteps(lab, `tags-${(count += 1)}`);

async function stream({ api }: Steps): Promise<ImageStream> {
  const found = await api.get('imagestreams', STREAM);
  if (!found) throw new Error('it is not there');
  return found;
}
const newest = ({ status }: ImageStream, name: string): string | undefined =>
  status?.tags?.find(({ tag }) => tag === name)?.items?.[0]?.image;
const placeOf = ({ spec }: ImageStream, name: string): number =>
  (spec.tags ?? []).findIndex((tag) => tag.name === name);
const written = ({ spec }: ImageStream): readonly unknown[] =>
  (spec.tags ?? []).map(({ generation: _generation, ...tag }) => tag);

/** Somebody's edit of the tag `latest`. */
async function edit(steps: Steps, operations: (place: string) => readonly Operation[]): Promise<void> {
  const place = placeOf(await stream(steps), 'latest');
  await steps.api.patch('imagestreams', STREAM, operations(`/spec/tags/${place}`));
}
const unpinned = (steps: Steps): Promise<void> => edit(steps, (path) => [{ op: 'remove', path }]);
const setTo =
  (field: keyof SpecTag, value: unknown) =>
  (path: string): Operation[] => [{ op: 'add', path: `${path}/${field}`, value }];

test.each([
  ['a step that never began', false],
  ['a step that ran', true],
])('an image pushed to latest since the backup stays: %s is taken back', async (_, ran) => {
  const steps = await opened();
  await unpinned(steps);
  await steps.backUp();
  if (ran) await steps.apply(STEP);
  await steps.push(STREAM, 'latest', 'another build');
  const pushed = newest(await stream(steps), 'latest');
  await steps.revert(STEP);
  expect(newest(await stream(steps), 'latest')).toBe(pushed);
  expect(placeOf(await stream(steps), 'latest')).toBe(-1);
});

test('an image that somebody has pushed under 2.4.0 is theirs: the plan says so, the step leaves it, and so does a revert', async () => {
  const steps = await opened();
  await steps.backUp();
  await steps.push(STREAM, '2.4.0', 'prepared');
  const before = await stream(steps);
  expect(await steps.inspect(STEP)).toMatchObject({
    status: 'blocked',
    note: expect.stringContaining('somebody has pushed') as unknown,
  });
  await expect(steps.apply(STEP)).rejects.toMatchObject({ type: 'EditedByOthers' });
  await steps.revert(STEP);
  expect(await stream(steps)).toEqual(before);
});

test('what somebody has set on latest since the backup is not overwritten', async () => {
  const steps = await opened();
  await steps.backUp();
  await edit(steps, setTo('referencePolicy', { type: 'Local' }));
  await expect(steps.apply(STEP)).rejects.toMatchObject({
    type: 'EditedByOthers',
    message: expect.stringContaining('its tag latest') as unknown,
  });
});

test.each([
  ['of a step that never began', false],
  ['of one that ran', true],
])('what somebody has set on latest is not lost in the revert %s', async (_, ran) => {
  const steps = await opened();
  await steps.backUp();
  if (ran) await steps.apply(STEP);
  await edit(steps, setTo('importPolicy', { scheduled: true }));
  await expect(steps.revert(STEP)).rejects.toMatchObject({
    type: 'EditedByOthers',
    message: expect.stringContaining('its tag latest') as unknown,
  });
});

test('a revert of a step that never began writes nothing, and one that is repeated neither', async () => {
  const steps = await opened();
  await steps.backUp();
  const before = await stream(steps);
  await steps.revert(STEP);
  expect(await stream(steps)).toEqual(before);
  await steps.apply(STEP);
  await steps.revert(STEP);
  const after = await stream(steps);
  expect(written(after)).toEqual(written(before));
  expect(newest(after, 'latest')).toBe(newest(before, 'latest'));
  await steps.revert(STEP);
  expect(await stream(steps)).toEqual(after);
});

test('what has to run the new image and follows another tag is not verified', async () => {
  const steps = await opened();
  const config = await steps.api.get('deploymentconfigs', 'zync');
  const triggers = (config?.spec.triggers ?? []).map((trigger) =>
    trigger.imageChangeParams
      ? {
          ...trigger,
          imageChangeParams: {
            ...trigger.imageChangeParams,
            from: { kind: 'ImageStreamTag', name: `${STREAM}:2.3.0` },
          },
        }
      : trigger,
  );
  await steps.api.patch('deploymentconfigs', 'zync', [
    { op: 'replace', path: '/spec/triggers', value: triggers },
  ]);
  await steps.backUp();
  await steps.apply(STEP);
  await lab.simulator.cluster('sim1').settle();
  for (const moment of ['staged', 'upgraded'] as const)
    expect((await steps.verify(STEP, moment)).map(({ message }) => message)).toEqual(
      ['zync-db-svc', 'zync'].map(
        (name) =>
          `dc/zync: container ${name} does not have the image of imagestream/${STREAM}, and no image trigger on ${STREAM}:latest`,
      ),
    );
});

test('nothing is tagged while what is not of the upgrade follows the tag and is not paused', async () => {
  const steps = await openSteps(lab, 'strangers', { mayRoll: false });
  const { spec } = (await steps.api.get('deploymentconfigs', 'zync')) ?? {};
  if (!spec) throw new Error('it is not there');
  await steps.api.create('deploymentconfigs', { metadata: { name: 'own-zync' }, spec });
  await lab.simulator.cluster('sim1').settle();
  await steps.apply('pause-rollouts');
  await steps.backUp();
  await expect(steps.apply(STEP)).rejects.toMatchObject({
    type: 'EditedByOthers',
    message: expect.stringContaining('dc/own-zync follows imagestream/amp-zync') as unknown,
  });
  await steps.api.patch('deploymentconfigs', 'own-zync', [{ op: 'add', path: '/spec/paused', value: true }]);
  expect(await steps.apply(STEP)).toMatchObject({ status: 'done' });
});

/** Somebody's edit of the tag 2.4.0. */
async function editNew(steps: Steps, operations: (place: string) => readonly Operation[]): Promise<void> {
  const place = placeOf(await stream(steps), '2.4.0');
  await steps.api.patch('imagestreams', STREAM, operations(`/spec/tags/${place}`));
}

test.each<readonly [string, (path: string) => readonly Operation[]]>([
  ['importPolicy.scheduled', setTo('importPolicy', { scheduled: true })],
  ['referencePolicy.type', setTo('referencePolicy', { type: 'Local' })],
  ['annotations.description', setTo('annotations/description' as keyof SpecTag, 'approved by QA')],
  ['annotations.openshift.io/display-name', setTo('annotations', null)],
])(
  '%s that somebody has set on the tag 2.4.0 is not lost in the revert: it is named',
  async (field, edited) => {
    const steps = await opened();
    await steps.backUp();
    await steps.apply(STEP);
    await editNew(steps, edited);
    await expect(steps.revert(STEP)).rejects.toMatchObject({
      type: 'EditedByOthers',
      message: `imagestream/${STREAM}: ${field} of its tag 2.4.0 was changed by somebody else`,
    });
    expect(placeOf(await stream(steps), '2.4.0')).toBeGreaterThan(-1);
  },
);

test('what the API fills in of the tag 2.4.0 is nobody’s edit', async () => {
  const steps = await opened();
  await steps.backUp();
  await steps.apply(STEP);
  await editNew(steps, setTo('importPolicy', { importMode: 'Legacy', insecure: false }));
  await steps.revert(STEP);
  expect(placeOf(await stream(steps), '2.4.0')).toBe(-1);
});

/** A revert of a stream whose `latest` was pushed, stopped between its two writes. */
async function halfReverted(): Promise<Steps> {
  const steps = await opened();
  await unpinned(steps);
  await steps.backUp();
  await steps.apply(STEP);
  const { namespace } = steps.api;
  lab.simulator
    .cluster('sim1')
    .faults.onRequest(
      { method: 'PATCH', path: new RegExp(`/${namespace}/imagestreams/${STREAM}$`), after: 1, times: 1 },
      { kind: 'status', code: 403, reason: 'Forbidden' },
    );
  await expect(steps.revert(STEP)).rejects.toMatchObject({ kind: 'Forbidden' });
  return steps;
}

test('what a revert that has stopped half way has left of latest is nobody else’s edit: begun anew, it goes on', async () => {
  const steps = await halfReverted();
  expect(await steps.apply(STEP)).toMatchObject({ status: 'done' });
  expect(await steps.verify(STEP, 'staged')).toEqual([]);
  await steps.revert(STEP);
  expect(placeOf(await stream(steps), 'latest')).toBe(-1);
});

test.each(['forward', 'back'])(
  'what somebody has written on latest while a revert had stopped half way is theirs: on the way %s',
  async (way) => {
    const steps = await halfReverted();
    await edit(steps, setTo('importPolicy', { scheduled: true }));
    await expect(way === 'back' ? steps.revert(STEP) : steps.apply(STEP)).rejects.toMatchObject({
      type: 'EditedByOthers',
      message: expect.stringContaining('its tag latest') as unknown,
    });
  },
);

test.each(['forward', 'back'])(
  'latest that somebody has pinned to the image it has, before the step began, stays pinned: on the way %s',
  async (way) => {
    const steps = await opened();
    const image = (await steps.backUp()).latest?.[STREAM] ?? '';
    // As `oc tag amp-zync@sha256:… amp-zync:latest` writes it.
    const from = { kind: 'ImageStreamImage', name: `${STREAM}@${image}` };
    const pin = { name: 'latest', from, referencePolicy: { type: 'Source' } };
    await edit(steps, (path) => [{ op: 'replace', path, value: pin }]);
    await expect(way === 'back' ? steps.revert(STEP) : steps.apply(STEP)).rejects.toMatchObject({
      type: 'EditedByOthers',
      message: expect.stringContaining('its tag latest') as unknown,
    });
    expect(written(await stream(steps))).toContainEqual(expect.objectContaining({ name: 'latest', from }));
  },
);
