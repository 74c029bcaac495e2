import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Lab } from '../support/lab.ts';
import { openLab, settled, until } from '../support/lab.ts';
import { repointed } from '../support/repointed.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await openLab({ clusters: 2 });
});
afterAll(() => lab.close());

const SAID = { by: 'test', why: 'to see it' };

test('a context that is repointed while a tenant is paused: held, and the other cluster sees nothing of it', async () => {
  await lab.simulator.install('sim1', 'ours');
  await lab.simulator.install('sim2', 'ours');
  await lab.simulator.install('sim2', 'theirs');
  for (const { audit } of lab.simulator.clusters) audit.clear();
  const kubeconfig = readFileSync(lab.kubeconfig, 'utf8');

  const ours = await lab.start('ours', { onFailure: 'hold' });
  await until(ours, ({ state }) => state === 'staging');
  await ours.signal('pause', SAID);
  await until(ours, ({ paused }) => paused !== undefined);

  writeFileSync(lab.kubeconfig, repointed(kubeconfig, 'sim1', 'sim2'));
  const theirs = await lab.upgrade('theirs');
  expect(theirs.state).toBe('upgraded');
  await ours.signal('resume', SAID);
  const held = await settled(ours);
  expect(held.held?.failure).toMatchObject({ type: 'UnknownContext' });
  expect(held.held?.failure.message).toContain('context sim1 leads to');
  expect(lab.simulator.cluster('sim2').audit.writes({ namespace: 'ours' })).toEqual([]);

  writeFileSync(lab.kubeconfig, kubeconfig);
  await ours.executeUpdate('retry', { args: [SAID] });
  expect((await until(ours, ({ state }) => state === 'upgraded')).state).toBe('upgraded');
  expect(lab.simulator.cluster('sim2').audit.writes({ namespace: 'ours' })).toEqual([]);
  expect(lab.cluster.audit.writtenTwice({ namespace: 'ours' })).toEqual([]);
});
