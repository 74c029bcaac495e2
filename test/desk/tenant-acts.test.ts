import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Act, ActAnswer, ActPreview, ViewAnswer } from '../../src/desk/contract.ts';
import type { JournalEntry, TenantProgress } from '../../src/domain/tenant/progress.ts';
import type { TenantRef } from '../../src/domain/tenant/tenant.ts';
import { setLogLevel } from '../../src/worker/worker.ts';
import { messageOf, TestDesk } from '../support/desk-server.ts';
import type { Handle, Lab } from '../support/lab.ts';
import { openLab, settled, until } from '../support/lab.ts';

let lab: Lab;
let desk: TestDesk;
beforeAll(async () => {
  setLogLevel('ERROR');
  lab = await openLab();
  desk = await TestDesk.open(lab);
});
afterAll(async () => {
  await desk.close();
  await lab.close();
});

const SAID = { by: 'olga', why: 'change 4711' };
const BY_OLGA = { ...SAID, via: expect.stringMatching(/^desk of /) };

/** A tenant one of whose rollouts fails, until it is tried the third time. */
async function held(namespace: string): Promise<{ readonly handle: Handle; readonly tenant: TenantRef }> {
  await lab.simulator.install('sim1', namespace);
  lab.cluster.faults.onWork('rollout', { namespace, name: 'zync', message: 'crash loop', times: 2 });
  const handle = await lab.start(namespace, { onFailure: 'hold' });
  expect((await settled(handle)).state).toBe('held');
  return { handle, tenant: lab.clusters.tenant('sim1', namespace) };
}

async function say(act: Act): Promise<ActAnswer & { readonly preview: ActPreview }> {
  const preview = (await (await desk.post('/api/acts/preview', act)).json()) as ActPreview;
  const { seen, confirm } = preview;
  const named = confirm === undefined ? {} : { confirm };
  const answer = await desk.post('/api/acts', { ...act, ...SAID, seen, ...named });
  const text = await answer.text();
  expect([answer.status, text]).toEqual([200, expect.any(String)]);
  return { ...(JSON.parse(text) as ActAnswer), preview };
}

const entry = ({ journal }: TenantProgress, event: JournalEntry['event']): JournalEntry | undefined =>
  journal.findLast((one) => one.event === event);

test('a held tenant tries again, and is upgraded', async () => {
  const { handle, tenant } = await held('again');
  const { said, done, preview } = await say({ tenant, act: 'retry' });
  expect([said, done]).toEqual(['sim1/again: trying again', true]);
  expect(preview).toMatchObject({ tenants: 1, harmful: false, role: 'operate' });
  const end = await settled(handle);
  expect(end.state).toBe('upgraded');
  expect(entry(end, 'decided')).toMatchObject({ actor: BY_OLGA });
  const late = await desk.post('/api/acts/preview', { tenant, act: 'pause' });
  expect(await messageOf(late)).toMatch(/has ended: nothing can be said to it/);
});

test('a held tenant is taken back by its name', async () => {
  const { handle, tenant } = await held('back');
  const refused = await desk.post('/api/acts', { tenant, act: 'revert', ...SAID });
  expect(await messageOf(refused)).toBe('revert cannot be taken back: the name back has to be typed');
  const { preview } = await say({ tenant, act: 'revert' });
  expect(preview).toMatchObject({ harmful: true, confirm: 'back' });
  expect(preview.consequences.join(' ')).toMatch(/held at .*undone, exactly, and the upgrade ends/);
  const end = await settled(handle);
  expect(end.state).toBe('reverted');
  expect(entry(end, 'decided')).toMatchObject({ actor: BY_OLGA });
});

test('one that is held as it is taken back is not said to be unchanged, and an abort of it is not offered', async () => {
  await lab.simulator.install('sim1', 'stuck');
  lab.cluster.faults.onWork('rollout', {
    namespace: 'stuck',
    name: 'zync',
    message: 'crash loop',
    times: 50,
  });
  const handle = await lab.start('stuck', { onFailure: 'revert' });
  const { state, held: at } = await settled(handle);
  expect([state, at?.during, at?.stepId]).toEqual(['held', 'revert', 'pause-rollouts']);
  const tenant = lab.clusters.tenant('sim1', 'stuck');
  const query = new URLSearchParams({ view: 'tenant', ...tenant }).toString();
  const { data } = await desk.ask<ViewAnswer<'tenant'>>(`/api/view?${query}`);
  expect(data?.revert).toEqual({
    possible: false,
    words: [
      'It is being reverted already, and held at pause-rollouts: that is to be decided.',
      'Still to be taken back: Pause the rollouts of every DeploymentConfig the upgrade touches',
    ],
  });
  expect(data?.offers.map(({ act }) => act.act)).toEqual(['retry', 'skip-step', 'abandon']);
  const abort = await desk.post('/api/acts/preview', { tenant, act: 'abort' });
  expect(await messageOf(abort)).toMatch(/being taken back, and held already: an abort would change nothing/);
  const skip = await desk.post('/api/acts/preview', { tenant, act: 'skip-step', step: 'pause-rollouts' });
  expect(((await skip.json()) as ActPreview).consequences.join(' ')).toMatch(
    /taken back without pause-rollouts: what that has changed stays/,
  );
  await say({ tenant, act: 'abandon' });
  expect((await settled(handle)).state).toBe('abandoned');
});

test('a step that cannot be left out is refused in the upgrade’s own words; the tenant is left as it stands', async () => {
  const { handle, tenant } = await held('left');
  const skip = await desk.post('/api/acts/preview', { tenant, act: 'skip-step', step: 'verify' });
  expect(skip.status).toBe(409);
  expect(await messageOf(skip)).toMatch(/is held at step .*, not at verify/);
  await say({ tenant, act: 'abandon' });
  const end = await settled(handle);
  expect(end.state).toBe('abandoned');
  expect(entry(end, 'decided')).toMatchObject({ actor: BY_OLGA });
});

/** Starts an upgrade that is paused from the desk before it has done much. */
async function paused(namespace: string): Promise<{ readonly handle: Handle; readonly tenant: TenantRef }> {
  await lab.simulator.install('sim1', namespace);
  const tenant = lab.clusters.tenant('sim1', namespace);
  lab.before({ namespace, stepId: 'tag-amp-system' }, async () => {
    await say({ tenant, act: 'pause' });
  });
  const handle = await lab.start(namespace);
  const stands = await until(handle, (progress) => progress.paused !== undefined);
  expect(stands.paused).toMatchObject(BY_OLGA);
  return { handle, tenant };
}

test('an upgrade is paused, and goes on', async () => {
  const { handle, tenant } = await paused('resumed');
  expect(await say({ tenant, act: 'resume' })).toMatchObject({ done: true });
  const end = await settled(handle);
  expect(end.state).toBe('upgraded');
  expect(entry(end, 'resumed')).toMatchObject({ actor: BY_OLGA });
});

test('an upgrade that is paused is aborted, and is what it was before', async () => {
  const { handle, tenant } = await paused('aborted');
  const { preview } = await say({ tenant, act: 'abort' });
  expect(preview).toMatchObject({ harmful: true, confirm: 'aborted' });
  const end = await settled(handle);
  expect(end.state).toBe('aborted');
  expect(entry(end, 'abort-requested')).toMatchObject({ actor: BY_OLGA });
});
