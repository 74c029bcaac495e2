import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ActivityFailure, ApplicationFailure, WorkflowFailedError } from '@temporalio/client';
import { bundleWorkflowCode, DefaultLogger, NativeConnection } from '@temporalio/worker';
import type { Step } from '../../src/domain/tenant/step-kinds.ts';
import { TASK_QUEUE } from '../../src/domain/tenant/task-queue.ts';
import type { TenantUpgradeInput } from '../../src/domain/tenant/tenant-upgrade.ts';
import type { TenantRef } from '../../src/domain/tenant/tenant.ts';
import { workflowIdOf } from '../../src/domain/tenant/workflow-id.ts';
import { dataConverter } from '../../src/temporal/codec/data-converter.ts';
import type { tenantUpgrade } from '../../workflows/tenant/tenant-upgrade.ts';
import type { Order } from '../support/hostile/index.ts';
import { LabWorker } from '../support/lab-worker.ts';
import type { Lab } from '../support/lab.ts';
import { openLab } from '../support/lab.ts';
import { pathFor } from '../support/upgrade-input.ts';

const HOSTILE_QUEUE = 'hostile';
let lab: Lab;
let connection: NativeConnection;
let hostile: LabWorker;
let tenant: TenantRef;

beforeAll(async () => {
  lab = await openLab({ tenants: 2 });
  tenant = lab.clusters.tenant('sim1', 'tenant-1');
  connection = await NativeConnection.connect(lab.target.connectionOptions);
  hostile = new LabWorker({
    connection,
    namespace: lab.target.namespace,
    taskQueue: HOSTILE_QUEUE,
    dataConverter,
    workflowBundle: await bundleWorkflowCode({
      workflowsPath: fileURLToPath(new URL('../support/hostile/index.ts', import.meta.url)),
      logger: new DefaultLogger('ERROR'),
    }),
  });
  await hostile.start();
});
afterAll(async () => {
  await hostile.stop();
  await connection.close();
  await lab.close();
});

const PATH = { from: '2.3', to: '2.4' };
const LIMITS = { transientAttempts: 2, outcomeAttempts: 1 };
const BACKUP = 'threescale-upgrade-backup-0123abcd';
const { steps } = pathFor({ impersonation: { fromSecret: 'ours' } });
const known = (id: string): Step => {
  const step = steps.find((one) => one.id === id);
  if (!step) throw new Error(`there is no step ${id}`);
  return step;
};

/** What was written or run in any tenant's project since the start. */
const touched = (): unknown[] => [...lab.cluster.audit.writes()];

/** How an activity fails that is ordered by a workflow of this id. */
async function order(
  activity: string,
  input: unknown,
  workflowId = workflowIdOf(tenant),
): Promise<ApplicationFailure> {
  const args: [Order] = [{ activity, taskQueue: TASK_QUEUE, input }];
  try {
    await lab.client.workflow.execute('tenantUpgrade', { workflowId, taskQueue: HOSTILE_QUEUE, args });
  } catch (error) {
    const cause = error instanceof WorkflowFailedError ? error.cause : undefined;
    if (cause instanceof ActivityFailure && cause.cause instanceof ApplicationFailure) return cause.cause;
    throw error;
  }
  throw new Error(`${activity} was carried out`);
}

const onStep = (step: unknown) => ({ tenant, limits: LIMITS, path: PATH, step, backup: BACKUP });

