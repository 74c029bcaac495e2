import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { preflight } from '../../src/procedure/preflight/preflight.ts';
import type { Look } from '../../src/procedure/steps/step-module.ts';
import type { PathOptions } from '../../src/domain/paths/upgrade-path.ts';
import { workflowIdOf } from '../../src/domain/tenant/workflow-id.ts';
import type { PreflightReport } from '../../src/domain/tenant/finding.ts';
import type { SimulatedClusters } from '../support/simulated-clusters.ts';
import { openClusters } from '../support/simulated-clusters.ts';
import type { InstallOptions } from '../../simulator/installation/install.ts';
import { pathFor } from '../support/upgrade-input.ts';

let lab: SimulatedClusters;
beforeAll(async () => {
  lab = await openClusters({ timing: { rolloutMs: 20, hookMs: 5, importMs: 5, terminationMs: 5 } });
});
afterAll(() => lab.close());

let count = 0;
async function installed(options: InstallOptions = {}): Promise<Look & { namespace: string }> {
  const namespace = `tenant-${(count += 1)}`;
  await lab.simulator.install('sim1', namespace, options);
  const tenant = lab.clusters.tenant('sim1', namespace);
  return { namespace, api: lab.clusters.open(tenant), path: pathFor(), mark: workflowIdOf(tenant) };
}

const check = (look: Look, options: PathOptions = {}): Promise<PreflightReport> =>
  preflight(look, pathFor(options));
const fatal = ({ findings }: PreflightReport): string[] =>
  findings
    .filter(({ severity }) => severity === 'fatal')
    .map(({ check: name, object = '' }) => `${name} ${object}`.trim());

test('a 2.3 installation has no obstacle', async () => {
  const report = await check(await installed());
  expect(report).toMatchObject({ installation: 'from', version: '2.3.0', findings: [] });
});

test('all findings are reported together, each with what to do', async () => {
  const look = await installed({ without: ['DeploymentConfig/zync', 'ImageStream/amp-backend'] });
  const { api } = look;
  await api.patch('deploymentconfigs', 'system-sphinx', [{ op: 'add', path: '/spec/paused', value: true }]);
  await api.patch('deploymentconfigs', 'backend-cron', [
    { op: 'replace', path: '/spec/triggers', value: [] },
  ]);
  // `oc set triggers --manual`: the API leaves false out.
  await api.patch('deploymentconfigs', 'backend-listener', [
    { op: 'replace', path: '/spec/triggers/1/imageChangeParams/automatic', value: false },
  ]);
  const manual = await api.get('deploymentconfigs', 'backend-listener');
  expect(manual?.spec.triggers?.[1]?.imageChangeParams).not.toHaveProperty('automatic');
  lab.simulator
    .cluster('sim1')
    .faults.onWork('rollout', { namespace: look.namespace, name: 'system-memcache', message: 'crash loop' });
  await api.instantiate('system-memcache');
  await lab.simulator.cluster('sim1').settle();
  const report = await check(look, { impersonation: { fromSecret: 'nothing' } });
  expect(fatal(report)).toEqual(
    expect.arrayContaining([
      'nothing-paused dc/system-sphinx',
      'triggers-automatic dc/backend-cron',
      'triggers-automatic dc/backend-listener',
      'last-rollout-ok dc/system-memcache',
      'objects-present dc/zync',
      'impersonation-values secret/nothing',
    ]),
  );
  expect(report.findings.map(({ message }) => message).join('\n')).toContain(
    'imagestream/amp-backend is not there',
  );
  expect(report.findings.filter(({ hint }) => hint.length < 10)).toEqual([]);
});

test('a rollout that runs is waited out by a person, not raced', async () => {
  const look = await installed();
  const { timing } = lab.simulator.cluster('sim1');
  timing.rolloutMs = 60_000;
  await look.api.instantiate('backend-worker');
  expect(fatal(await check(look))).toEqual(['no-rollout-running dc/backend-worker']);
  timing.rolloutMs = 20;
});

test('our own pause, left by an upgrade that was abandoned, is no obstacle', async () => {
  const look = await installed();
  await look.api.patch('deploymentconfigs', 'system-app', [
    { op: 'add', path: '/spec/paused', value: true },
    { op: 'add', path: '/metadata/annotations', value: { 'threescale-upgrade/paused-by': look.mark } },
  ]);
  expect(fatal(await check(look))).toEqual([]);
});

test.each([['MASTER_DOMAIN'], ['THREESCALE_SUPERDOMAIN']])(
  'a missing %s is named, and what to set',
  async (name) => {
    const look = await installed({
      change: (manifest) =>
        manifest.metadata.name === 'system-app'
          ? (JSON.parse(
              JSON.stringify(manifest).replaceAll(`"name":"${name}"`, '"name":"SOMETHING_ELSE"'),
            ) as typeof manifest)
          : manifest,
    });
    const { findings } = await check(look);
    expect(findings.map(({ message }) => message).join()).toContain(`has no variable ${name}`);
  },
);

test('an image stream whose 2.4.0 is another image is not overwritten', async () => {
  const look = await installed();
  await look.api.patch('imagestreams', 'amp-zync', [
    {
      op: 'add',
      path: '/spec/tags/-',
      value: { name: '2.4.0', from: { kind: 'DockerImage', name: 'example.com/mine' } },
    },
  ]);
  const report = await check(look);
  expect(fatal(report)).toEqual(['objects-present']);
  expect(report.findings[0]?.message).toContain('tag 2.4.0 of another image');
});

test('where dc/system-app is gone, what an upgrade has left paused is named', async () => {
  const look = await installed({ without: ['DeploymentConfig/system-app'] });
  await look.api.patch('deploymentconfigs', 'zync', [
    { op: 'add', path: '/spec/paused', value: true },
    { op: 'add', path: '/metadata/annotations', value: { 'threescale-upgrade/paused-by': look.mark } },
  ]);
  expect((await check(look)).left).toEqual(['dc/zync is left paused']);
});

test('a project without an installation, and none at all', async () => {
  const empty = lab.clusters.tenant('sim1', 'nowhere');
  const look = { api: lab.clusters.open(empty), path: pathFor(), mark: workflowIdOf(empty) };
  expect(fatal(await check(look))).toEqual(['namespace-exists']);
  const bare = await installed({ change: (manifest) => manifest, without: ['DeploymentConfig/system-app'] });
  expect((await check(bare)).findings[0]?.message).toContain('holds no 3scale installation');
});
