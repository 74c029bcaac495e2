import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createSecret } from '../../src/procedure/steps/create-secret.ts';
import { IMPERSONATION_SECRET } from '../../src/domain/paths/2.3-to-2.4/steps.ts';
import type { ResolvedPath } from '../../src/domain/tenant/step.ts';
import { TASK_QUEUE } from '../../src/domain/tenant/task-queue.ts';
import type { TenantUpgradeInput } from '../../src/domain/tenant/tenant-upgrade.ts';
import { workflowIdOf } from '../../src/domain/tenant/workflow-id.ts';
import type { tenantUpgrade } from '../../workflows/tenant/tenant-upgrade.ts';
import { patchObject } from '../support/edit-object.ts';
import type { Handle, Lab } from '../support/lab.ts';
import { openLab, settled, until } from '../support/lab.ts';
import { pathFor } from '../support/upgrade-input.ts';
import { objectsOf } from '../support/objects.ts';

const SOURCE = 'ours';
const encoded = (text: string): string => Buffer.from(text).toString('base64');
let lab: Lab;
let count = 0;
beforeAll(async () => {
  lab = await openLab();
});
afterAll(() => lab.close());

async function installed(): Promise<string> {
  const namespace = `tenant-${(count += 1)}`;
  await lab.simulator.install('sim1', namespace);
  await lab.clusters.open(lab.clusters.tenant('sim1', namespace)).create('secrets', {
    metadata: { name: SOURCE },
    data: { username: encoded('impersonator'), domain: encoded('example.com') },
  });
  return namespace;
}

const set = (namespace: string, secret: string, key: string, value: string): Promise<void> =>
  patchObject(lab, namespace, 'secrets', secret, [
    { op: 'add', path: `/data/${key}`, value: encoded(value) },
  ]);

/** The steps as the release before this one had them: no check is named. */
function asBefore(path: ResolvedPath): ResolvedPath {
  return JSON.parse(
    JSON.stringify(path, (key, value: unknown) => (key === 'checks' ? undefined : value)),
  ) as ResolvedPath;
}

async function start(namespace: string, path: ResolvedPath): Promise<Handle> {
  const tenant = lab.clusters.tenant('sim1', namespace);
  const input: TenantUpgradeInput = {
    tenant,
    path,
    windows: { windows: [], freezes: [] },
    onFailure: 'hold',
    startedBy: { by: 'test', why: 'to see it' },
    retries: { transientAttempts: 2, outcomeAttempts: 1 },
  };
  return lab.client.workflow.start<typeof tenantUpgrade>('tenantUpgrade', {
    workflowId: workflowIdOf(tenant),
    taskQueue: TASK_QUEUE,
    args: [input],
  });
}

const wanted = pathFor({ impersonation: { fromSecret: SOURCE } });

test.each([
  ['a step that names its checks', wanted],
  ['a step of an earlier release, which names none', asBefore(wanted)],
])('values that somebody edits after everything was staged never reach rake: %s', async (_, path) => {
  const namespace = await installed();
  lab.cluster.faults.onWork('rollout', { namespace, name: 'system-sphinx', message: 'crash loop', times: 1 });
  const handle = await start(namespace, path);
  expect((await settled(handle)).held?.stepId).toBe('roll-out-system-sphinx');
  await set(namespace, IMPERSONATION_SECRET, 'username', 'a,b],evil_task[x');
  await handle.executeUpdate('retry', { args: [{ by: 'test', why: 'go on' }] });
  const { held } = await until(handle, ({ held: now }) => now?.stepId === 'update-impersonation-admin');
  expect(held).toMatchObject({ stepId: 'update-impersonation-admin', failure: { type: 'Invalid' } });
  expect(held?.failure.message).toContain(`secret/${IMPERSONATION_SECRET}: the username has a comma`);
  expect(JSON.stringify(held)).not.toContain('evil_task');
  expect(lab.cluster.commands.ran(namespace)).toEqual([]);
  await set(namespace, IMPERSONATION_SECRET, 'username', 'impersonator');
  await handle.executeUpdate('retry', { args: [{ by: 'test', why: 'put right' }] });
  expect((await until(handle, ({ state }) => state === 'upgraded')).state).toBe('upgraded');
  expect(lab.cluster.commands.ran(namespace)).toHaveLength(1);
});

test('values that somebody edits between the check and the copy are not copied', async () => {
  const namespace = await installed();
  lab.cluster.faults.onWork('import', {
    namespace,
    name: 'registry.access.redhat.com/3scale-amp24/zync',
    message: 'no',
  });
  const handle = await start(namespace, wanted);
  expect((await settled(handle)).held?.stepId).toBe('tag-amp-zync');
  await set(namespace, SOURCE, 'domain', 'example.com;id');
  lab.cluster.faults.clear();
  await handle.executeUpdate('retry', { args: [{ by: 'test', why: 'registry is back' }] });
  const { held } = await until(handle, ({ held: now }) => now?.stepId === 'create-impersonation-secret');
  expect(held).toMatchObject({ stepId: 'create-impersonation-secret', failure: { type: 'Invalid' } });
  const names = objectsOf(lab.cluster, 'secrets', namespace).map(({ metadata }) => metadata.name);
  expect(names).not.toContain(IMPERSONATION_SECRET);
});

test('values that somebody edits while it is staged are found before anything moves', async () => {
  const namespace = await installed();
  const tenant = lab.clusters.tenant('sim1', namespace);
  const api = lab.clusters.open(tenant);
  await api.create('secrets', {
    metadata: { name: IMPERSONATION_SECRET },
    data: { username: encoded('a,b],evil_task[x'), domain: encoded('example.com') },
  });
  const step = wanted.steps.find((one) => one.kind === 'create-secret');
  const view = { api, path: wanted, mark: workflowIdOf(tenant) };
  expect(step && (await createSecret.verify(view, step, 'staged'))).toEqual([
    {
      message: `secret/${IMPERSONATION_SECRET}: the username has a comma, at which the rake task splits its arguments`,
      edited: true,
    },
  ]);
});
