import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { DefaultLogger, bundleWorkflowCode, NativeConnection, Worker } from '@temporalio/worker';
import { answer } from '../../src/cli/workflows.ts';
import { EXIT } from '../../src/cli/exit-codes.ts';
import { TASK_QUEUE } from '../../src/domain/tenant/task-queue.ts';
import type { Lab } from '../support/lab.ts';
import { openLab } from '../support/lab.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await openLab({ worker: false });
}, 120_000);
afterAll(() => lab.close());

test('an upgrade that workers take up and fail with is not said to have no worker', async () => {
  await lab.simulator.install('sim1', 'stands-still');
  const { address, namespace } = lab.target;
  const connection = await NativeConnection.connect({ address });
  const { code } = await bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL('../fixtures/workflows/failing.ts', import.meta.url)),
    logger: new DefaultLogger('ERROR'),
  });
  const worker = await Worker.create({
    connection,
    namespace,
    taskQueue: TASK_QUEUE,
    workflowBundle: { code },
  });
  const running = worker.run();
  try {
    const handle = await lab.start('stands-still');
    // Temporal tells of it once the task was tried a few times.
    const tries = async (): Promise<number> =>
      (await handle.describe()).raw.pendingWorkflowTask?.attempt ?? 0;
    while ((await tries()) < 4) await new Promise((resolve) => setTimeout(resolve, 200));
    const asked = answer(
      { client: lab.client, io: { err: () => undefined } },
      {
        what: 'the upgrade of it',
        goOnWith: 'threescale-upgrade dev',
        lookWith: 'threescale-upgrade status',
        endedHint: '',
      },
      () => handle.query('progress'),
    );
    await expect(asked).rejects.toMatchObject({
      message: 'the upgrade of it stands still: workers fail when they take it up',
      exitCode: EXIT.unreachable,
    });
  } finally {
    worker.shutdown();
    await running;
    await connection.close();
  }
}, 120_000);
