/** What others move by themselves is no difference from the backup; what somebody has moved is told with both values. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { InstalledTenants } from '../support/installed-tenants.ts';
import type { Lab } from '../support/lab.ts';
import { openLab } from '../support/lab.ts';
import { aborted, decided, pausedAfter } from '../support/mid-upgrade.ts';

let lab: Lab;
let tenants: InstalledTenants;
beforeAll(async () => {
  lab = await openLab();
  tenants = new InstalledTenants(lab);
});
afterAll(() => lab.close());

const apiOf = (namespace: string) => lab.clusters.open(lab.clusters.tenant('sim1', namespace));
async function scaledWhileStaged(namespace: string, autoscaled: string[]) {
  await tenants.install(namespace);
  const api = apiOf(namespace);
  for (const name of autoscaled)
    await api.create('horizontalpodautoscalers', {
      metadata: { name },
      spec: { scaleTargetRef: { kind: 'DeploymentConfig', name } },
    });
  const handle = await pausedAfter(lab, namespace, 'tag-amp-system');
  for (const name of ['system-sidekiq', 'backend-listener'])
    await api.patch('deploymentconfigs', name, [{ op: 'replace', path: '/spec/replicas', value: 3 }]);
  await lab.cluster.settle();
  return { api, handle };
}

test('replicas that an autoscaler has moved are no difference: the revert ends, and leaves them', async () => {
  const { api, handle } = await scaledWhileStaged('autoscaled', ['system-sidekiq', 'backend-listener']);
  const end = await aborted(handle);
  expect([end.state, end.leftovers]).toEqual(['aborted', []]);
  expect((await api.get('deploymentconfigs', 'system-sidekiq'))?.spec.replicas).toBe(3);
  expect(tenants.rollouts('autoscaled')).toEqual({});
});

test('replicas that somebody has moved are one, and are told with both values', async () => {
  const { api, handle } = await scaledWhileStaged('scaled', ['backend-listener']);
  const held = await aborted(handle);
  expect(held.held?.failure).toMatchObject({
    type: 'NotVerified',
    message: '1 difference from the backup: dc/system-sidekiq spec.replicas: was 1, is 3',
  });
  await api.patch('deploymentconfigs', 'system-sidekiq', [
    { op: 'replace', path: '/spec/replicas', value: 1 },
  ]);
  expect(await decided(handle, 'retry')).toMatchObject({ state: 'aborted', leftovers: [] });
});
