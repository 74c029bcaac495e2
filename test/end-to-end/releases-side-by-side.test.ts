import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { WorkflowBundle } from '@temporalio/worker';
import { NativeConnection } from '@temporalio/worker';
import { createReportActivities } from '../../activities/reports.ts';
import { createFleetActivities } from '../../activities/fleet.ts';
import { createActivities } from '../../activities/index.ts';
import { TASK_QUEUE } from '../../src/domain/tenant/task-queue.ts';
import { dataConverter } from '../../src/temporal/codec/data-converter.ts';
import type { Release } from '../../src/worker/release.ts';
import { releaseOptions } from '../../src/worker/release.ts';
import { setLogLevel } from '../../src/worker/worker.ts';
import { CliProcess } from '../support/cli-process.ts';
import { makeCurrent as moveTo } from '../support/current-version.ts';
import { LabWorker } from '../support/lab-worker.ts';
import type { Handle, Lab } from '../support/lab.ts';
import { openLab } from '../support/lab.ts';
import { bundleWorkflows } from '../support/time-skipping.ts';

/** What release 0.1.0 did; the next one's change, of test/support/releases/next.ts, came later. */
const HELD_BACK = '0.1.0';
const DEPLOYMENT = 'upgrades';

let lab: Lab;
let connection: NativeConnection;
let before: WorkflowBundle;
let next: WorkflowBundle;
const workers: LabWorker[] = [];

beforeAll(async () => {
  setLogLevel('ERROR');
  lab = await openLab({ worker: false });
  connection = await NativeConnection.connect(lab.target.connectionOptions);
  before = await bundleWorkflows();
  next = await bundleWorkflows('./releases/next.ts');
});
afterEach(async () => {
  await Promise.all(workers.splice(0).map((worker) => worker.stop()));
});
afterAll(async () => {
  await connection.close();
  await lab.close();
});

/** A worker of a release, which remembers no run: each task may be anybody's. */
async function startRelease(
  buildId: string,
  workflowBundle: WorkflowBundle,
  release: Release,
): Promise<void> {
  const worker = new LabWorker({
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
    maxCachedWorkflows: 0,
    // One process holds several workers of a queue only where each says which build it is.
    workerDeploymentOptions: {
      version: { deploymentName: DEPLOYMENT, buildId },
      useWorkerVersioning: false,
    },
    ...releaseOptions(release),
  });
  await worker.start();
  workers.push(worker);
}

async function startTenants(prefix: string, count: number): Promise<Handle[]> {
  const names = Array.from({ length: count }, (_, place) => `${prefix}-${place}`);
  await Promise.all(names.map((name) => lab.simulator.install('sim1', name)));
  return Promise.all(names.map((name) => lab.start(name)));
}

/** How each ended, under which release it began, and how many of its tasks failed. */
function outcomes(handles: readonly Handle[]): Promise<unknown[]> {
  return Promise.all(
    handles.map(async (handle) => {
      const { state } = await handle.result();
      const { memo } = await handle.describe();
      const { events } = await handle.fetchHistory();
      const failed = (events ?? []).filter((event) => event.workflowTaskFailedEventAttributes).length;
      return [state, memo?.['release'] ?? 'before', failed];
    }),
  );
}

const all = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value);

test('the next release stands beside this one without a task that fails, and is then told to do what is new', async () => {
  await startRelease('before', before, {});
  await startRelease('next', next, { asRelease: HELD_BACK });
  expect(await outcomes(await startTenants('first', 3))).toEqual(all(3, ['upgraded', 'before', 0]));

  await Promise.all(workers.splice(0).map((worker) => worker.stop()));
  await startRelease('held-back', next, { asRelease: HELD_BACK });
  await startRelease('whole', next, {});
  const second = await outcomes(await startTenants('second', 4));
  const ends = second.map((one) => JSON.stringify(one));
  expect(new Set(['["upgraded","before",0]', '["upgraded","next",0]', ...ends]).size).toBe(2);
});

function makeCurrent(buildId: string): Promise<void> {
  const { namespace } = lab.target;
  return moveTo(connection.workflowService, { namespace, deploymentName: DEPLOYMENT, buildId });
}

test('the current version of a Worker Deployment is moved forward and back under running upgrades', async () => {
  await startRelease('1', before, { deployment: { deploymentName: DEPLOYMENT, buildId: '1' } });
  await startRelease('2', next, {
    asRelease: HELD_BACK,
    deployment: { deploymentName: DEPLOYMENT, buildId: '2' },
  });
  await makeCurrent('1');
  const handles = await startTenants('moved', 3);
  let ended = false;
  const ends = outcomes(handles).finally(() => {
    ended = true;
  });
  const served = new Set<string>();
  for (let move = 0; !ended || move < 2; move += 1) {
    await makeCurrent(move % 2 === 0 ? '2' : '1');
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  expect(await ends).toEqual(all(3, ['upgraded', 'before', 0]));
  for (const handle of handles) {
    const { events } = await handle.fetchHistory();
    for (const { workflowTaskCompletedEventAttributes: task } of events ?? []) {
      if (task?.deploymentVersion?.buildId) served.add(task.deploymentVersion.buildId);
    }
  }
  expect([...served].sort()).toEqual(['1', '2']);
});

test('`worker --deployment` says what makes it the current version, and works once it is', async () => {
  const worker = new CliProcess(
    ['worker', '--kubeconfig', lab.kubeconfig, '--deployment', DEPLOYMENT, '--build-id', '3'],
    { TEMPORAL_ADDRESS: lab.target.address },
  );
  try {
    await worker.says(
      `temporal worker deployment set-current-version --namespace default --deployment-name ${DEPLOYMENT} --build-id 3`,
    );
    const [handle] = await startTenants('by-command', 1);
    await makeCurrent('3');
    expect((await handle?.result())?.state).toBe('upgraded');
  } finally {
    await worker.kill('SIGTERM');
  }
});

test.each([
  ['9.0.0', 'later than this release'],
  ['next', 'Use a release'],
])('`worker --as-release %s` ends with 64', async (release, said) => {
  const worker = new CliProcess(['worker', '--kubeconfig', lab.kubeconfig, '--as-release', release], {
    TEMPORAL_ADDRESS: lab.target.address,
  });
  const ended = await worker.ended;
  expect(ended.said).toContain(said);
  expect(ended.code).toBe(64);
});
