/** Names that only Temporal knows, as a shell asks for them: of one that runs, and never by starting one. */
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { execa } from 'execa';
import picocolors from 'picocolors';
import { treeOf } from '../../src/cli/completion/tree.ts';
import { createProgram } from '../../src/cli/program.ts';
import { TASK_QUEUE } from '../../src/domain/tenant/task-queue.ts';
import { tenantKeyOf } from '../../src/domain/tenant/tenant.ts';
import { workflowIdOfKey } from '../../src/domain/tenant/workflow-id.ts';
import type { Lab } from '../support/lab.ts';
import { openLab } from '../support/lab.ts';

const LAUNCHER = fileURLToPath(new URL('../../bin/threescale-upgrade.js', import.meta.url));
const silent = {
  out: () => undefined,
  err: () => undefined,
  interactive: false,
  colors: picocolors.createColors(false),
};
const tree = JSON.stringify(treeOf(createProgram(silent, '0.0.0', () => undefined)));

let lab: Lab;
beforeAll(async () => {
  lab = await openLab({ worker: false, tenants: 0 });
  const start = (type: string, workflowId: string): Promise<unknown> =>
    lab.client.workflow.start(type, { workflowId, taskQueue: TASK_QUEUE, args: [] });
  await start('fleetUpgrade', 'fleet/prod');
  await start('fleetUpgrade', 'fleet/next');
  const tenant = { cluster: 'api.prod:6443', context: 'prod', namespace: '3scale-shop' };
  await start('tenantUpgrade', workflowIdOfKey(tenantKeyOf(tenant)));
});
afterAll(() => lab.close());

async function offered(...words: string[]): Promise<string> {
  const { stdout, stderr, exitCode } = await execa(
    process.execPath,
    [LAUNCHER, '__complete', tree, ...words],
    {
      env: { NODE_OPTIONS: '', KUBECONFIG: lab.kubeconfig },
      reject: false,
    },
  );
  expect([stderr, exitCode]).toEqual(['', 0]);
  return stdout;
}

/** Temporal lists what was started a moment later; on a busy machine a shell may be answered too late, and asks again. */
async function until(words: readonly string[], wanted: string): Promise<void> {
  while ((await offered(...words)) !== wanted) await new Promise((resolve) => setTimeout(resolve, 200));
}

test('fleets, and projects of upgrades', async () => {
  await until(['fleet', 'status', ''], 'next\nprod');
  await until(['fleet', 'status', 'p'], 'prod');
  await until(['status', '-n', '3scale-'], '3scale-shop');
});

test('where no worker answers for a fleet, its tenants are not known, and nothing is said', async () => {
  expect(await offered('fleet', 'retry', 'prod', '--tenant', '')).toBe('');
});
