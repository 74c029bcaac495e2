/** What `start` says where an upgrade ends, besides its state: why, and what to do. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Lab } from '../support/lab.ts';
import { openLab } from '../support/lab.ts';
import { runCli } from '../support/run-cli.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await openLab({ worker: false });
});
afterAll(() => lab.close());

const start = async (namespace: string) => {
  await lab.simulator.install('sim1', namespace);
  return () =>
    runCli(['start', '--kubeconfig', lab.kubeconfig, '-c', 'sim1', '-n', namespace, '--why', 'change 4711']);
};

test('a quota that leaves no room for the backup is named where it ends', async () => {
  const run = await start('full');
  lab.cluster.faults.onRequest(
    { method: 'POST', path: /\/namespaces\/full\/secrets$/ },
    { kind: 'status', code: 403, reason: 'Forbidden' },
  );
  const { exitCode, stdout } = await run();
  expect([exitCode, stdout]).toEqual([5, expect.stringMatching(/reverted[^]*because [^]*secrets/)]);
}, 60_000);

test('a rollout that fails is named where it ends, with what to do', async () => {
  const run = await start('broken');
  lab.cluster.faults.onWork('rollout', {
    namespace: 'broken',
    name: 'zync',
    message: 'crash loop',
    times: 2,
  });
  const { exitCode, stdout } = await run();
  expect(exitCode).toBe(5);
  expect(stdout).toMatch(/because roll-out-zync failed: [^]*crash loop[^]*oc logs dc\/zync/);
}, 60_000);
