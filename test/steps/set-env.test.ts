/** What a container is started with is what the step has set: also where a name stands twice, and in any hook. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { planTenant } from '../../src/procedure/preflight/inspect.ts';
import { workflowIdOf } from '../../src/domain/tenant/workflow-id.ts';
import { pathFor } from '../support/upgrade-input.ts';
import type { DeploymentConfig, EnvVar } from '../../src/openshift/types.ts';
import type { SimulatedClusters } from '../support/simulated-clusters.ts';
import { openClusters } from '../support/simulated-clusters.ts';
import type { Steps } from '../support/steps.ts';
import { openSteps } from '../support/steps.ts';

let lab: SimulatedClusters;
beforeAll(async () => {
  lab = await openClusters({ timing: { rolloutMs: 5, hookMs: 5, importMs: 5, terminationMs: 5 } });
});
afterAll(() => lab.close());

const STEP = 'set-amp-release';
const ENV = '/spec/template/spec/containers/0/env';

async function app({ api }: Steps): Promise<DeploymentConfig> {
  const found = await api.get('deploymentconfigs', 'system-app');
  if (!found) throw new Error('it is not there');
  return found;
}
const envOf = async (steps: Steps): Promise<readonly EnvVar[]> =>
  (await app(steps)).spec.template.spec.containers[0]?.env ?? [];
const releases = (env: readonly EnvVar[]): (string | undefined)[] =>
  env.filter(({ name }) => name === 'AMP_RELEASE').map(({ value }) => value);

test('of a variable that stands twice the last one counts: that one is set, and taken back', async () => {
  const steps = await openSteps(lab, 'twice');
  const first = { name: 'AMP_RELEASE', value: '2.2.0' };
  await steps.api.patch('deploymentconfigs', 'system-app', [{ op: 'add', path: `${ENV}/0`, value: first }]);
  await steps.backUp();
  await steps.apply(STEP);
  expect(releases(await envOf(steps)).at(-1)).toBe('2.4.0');
  expect(await steps.verify(STEP, 'staged')).toEqual([]);
  await steps.revert(STEP);
  expect(releases(await envOf(steps))).toEqual(['2.2.0', '2.3.0']);
});

test('everywhere is also the pre-hook of a DeploymentConfig that is recreated', async () => {
  const steps = await openSteps(lab, 'recreated', { path: { releaseEverywhere: true } });
  const { rollingParams } = (await app(steps)).spec.strategy ?? {};
  const strategy = { type: 'Recreate', recreateParams: { pre: rollingParams?.pre } };
  await steps.api.patch('deploymentconfigs', 'system-app', [
    { op: 'replace', path: '/spec/strategy', value: strategy },
  ]);
  await steps.backUp();
  await steps.apply(STEP);
  const hook = (await app(steps)).spec.strategy?.recreateParams?.pre?.execNewPod;
  expect(releases(hook?.env ?? [])).toEqual(['2.4.0']);
  await steps.revert(STEP);
  const back = (await app(steps)).spec.strategy?.recreateParams?.pre?.execNewPod;
  expect(releases(back?.env ?? [])).toEqual(['2.3.0']);
});

test('a container that the owner has put beside the vendor’s keeps its variables, and the plan says so', async () => {
  const steps = await openSteps(lab, 'sidecar');
  const sidecar = {
    name: 'sidecar',
    image: 'registry.example.test/own/sidecar',
    env: [{ name: 'AMP_RELEASE', value: 'ours' }],
  };
  await steps.api.patch('deploymentconfigs', 'system-app', [
    { op: 'add', path: '/spec/template/spec/containers/0', value: sidecar },
  ]);
  await lab.simulator.cluster('sim1').settle();
  const tenant = lab.clusters.tenant('sim1', 'sidecar');
  const look = { api: steps.api, path: pathFor(), mark: workflowIdOf(tenant) };
  expect((await planTenant(look, tenant, pathFor())).notes).toContain(
    'container sidecar of dc/system-app is none of 3scale’s: its variables stay as they are',
  );
  await steps.backUp();
  await steps.apply(STEP);
  const { containers } = (await app(steps)).spec.template.spec;
  expect(containers.map(({ name, env = [] }) => [name, ...releases(env)])).toEqual([
    ['sidecar', 'ours'],
    ['system-master', '2.4.0'],
    ['system-provider', '2.4.0'],
    ['system-developer', '2.4.0'],
  ]);
});
