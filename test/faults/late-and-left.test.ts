/** Issue 12, faults 3 and 5: what takes effect late, and whose it is. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { patchObject } from '../support/edit-object.ts';
import type { Lab } from '../support/lab.ts';
import { openLab, settled } from '../support/lab.ts';
import { aborted, decided, pausedAfter } from '../support/mid-upgrade.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await openLab();
});
afterAll(() => lab.close());

const apiOf = (namespace: string) => lab.clusters.open(lab.clusters.tenant('sim1', namespace));
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

test('a POST whose answer was lost, and a later attempt that is refused: the revert waits for what may come late', async () => {
  await lab.simulator.install('sim1', 'late-post');
  const handle = await pausedAfter(lab, 'late-post', 'pause-rollouts', {
    retries: { transientAttempts: 3, outcomeAttempts: 1, lateWriteSeconds: 12 },
  });
  const old = await apiOf('late-post').get('routes', 'system-master-admin');
  const lost = lab.cluster.faults.onRequest(
    { method: 'POST', path: /\/namespaces\/late-post\/routes$/, times: 1 },
    { kind: 'reset' },
  );
  const refused = lab.cluster.faults.onRequest(
    { method: 'POST', path: /\/namespaces\/late-post\/routes$/, after: 1 },
    { kind: 'status', code: 403, reason: 'Forbidden' },
  );
  await handle.signal('resume', { by: 'test', why: 'go on' });
  while (refused.hits === 0) await sleep(50);
  refused.remove();
  lost.remove();
  // The first POST takes effect 4 s later, as one may that an API server has accepted.
  await sleep(4_000);
  const app = await apiOf('late-post').get('deploymentconfigs', 'system-app');
  const master = app?.spec.template.spec.containers.find(({ name }) => name === 'system-master');
  const valueOf = (name: string) => master?.env?.find((variable) => variable.name === name)?.value ?? '';
  await apiOf('late-post').create('routes', {
    metadata: { name: 'system-master' },
    spec: {
      host: `${valueOf('MASTER_DOMAIN')}.${valueOf('THREESCALE_SUPERDOMAIN')}`,
      to: { kind: 'Service', name: 'system-master' },
      port: { targetPort: 'http' },
      tls: old?.spec.tls ?? {},
    },
  });
  const end = await settled(handle);
  const route = await apiOf('late-post').get('routes', 'system-master');
  expect({ state: end.state, route: route?.metadata.name }).toEqual({ state: 'reverted', route: undefined });
});

test.each(['retry', 'skip-step'] as const)(
  'taking back once more what came late is stopped half way, then %s: no pause that it had made is left unsaid',
  async (decision) => {
    const namespace = `once-more-${decision}`;
    await lab.simulator.install('sim1', namespace);
    const image = (await apiOf(namespace).get('deploymentconfigs', 'system-memcache'))?.spec.template.spec
      .containers[0]?.image;
    const setImage = (value: string | undefined) =>
      patchObject(lab, namespace, 'deploymentconfigs', 'system-memcache', [
        { op: 'replace', path: '/spec/template/spec/containers/0/image', value },
      ]);
    const handle = await pausedAfter(lab, namespace, 'tag-amp-zync', {
      onFailure: 'hold',
      retries: { transientAttempts: 2, outcomeAttempts: 1, unreachableAttempts: 1, lateWriteSeconds: 8 },
    });
    lab.cluster.faults.onRequest(
      {
        method: 'PATCH',
        path: new RegExp(`/namespaces/${namespace}/deploymentconfigs/system-sidekiq`),
        times: 1,
      },
      { kind: 'lost-answer' },
    );
    await handle.signal('resume', { by: 'test', why: 'go on' });
    expect((await settled(handle)).state).toBe('held');
    // All is taken back, and it has waited for what may come late: somebody has edited one image meanwhile.
    lab.before({ namespace, type: 'verifyReverted' }, () => setImage('example.test/memcached:own'));
    await handle.executeUpdate('revert', { args: [{ by: 'test', why: 'back', confirm: namespace }] });
    const held = await settled(handle);
    expect(held).toMatchObject({ state: 'held', held: { stepId: 'verify-reverted' } });
    if (decision === 'retry') await setImage(image);
    await lab.cluster.settle();
    const end = await decided(handle, decision, { step: 'verify-reverted' });
    expect(end.state).toBe('reverted');
    const configs = await apiOf(namespace).list('deploymentconfigs');
    const unsaid = configs
      .filter(({ spec, metadata }) => spec.paused && !end.leftovers.join().includes(`dc/${metadata.name} `))
      .map(({ metadata }) => metadata.name);
    expect(unsaid).toEqual([]);
  },
);

test('a Secret of the owner that a backup of another path knows nothing of is not deleted by a revert', async () => {
  await lab.simulator.install('sim1', 'owners-secret');
  const api = apiOf('owners-secret');
  const data = {
    username: Buffer.from('impersonator').toString('base64'),
    domain: Buffer.from('example.com').toString('base64'),
  };
  for (const name of ['source', 'system-impersonation'])
    await api.create('secrets', { metadata: { name }, type: 'Opaque', data });
  const first = await pausedAfter(lab, 'owners-secret', 'tag-amp-system');
  await first.terminate('forgotten');
  const again = await pausedAfter(lab, 'owners-secret', 'create-impersonation-secret', {
    path: { impersonation: { fromSecret: 'source' } },
  });
  expect((await aborted(again)).state).toBe('aborted');
  expect((await api.get('secrets', 'system-impersonation'))?.metadata.name).toBe('system-impersonation');
});