const rake = known('update-impersonation-admin');
const ORDERS: readonly (readonly [what: string, activity: string, input: () => unknown])[] = [
  ['a command of its own', 'runInPod', () => onStep({ ...rake, command: ['sh', '-c', 'id > /tmp/pwned'] })],
  ['a step of its own', 'runInPod', () => onStep({ ...rake, id: 'mine', command: ['sh', '-c', 'id'] })],
  [
    'another DeploymentConfig to delete',
    'deleteDeploymentConfig',
    () => onStep({ ...known('delete-resque'), deploymentConfig: 'system-mysql' }),
  ],
  [
    'another route to delete',
    'deleteRoute',
    () => onStep({ ...known('delete-old-master-route'), routes: ['x'] }),
  ],
  [
    'an image with shell characters',
    'setImage',
    () => onStep({ ...known('set-memcache-image'), image: 'x;$(id)' }),
  ],
  [
    'an image with a newline',
    'tagImageStream',
    () => onStep({ ...known('tag-amp-zync'), image: 'mirror/x\nevil' }),
  ],
  [
    'an env value of its own',
    'setEnv',
    () => onStep({ ...known('set-amp-release'), env: [{ name: 'AMP_RELEASE', value: 'evil' }] }),
  ],
  [
    'a variable of its own',
    'setEnv',
    () => onStep({ ...known('set-amp-release'), env: [{ name: 'LD_PRELOAD', value: '/tmp/x.so' }] }),
  ],
  [
    'another Secret to write',
    'createSecret',
    () => onStep({ ...known('create-impersonation-secret'), secret: 'system-seed' }),
  ],
  [
    'a Secret that is no backup',
    'setEnv',
    () => ({ ...onStep(known('set-amp-release')), backup: 'system-seed' }),
  ],
  ['no path', 'setEnv', () => ({ ...onStep(known('set-amp-release')), path: undefined })],
  [
    'a path that is none',
    'setEnv',
    () => ({ ...onStep(known('set-amp-release')), path: { from: '1', to: '2' } }),
  ],
  [
    'a backup that is another Secret to compare with, and to delete',
    'verifyReverted',
    () => ({ tenant, limits: LIMITS, path: pathFor(), backup: 'system-seed' }),
  ],
  [
    'a backup to delete without comparing anything',
    'verifyReverted',
    () => ({ tenant, limits: LIMITS, path: { ...PATH, steps: [], hash: '' }, backup: BACKUP }),
  ],
  [
    'a run whose name is none',
    'backUpTenant',
    () => ({ tenant, limits: LIMITS, path: pathFor(), runId: '../../x' }),
  ],
  [
    'a DeploymentConfig to un-pause that is none of the path',
    'resumeRollouts',
    () => ({ ...onStep(known('pause-rollouts')), deploymentConfig: 'system-mysql' }),
  ],
  [
    'DeploymentConfigs to look at that are none of the path',
    'listPausedDeploymentConfigs',
    () => ({ tenant, limits: LIMITS, names: ['system-app', 'system-mysql'] }),
  ],
  [
    'a foreign step among those to verify',
    'verifyUpgraded',
    () => ({ ...onStep(known('verify-upgraded')), steps: [{ ...rake, command: ['sh'] }] }),
  ],
  [
    'another Secret as the backup whose claim ends',
    'verifyUpgraded',
    () => ({ ...onStep(known('verify-upgraded')), steps: [], claim: 'system-seed' }),
  ],
  [
    'a foreign step among those that must be staged',
    'rollOut',
    () => ({ ...onStep(known('roll-out-zync')), staged: [{ ...rake, command: ['sh'] }] }),
  ],
  [
    'another Secret to delete at the end',
    'endUpgrade',
    () => ({ tenant, limits: LIMITS, path: PATH, backup: 'system-seed', reverted: true }),
  ],
  [
    'a revert to begin with steps of its own',
    'beginRevert',
    () => ({ tenant, limits: LIMITS, path: { ...pathFor(), steps: [] }, backup: BACKUP, crossed: true }),
  ],
  [
    'a namespace that leads elsewhere',
    'setEnv',
    () => ({ ...onStep(known('set-amp-release')), tenant: { ...tenant, namespace: 'x/../tenant-2' } }),
  ],
  ['nothing at all', 'setEnv', () => ({})],
];

test.each(ORDERS)('refused, tried once, and nothing is touched: %s', async (_, activity, input) => {
  const before = touched();
  const failure = await order(activity, input());
  expect({ type: failure.type, nonRetryable: failure.nonRetryable }).toEqual({
    type: 'NotPermitted',
    nonRetryable: true,
  });
  expect(failure.message).toMatch(/^refused, and nothing was touched: .+/);
  expect(failure.message).not.toMatch(/[\p{Cc}$;]/u);
  expect(touched()).toEqual(before);
});

test.each([
  ['another tenant’s workflow', () => workflowIdOf({ ...tenant, namespace: 'tenant-2' })],
  ['a workflow that is no tenant’s', () => 'upgrade/x'],
])('refused: a step that is permitted, ordered by %s', async (_, workflowId) => {
  const failure = await order('setEnv', onStep(known('set-amp-release')), workflowId());
  expect(failure.type).toBe('NotPermitted');
  expect(failure.message).toContain(workflowIdOf(tenant));
});

test('refused: to look at workflows by what is no fleet, or at what is no upgrade', async () => {
  const look = { workflowIds: [workflowIdOf(tenant)], ask: true };
  expect((await order('lookAtUpgrades', look)).type).toBe('NotPermitted');
  const other = { workflowIds: ['billing-workflow'], ask: true };
  expect((await order('lookAtUpgrades', other, 'fleet/prod')).type).toBe('NotPermitted');
  expect((await order('findWindows', { policies: [], neededMs: 0, atMs: 0 })).type).toBe('NotPermitted');
});

test('an upgrade with a step of its own is blocked before anything is touched, and says why', async () => {
  const path = pathFor({ impersonation: { fromSecret: 'ours' } });
  const input: TenantUpgradeInput = {
    tenant,
    path: {
      ...path,
      steps: path.steps.map((step) =>
        step.kind === 'run-in-pod' ? { ...step, command: ['sh', '-c', 'id'] } : step,
      ),
    },
    windows: { windows: [], freezes: [] },
    onFailure: 'revert',
    startedBy: { by: 'mallory', why: 'to see it' },
    retries: LIMITS,
  };
  const before = touched();
  const { state, findings } = await lab.client.workflow.execute<typeof tenantUpgrade>('tenantUpgrade', {
    workflowId: workflowIdOf(tenant),
    taskQueue: TASK_QUEUE,
    args: [input],
  });
  expect(state).toBe('blocked');
  expect(findings.map(({ message }) => message)).toEqual([
    'refused, and nothing was touched: step update-impersonation-admin: command is not as the path has it',
  ]);
  expect(touched()).toEqual(before);
});

test('an upgrade as the tool starts it goes through', async () => {
  expect((await lab.upgrade('tenant-2')).state).toBe('upgraded');
});
