import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Lab } from '../support/lab.ts';
import { openLab } from '../support/lab.ts';
import { secretValues } from '../support/secret-values.ts';

const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

let lab: Lab;
beforeAll(async () => {
  lab = await openLab({ worker: false });
});
afterAll(() => lab.close());

test('no value of an installation is in the log of a worker that logs everything', async () => {
  const { faults } = lab.cluster;
  for (const namespace of ['good', 'bad']) await lab.simulator.install('sim1', namespace);
  faults.onWork('rollout', { namespace: 'bad', name: 'zync', message: 'crash loop', times: 2 });
  faults.onRequest({ method: 'PATCH', path: /deploymentconfigs/, times: 3, after: 3 }, { kind: 'reset' });
  const worker = spawn(process.execPath, [MAIN, 'worker', '--verbose', '--kubeconfig', lab.kubeconfig], {
    env: { ...process.env, NODE_OPTIONS: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  for (const stream of [worker.stdout, worker.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      log += chunk.toString();
    });
  }
  const ends = await Promise.all([lab.upgrade('good'), lab.upgrade('bad')]);
  expect(ends.map(({ state }) => state)).toEqual(['upgraded', 'reverted']);
  worker.kill('SIGTERM');
  await new Promise((resolve) => worker.once('exit', resolve));
  expect(log).toMatch(/Activity (failed|started)/);
  expect(log.length).toBeGreaterThan(2_000);
  const secrets = ['good', 'bad'].flatMap((namespace) => secretValues(lab.cluster, namespace));
  expect(secrets.length).toBeGreaterThan(30);
  expect(secrets.filter((secret) => log.includes(secret))).toEqual([]);
});
