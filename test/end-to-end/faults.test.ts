import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { RequestFault, RequestMatch } from '../../simulator/faults.ts';
import type { Lab } from '../support/lab.ts';
import { openLab, settled, until } from '../support/lab.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await openLab({ deadlineMs: 3_000 });
});
afterAll(() => lab.close());

const FAULTS: readonly (readonly [name: string, fault: RequestFault, match: RequestMatch])[] = [
  ['connections that are reset', { kind: 'reset' }, { times: 3, after: 60 }],
  ['writes whose answer is lost', { kind: 'lost-answer' }, { method: 'PATCH', times: 3, after: 3 }],
  [
    'a creation whose answer is lost',
    { kind: 'lost-answer' },
    { method: 'POST', path: /\/(routes|secrets)$/, times: 2 },
  ],
  ['a deletion whose answer is lost', { kind: 'lost-answer' }, { method: 'DELETE', times: 2 }],
  [
    '429 with Retry-After',
    { kind: 'status', code: 429, reason: 'TooManyRequests', retryAfterSeconds: 1 },
    { times: 2, after: 70 },
  ],
  ['500, 503, 504', { kind: 'status', code: 503, reason: 'ServiceUnavailable' }, { times: 3, after: 70 }],
  ['a login page instead of an answer', { kind: 'html' }, { times: 2, after: 70 }],
  [
    'watches that are dropped',
    { kind: 'drop-watch', afterMs: 1 },
    { path: /(imagestreams|deploymentconfigs)$/ },
  ],
  ['a read that is never answered', { kind: 'hang' }, { method: 'GET', times: 2, after: 20 }],
  ['writes that are never answered', { kind: 'hang' }, { method: 'PATCH', times: 2, after: 3 }],
  [
    'writes that are made and never answered',
    { kind: 'lost-answer', hang: true },
    { method: 'PATCH', times: 2, after: 3 },
  ],
  ['slow answers', { kind: 'latency', ms: 20 }, {}],
];

test.each(FAULTS)('%s: upgraded, and no write made twice', async (name, fault, match) => {
  const namespace = name.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  await lab.simulator.install('sim1', namespace);
  const { cluster } = lab;
  cluster.audit.clear();
  const scripted = cluster.faults.onRequest(
    { ...match, path: match.path ?? new RegExp(`/namespaces/${namespace}/`), user: 'sim1-admin' },
    fault,
  );
  const { state } = await lab.upgrade(namespace, { retries: { transientAttempts: 10, outcomeAttempts: 2 } });
  expect(scripted.hits).toBeGreaterThan(0);
  scripted.remove();
  expect(state).toBe('upgraded');
  expect(cluster.audit.writtenTwice({ namespace })).toEqual([]);
  expect(new Set(Object.values(cluster.audit.rollouts(namespace)))).toEqual(new Set([1]));
});

test('an expired token is a decision: it is not tried again and again, and nothing is touched', async () => {
  await lab.simulator.install('sim1', 'expired');
  const progress = await lab.upgrade('expired', { context: 'sim1-expired' });
  expect(progress.state).toBe('blocked');
  expect(progress.findings[0]?.message).toContain('401');
});

test('a cluster that is away for a while shows as unreachable, and is waited for', async () => {
  await lab.simulator.install('sim1', 'away');
  const away = lab.cluster.faults.onRequest(
    { method: 'PATCH', path: /\/namespaces\/away\/imagestreams/, user: 'sim1-admin' },
    { kind: 'reset' },
  );
  const handle = await lab.start('away');
  await until(handle, ({ steps }) =>
    steps.some(({ id, status }) => id === 'tag-amp-system' && status === 'running'),
  );
  for (;;) {
    const { raw } = await handle.describe();
    const [pending] = raw.pendingActivities ?? [];
    if (pending?.lastFailure?.applicationFailureInfo?.type === 'Unreachable') break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  away.remove();
  expect((await settled(handle)).state).toBe('upgraded');
});

test('a login that has expired and is renewed in the kubeconfig counts without a restart', async () => {
  await lab.simulator.install('sim1', 'renewed');
  const kubeconfig = readFileSync(lab.kubeconfig, 'utf8');
  const wrong = kubeconfig.replaceAll('sim1-admin-token', 'expired-token');
  const handle = await lab.start('renewed', { onFailure: 'hold' });
  await until(handle, ({ state }) => state === 'staging');
  writeFileSync(lab.kubeconfig, wrong);
  const held = await settled(handle);
  expect(held.held?.failure.type).toBe('Unauthorized');
  writeFileSync(lab.kubeconfig, kubeconfig);
  await handle.executeUpdate('retry', { args: [{ by: 'test', why: 'logged in again' }] });
  expect((await until(handle, ({ state }) => state === 'upgraded')).state).toBe('upgraded');
});
