/** A deletion of a tag goes by its name alone: one whose answer was lost takes nothing of a later upgrade. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Lab } from '../support/lab.ts';
import { openLab } from '../support/lab.ts';
import { aborted, pausedAfter, resumed } from '../support/mid-upgrade.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await openLab({ deadlineMs: 1_500 });
});
afterAll(() => lab.close());

const LANDS_AFTER_MS = 9_000;

test('it has landed before the tenant ends as aborted, and the next upgrade keeps its tags', async () => {
  await lab.simulator.install('sim1', 'late');
  const api = lab.clusters.open(lab.clusters.tenant('sim1', 'late'));
  const tagNames = async () =>
    (await api.get('imagestreams', 'amp-zync'))?.spec.tags?.map(({ name }) => name) ?? [];
  const first = await pausedAfter(lab, 'late', 'set-amp-release', {
    retries: { transientAttempts: 5, outcomeAttempts: 2, lateWriteSeconds: 12 },
  });
  const since = performance.now();
  const lost = lab.cluster.faults.onRequest(
    { method: 'DELETE', path: /\/namespaces\/late\/imagestreamtags\/amp-zync/, times: 1 },
    { kind: 'latency', ms: LANDS_AFTER_MS },
  );
  expect(await aborted(first)).toMatchObject({ state: 'aborted', leftovers: [] });
  expect(lost.hits).toBe(1);
  const second = await pausedAfter(lab, 'late', 'set-amp-release', { onFailure: 'hold' });
  expect(await tagNames()).toContain('2.4.0');
  const landsIn = since + LANDS_AFTER_MS + 3_000 - performance.now();
  await new Promise((resolve) => setTimeout(resolve, Math.max(0, landsIn)));
  expect(await tagNames()).toContain('2.4.0');
  expect(await resumed(second)).toMatchObject({ state: 'upgraded' });
}, 120_000);
