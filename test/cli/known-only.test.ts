import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { DefaultLogger, bundleWorkflowCode, NativeConnection, Worker } from '@temporalio/worker';
import { attributesOfTenant } from '../../src/domain/tenant/search-attributes.ts';
import { TASK_QUEUE } from '../../src/domain/tenant/task-queue.ts';
import { workflowIdOf } from '../../src/domain/tenant/workflow-id.ts';
import { describeExecution } from '../../src/temporal/executions.ts';
import { ensureSearchAttributes } from '../../src/temporal/search-attributes.ts';
import { pairsOf } from '../../workflows/search-attributes.ts';
import type { Lab } from '../support/lab.ts';
import { openLab } from '../support/lab.ts';
import { pathFor } from '../support/upgrade-input.ts';
import { runCli } from '../support/hosted-cli.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await openLab({ worker: false });
}, 240_000);
afterAll(() => lab.close());

/** A worker of a release that takes other steps, until the upgrade is held. */
async function heldByAnotherRelease(namespace: string): Promise<string[]> {
  await lab.simulator.install('sim1', namespace);
  await ensureSearchAttributes(lab.client, () => undefined);
  const { address, namespace: ofTemporal } = lab.target;
  const connection = await NativeConnection.connect({ address });
  const { code } = await bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL('../fixtures/workflows/other-release.ts', import.meta.url)),
    logger: new DefaultLogger('ERROR'),
  });
  const options = { connection, namespace: ofTemporal, taskQueue: TASK_QUEUE, workflowBundle: { code } };
  const worker = await Worker.create(options);
  const tenant = lab.clusters.tenant('sim1', namespace);
  const path = pathFor();
  const workflowId = workflowIdOf(tenant);
  await worker.runUntil(async () => {
    await lab.client.workflow.start('tenantUpgrade', {
      workflowId,
      taskQueue: TASK_QUEUE,
      args: [
        {
          tenant,
          path,
          windows: { windows: [], freezes: [] },
          onFailure: 'revert',
          startedBy: { by: 'test', why: 'to see it' },
          retries: { transientAttempts: 5, outcomeAttempts: 2 },
        },
      ],
      typedSearchAttributes: pairsOf(attributesOfTenant(tenant, path)),
    });
    const shown = async (): Promise<string | undefined> =>
      (await describeExecution(lab.client, workflowId))?.attributes.ThreescaleState;
    while ((await shown()) !== 'held') await new Promise((resolve) => setTimeout(resolve, 100));
  });
  await connection.close();
  return ['--kubeconfig', lab.kubeconfig, '-c', 'sim1', '-n', namespace];
}

test('of an upgrade of another release what it shows is told, and what is not known', async () => {
  const flags = await heldByAnotherRelease('other');
  const status = await runCli(['status', ...flags]);
  expect([status.exitCode, status.stdout]).toEqual([
    4,
    expect.stringMatching(/sim1\/other +2\.3 → 2\.4 +held/),
  ]);
  expect(status.stdout).toContain('steps, failures and decisions are not known here');
  expect(status.stderr).toContain('its history was made by another release');
  const json = JSON.parse((await runCli(['status', ...flags, '-o', 'json'])).stdout) as object;
  expect(json).toMatchObject({ state: 'held', unknown: expect.stringContaining('another release') });
  const report = await runCli(['report', ...flags]);
  expect([report.exitCode, report.stdout]).toEqual([0, expect.stringContaining('not known here')]);
  const list = JSON.parse((await runCli(['list', '-o', 'json'])).stdout) as object[];
  expect(list).toMatchObject([
    { state: 'held', unknown: expect.stringContaining('another release'), tenant: { context: 'sim1' } },
  ]);
}, 240_000);
