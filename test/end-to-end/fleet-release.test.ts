import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { WorkflowBundle } from '@temporalio/worker';
import { NativeConnection, Worker } from '@temporalio/worker';
import { createReportActivities } from '../../activities/reports.ts';
import { createFleetActivities } from '../../activities/fleet.ts';
import { createActivities } from '../../activities/index.ts';
import { fleetRequest } from '../../src/cli/fleet/request.ts';
import type { FleetUpgradeInput } from '../../src/domain/fleet/fleet-upgrade.ts';
import { fleetWorkflowId } from '../../src/domain/fleet/spec/spec.ts';
import type { TenantLine } from '../../src/domain/fleet/show/tenant-lines.ts';
import { TASK_QUEUE } from '../../src/domain/tenant/task-queue.ts';
import { workflowIdOf } from '../../src/domain/tenant/workflow-id.ts';
import { dataConverter } from '../../src/temporal/codec/data-converter.ts';
import { setLogLevel } from '../../src/worker/worker.ts';
import { pauseFleetSignal, resumeFleetSignal } from '../../workflows/fleet/messages.ts';
import type { fleetUpgrade } from '../../workflows/fleet/fleet-upgrade.ts';
import { ScaleFleet, scaleTenants } from '../support/fleet-scale.ts';
import { LabWorker } from '../support/lab-worker.ts';
import type { Lab } from '../support/lab.ts';
import { openLab } from '../support/lab.ts';
import { bundleWorkflows } from '../support/time-skipping.ts';

const FLEET = 'release';
const OPERATOR = { by: 'test', why: 'to see it' };
/** Events up to the end of a run's first task. */
const FIRST_TASK = 4;
/** WORKFLOW_TASK_FAILED_CAUSE_NON_DETERMINISTIC_ERROR of Temporal's API. */
const NON_DETERMINISTIC = 24;

let lab: Lab;
let fleet: ScaleFleet;
let connection: NativeConnection;
let before: WorkflowBundle;
let next: WorkflowBundle;
let careless: WorkflowBundle;
let worker: LabWorker | undefined;

/** A worker as every release starts it, with the workflows of this one; the one before is stopped. */
async function startRelease(workflowBundle: WorkflowBundle): Promise<void> {
  await worker?.stop();
  worker = new LabWorker({
    connection,
    namespace: lab.target.namespace,
    taskQueue: TASK_QUEUE,
    dataConverter,
    workflowBundle,
    activities: {
      ...createActivities(lab.clusters),
      ...createFleetActivities(),
      ...createReportActivities(),
    },
  });
  await worker.start();
}

beforeAll(async () => {
  setLogLevel('ERROR');
  lab = await openLab({
    worker: false,
    timing: { rolloutMs: 200, hookMs: 100, importMs: 20, terminationMs: 10 },
  });
  connection = await NativeConnection.connect(lab.target.connectionOptions);
  next = await bundleWorkflows('./releases/next.ts');
  careless = await bundleWorkflows('./releases/careless.ts');
  before = await bundleWorkflows();
  await startRelease(before);
  fleet = new ScaleFleet(lab, FLEET, scaleTenants(10, { clusters: 1, oneInFails: 100 }));
  await fleet.install();
  await fleet.upgradeReference();
});
afterAll(async () => {
  await worker?.stop();
  await connection.close();
  await lab.close();
});

/** By tenant, the release under which its run began. */
async function releaseOf(namespace: string): Promise<unknown> {
  const id = workflowIdOf(lab.clusters.tenant('sim1', namespace));
  const { memo } = await lab.client.workflow.getHandle(id).describe();
  return memo?.['release'] ?? 'before';
}

/** Of those that the fleet has begun: a slot is taken before there is a run. */
async function linesOfRuns(): Promise<TenantLine[]> {
  return (await fleet.lines()).filter(({ runId }) => runId !== undefined);
}

/** Those whose first task was done by the release that runs: a run may be there before. */
async function begunNow(): Promise<string[]> {
  const lines = await linesOfRuns();
  const lengths = await Promise.all(
    lines.map(async ({ name }) => {
      const id = workflowIdOf(lab.clusters.tenant('sim1', name));
      return (await lab.client.workflow.getHandle(id).describe()).historyLength ?? 0;
    }),
  );
  return lines.filter((_, place) => (lengths[place] ?? 0) > FIRST_TASK).map(({ name }) => name);
}

/** A tenant under way that has begun under the next release. */
async function oneOfNext(): Promise<string> {
  for (;;) {
    const running = (await linesOfRuns()).filter(({ state }) => state === 'running');
    for (const { name } of running) if ((await releaseOf(name)) === 'next') return name;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Until a worker has found that it cannot go on with this tenant: it does not know how it began. */
async function untilNotUnderstood(namespace: string): Promise<void> {
  const id = workflowIdOf(lab.clusters.tenant('sim1', namespace));
  for (;;) {
    const { events } = await lab.client.workflow.getHandle(id).fetchHistory();
    const causes = (events ?? []).map((event) => event.workflowTaskFailedEventAttributes?.cause);
    if (causes.includes(NON_DETERMINISTIC)) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

test('a fleet goes on under the next release, stands still where that is taken back, and ends under it', async () => {
  const { spec } = fleetRequest({ file: fleet.write({ maxConcurrent: 3 }), kubeconfig: lab.kubeconfig });
  const input: FleetUpgradeInput = {
    spec,
    startedBy: OPERATOR,
    visible: false,
    // Short runs: the fleet itself continues as new under the next release.
    continueAfter: 20,
  };
  const { firstExecutionRunId } = await lab.client.workflow.start<typeof fleetUpgrade>('fleetUpgrade', {
    workflowId: fleetWorkflowId(FLEET),
    taskQueue: TASK_QUEUE,
    args: [input],
  });
  await fleet.until(({ counts }) => counts.upgraded >= 2 && counts.running >= 2, 50);
  const begun = await begunNow();
  await startRelease(next);
  const stuck = await oneOfNext();
  await fleet.handle.signal(pauseFleetSignal, { ...OPERATOR, newOnly: true });
  await startRelease(before);
  await untilNotUnderstood(stuck);
  await startRelease(next);
  await fleet.handle.signal(resumeFleetSignal, OPERATOR);
  await fleet.until(({ phase }) => phase === 'ended');
  expect(await fleet.problems()).toEqual([]);

  const names = fleet.tenants.map(({ namespace }) => namespace);
  const releases = await Promise.all(names.map(releaseOf));
  const underNext = names.filter((_, place) => releases[place] === 'next');
  expect(underNext.length).toBeGreaterThan(0);
  expect(underNext.filter((name) => begun.includes(name))).toEqual([]);
  const first = await lab.client.workflow.getHandle(fleetWorkflowId(FLEET), firstExecutionRunId).describe();
  const last = await fleet.handle.describe();
  expect([first.memo?.['release'], last.memo?.['release']]).toEqual([undefined, 'next']);

  const id = workflowIdOf(lab.clusters.tenant('sim1', begun.at(-1) ?? ''));
  const history = await lab.client.workflow.getHandle(id).fetchHistory();
  await Worker.runReplayHistory({ workflowBundle: next, dataConverter }, history, id);
  await expect(
    Worker.runReplayHistory({ workflowBundle: careless, dataConverter }, history, id),
  ).rejects.toThrow(/[Nn]ondeterminism/);
});
