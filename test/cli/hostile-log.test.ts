/** What others write to Temporal comes into a worker's log: shown, and obeyed nowhere. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { TASK_QUEUE } from '../../src/domain/tenant/task-queue.ts';
import { CliProcess } from '../support/cli-process.ts';
import type { Lab } from '../support/lab.ts';
import { openLab } from '../support/lab.ts';

const EVIL =
  'x\u001b[2J\u001b]0;owned\u0007\u009b31m\u202e\u2028\r2026-01-01T00:00:00.000Z [INFO] after CR\n2026-01-01T00:00:00.000Z [INFO] upgraded';
const OBEYED = /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u;

let lab: Lab;
beforeAll(async () => {
  lab = await openLab({ worker: false });
});
afterAll(() => lab.close());

test.each([[[]], [['--verbose']]])(
  'a type of workflow that nobody has, and that a terminal would obey %j',
  async (flags) => {
    const worker = new CliProcess(['worker', '--kubeconfig', lab.kubeconfig, ...flags], {
      TEMPORAL_ADDRESS: lab.target.address,
    });
    await worker.says('worker ready');
    const handle = await lab.client.workflow.start(EVIL, {
      taskQueue: TASK_QUEUE,
      workflowId: `evil ${EVIL} ${flags.length}`,
      args: [EVIL],
    });
    await worker.says('no such function is exported');
    await handle.terminate();
    const { said } = await worker.kill('SIGTERM');
    expect(said.replaceAll('\n', '')).not.toMatch(OBEYED);
    expect(said).toContain('upgraded');
    expect(said.split('\n').filter((line) => /^2026-01-01|^\S*\[INFO\] upgraded/.test(line))).toEqual([]);
  },
);
