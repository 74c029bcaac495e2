/** What says something returns when it is said, and names the line that lets it be carried on where no worker runs. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Lab } from '../support/lab.ts';
import { openLab } from '../support/lab.ts';
import type { CliResult } from '../support/run-cli.ts';
import { runCli } from '../support/hosted-cli.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await openLab({ worker: false });
});
afterAll(() => lab.close());

test('a decision is heard where no worker runs; nothing is carried out before somebody lets it', async () => {
  const namespace = 'shop';
  await lab.simulator.install('sim1', namespace);
  const flags = ['--kubeconfig', lab.kubeconfig, '--context', 'sim1', '--namespace', namespace];
  const run = (...args: string[]): Promise<CliResult> => {
    const [command = '', ...more] = args;
    return runCli([command, ...flags, ...more]);
  };
  lab.cluster.faults.onWork('rollout', {
    namespace,
    name: 'system-sphinx',
    message: 'crash loop',
    times: 2,
  });
  const held = await run('start', '--yes', '--why', 'change 4711');
  expect(held.exitCode).toBe(4);
  const aborted = await run('abort', '--yes', '--why', 'enough');
  expect([aborted.exitCode, aborted.stderr]).toEqual([
    7,
    expect.stringMatching(/held already: an abort would change nothing\n.*\n.*threescale-upgrade retry /),
  ]);
  lab.cluster.audit.clear();
  const retried = await run('retry', '--why', 'the node is back');
  expect([retried.exitCode, retried.stderr]).toEqual([
    0,
    expect.stringContaining(
      `sim1/shop: trying again\nNo worker runs. Let it be carried on with: threescale-upgrade start --context sim1 --namespace shop`,
    ),
  ]);
  expect(lab.cluster.audit.writes()).toEqual([]);
  const ended = await run('start', '--yes', '--why', 'go on');
  expect([ended.exitCode, ended.stdout]).toEqual([0, expect.stringContaining('upgraded')]);
});
