/** A revert deletes the Secret that the upgrade has created as it has created it, and where its values are kept elsewhere. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Operation } from 'fast-json-patch';
import { offerImpersonation } from '../../src/procedure/preflight/impersonation-source.ts';
import type { SimulatedClusters } from '../support/simulated-clusters.ts';
import { openClusters } from '../support/simulated-clusters.ts';
import { openSteps } from '../support/steps.ts';

let lab: SimulatedClusters;
beforeAll(async () => {
  lab = await openClusters();
});
afterAll(() => lab.close());

const CREATE = 'create-impersonation-secret';
const CREATED = 'system-impersonation';
const SOURCE = 'source';
const base64 = (text: string): string => Buffer.from(text).toString('base64');

let count = 0;
async function created() {
  const namespace = `secret-${(count += 1)}`;
  const steps = await openSteps(lab, namespace, { path: { impersonation: { fromSecret: SOURCE } } });
  await offerImpersonation(steps.api, SOURCE, { username: 'impersonator', domain: 'example.com' });
  await steps.backUp();
  await steps.apply(CREATE);
  return steps;
}

const EDITS: readonly (readonly [string, Operation])[] = [
  ['data.username', { op: 'replace', path: '/data/username', value: base64('somebody') }],
  ['data.password', { op: 'add', path: '/data/password', value: base64('hidden') }],
  ['data.domain', { op: 'remove', path: '/data/domain' }],
  ['metadata.labels.ours', { op: 'add', path: '/metadata/labels/ours', value: 'yes' }],
  ['metadata.annotations.ours', { op: 'add', path: '/metadata/annotations/ours', value: 'yes' }],
];

test.each(EDITS)(
  'one whose %s somebody has changed is not deleted, and no value is told',
  async (field, edit) => {
    const steps = await created();
    await steps.api.patch('secrets', CREATED, [edit]);
    await expect(steps.revert(CREATE)).rejects.toMatchObject({
      type: 'EditedByOthers',
      message: expect.stringMatching(
        field.startsWith('metadata') || field === 'data.password'
          ? `^secret/${CREATED}: ${field} was changed by somebody else$`
          : `^secret/${CREATED}: ${field} is not as secret/${SOURCE}, from which it was copied, has it now`,
      ) as unknown,
    });
    expect(await steps.api.get('secrets', CREATED)).toBeDefined();
  },
);

test('one whose source somebody has changed since is not said to be changed itself', async () => {
  const steps = await created();
  await offerImpersonation(steps.api, SOURCE, { username: 'another', domain: 'example.com' });
  await expect(steps.revert(CREATE)).rejects.toMatchObject({
    type: 'EditedByOthers',
    message: `secret/${CREATED}: data.username is not as secret/${SOURCE}, from which it was copied, has it now: somebody has changed one of them since`,
  });
});

test('one that carries the mark of the command that has run with it is deleted', async () => {
  const steps = await created();
  await steps.api.patch('secrets', CREATED, [
    {
      op: 'add',
      path: '/metadata/annotations/threescale-upgrade~1update-impersonation-admin',
      value: 'done',
    },
  ]);
  expect(await steps.revert(CREATE)).toMatchObject({ status: 'done' });
  expect(await steps.api.get('secrets', CREATED)).toBeUndefined();
});

test('the only copy that is left is not deleted, until the source is there again, or somebody has deleted it', async () => {
  const steps = await created();
  const source = await steps.api.get('secrets', SOURCE);
  await steps.api.delete('secrets', SOURCE);
  await expect(steps.revert(CREATE)).rejects.toMatchObject({
    type: 'NotFound',
    message: expect.stringContaining(`secret/${SOURCE} is not there: secret/${CREATED}`) as unknown,
  });
  expect(await steps.api.get('secrets', CREATED)).toBeDefined();
  await steps.api.create('secrets', { metadata: { name: SOURCE }, type: 'Opaque', data: source?.data ?? {} });
  expect(await steps.revert(CREATE)).toMatchObject({ status: 'done' });
  expect(await steps.revert(CREATE)).toMatchObject({ status: 'unchanged' });
});
