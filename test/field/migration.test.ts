/** Nothing is upgraded whose database nobody would migrate, or whose failed migration nobody would notice. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Operation } from 'fast-json-patch';
import type { SimulatedClusters } from '../support/simulated-clusters.ts';
import { runCli } from '../support/hosted-cli.ts';
import { openClusters } from '../support/simulated-clusters.ts';

let lab: SimulatedClusters;
beforeAll(async () => {
  lab = await openClusters({ timing: { rolloutMs: 5, hookMs: 5, importMs: 5, terminationMs: 5 } });
});
afterAll(() => lab.close());

const OWN: Operation = {
  op: 'add',
  path: '/spec/template/spec/containers/-',
  value: { name: 'own', image: 'registry.example.test/own:1' },
};
const PRE = '/spec/strategy/rollingParams/pre';
const policy = (at: string, value: string): Operation => ({
  op: 'replace',
  path: `${at}/failurePolicy`,
  value,
});
const RECREATE: Operation = { op: 'replace', path: '/spec/strategy/type', value: 'Recreate' };
const movedTo = (path: string): readonly Operation[] => [
  RECREATE,
  { op: 'add', path: '/spec/strategy/recreateParams', value: {} },
  { op: 'move', from: PRE, path },
];

test.each<readonly [string, string, readonly Operation[], string | undefined]>([
  [
    'no-hook',
    'without a hook',
    [{ op: 'remove', path: PRE }],
    'its strategy Rolling runs no hook before the new pods, so that nothing would migrate the database',
  ],
  [
    'other-strategy',
    'recreated, with the hook of the strategy that it had',
    [RECREATE],
    'its strategy Recreate runs no hook before the new pods; what rollingParams has is not run by it',
  ],
  [
    'other-container',
    'with a hook in a container of the owner\u2019s',
    [OWN, { op: 'replace', path: `${PRE}/execNewPod/containerName`, value: 'own' }],
    "runs in container own, which is none of 3scale's own",
  ],
  ['ignored', 'whose hook may fail', [policy(PRE, 'Ignore')], 'a migration that fails would go unnoticed'],
  [
    'ignored-mid',
    'whose hook between the old pods and the new ones may fail',
    [...movedTo('/spec/strategy/recreateParams/mid'), policy('/spec/strategy/recreateParams/mid', 'Ignore')],
    '/spec/strategy/recreateParams/mid/failurePolicy',
  ],
  [
    'mid',
    'with a hook between the old pods and the new ones',
    movedTo('/spec/strategy/recreateParams/mid'),
    undefined,
  ],
  ['aborts', 'whose hook is tried once', [policy(PRE, 'Abort')], undefined],
])('%s: a system-app %s', async (namespace, _, edit, said) => {
  await lab.simulator.install('sim1', namespace, {});
  const api = lab.clusters.open(lab.clusters.tenant('sim1', namespace));
  await api.patch('deploymentconfigs', 'system-app', [...edit]);
  if (edit.includes(OWN)) await lab.simulator.cluster('sim1').settle();
  const at = ['--kubeconfig', lab.kubeconfig, '-c', 'sim1', '-n', namespace];
  const { exitCode, stdout } = await runCli(['check', ...at]);
  const shown = stdout.replace(/\s+/g, ' ');
  expect([exitCode, shown]).toEqual(
    said === undefined
      ? [0, expect.not.stringContaining('migrate the database')]
      : [3, expect.stringContaining(said)],
  );
});
