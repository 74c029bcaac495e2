/** A component that is not there: no obstacle where the rest can do without it, and never silent. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { preflight } from '../../src/procedure/preflight/preflight.ts';
import type { PathOptions } from '../../src/domain/paths/upgrade-path.ts';
import { workflowIdOf } from '../../src/domain/tenant/workflow-id.ts';
import type { Lab } from '../support/lab.ts';
import { openLab } from '../support/lab.ts';
import { pathFor } from '../support/upgrade-input.ts';
import { runCli } from '../support/hosted-cli.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await openLab();
});
afterAll(() => lab.close());

async function installed(namespace: string, without: readonly string[] = []) {
  await lab.simulator.install('sim1', namespace, { without });
  const ref = lab.clusters.tenant('sim1', namespace);
  const api = lab.clusters.open(ref);
  return {
    api,
    at: ['--kubeconfig', lab.kubeconfig, '-c', 'sim1', '-n', namespace],
    check: (options: PathOptions = {}) =>
      preflight({ api, path: pathFor(options), mark: workflowIdOf(ref) }, pathFor(options)),
  };
}

test('a gateway that is not there is named by check and plan alike, for one tenant and in a fleet', async () => {
  const { at } = await installed('no-staging', ['DeploymentConfig/apicast-staging']);
  await lab.simulator.install('sim1', 'whole');
  const said = 'dc/apicast-staging is not there: all else is upgraded without it';
  const check = await runCli(['check', ...at]);
  expect([check.exitCode, check.stdout]).toEqual([0, expect.stringContaining(`! ${said}`)]);
  const plan = await runCli(['plan', ...at]);
  expect([plan.exitCode, plan.stdout]).toEqual([2, expect.stringContaining(`! ${said}`)]);
  const file = join(lab.folder, 'absent.yaml');
  writeFileSync(
    file,
    'name: absent\nclusters: {sim1: {}}\ntenants:\n' +
      ['no-staging', 'whole']
        .map((name) => `  - {cluster: sim1, namespace: ${name}, name: ${name}}\n`)
        .join(''),
  );
  const fleet = (...more: string[]) =>
    runCli(['fleet', 'plan', '-f', file, '--kubeconfig', lab.kubeconfig, ...more]);
  const shown = await fleet();
  expect([shown.exitCode, shown.stdout]).toEqual([
    2,
    expect.stringContaining(`1 tenant with warnings:\n  • no-staging: ${said}`),
  ]);
  expect(JSON.parse((await fleet('-o', 'json')).stdout)).toMatchObject({
    warned: [{ tenant: 'no-staging', findings: [{ severity: 'warning', message: said }] }],
  });
  expect((await fleet('-o', 'junit')).stdout).toContain(`warning: ${said}`);
});

test('what was not there when all was upgraded is in the report, and check still says so', async () => {
  const { at, check } = await installed('bare', [
    'DeploymentConfig/apicast-staging',
    'DeploymentConfig/apicast-production',
    'ImageStream/amp-apicast',
    'DeploymentConfig/system-memcache',
    'DeploymentConfig/system-resque',
  ]);
  const absent = ['dc/system-memcache', 'dc/apicast-staging', 'dc/apicast-production'];
  const warnings = [...absent, 'imagestream/amp-apicast'].map((object) => ({ severity: 'warning', object }));
  expect((await check()).findings).toMatchObject(warnings);
  const end = await lab.upgrade('bare');
  expect([end.state, end.leftovers]).toEqual([
    'upgraded',
    absent.map((object) => `${object} was not there, and is not upgraded`),
  ]);
  const report = await runCli(['report', ...at]);
  expect(report.stdout).toContain('- dc/apicast-staging was not there, and is not upgraded');
  expect(await check()).toMatchObject({ installation: 'upgraded', findings: warnings });
});

test('a gateway whose image stream is gone would stay on 2.3: it is no upgrade, unless it is left knowingly', async () => {
  const { api, check } = await installed('no-stream');
  await api.delete('imagestreams', 'amp-apicast');
  await lab.cluster.settle();
  const refused = ['apicast-staging', 'apicast-production'].map((name) => ({
    check: 'images-followed',
    severity: 'fatal',
    object: `dc/${name}`,
    hint: `Restore imagestream/amp-apicast; where it is to stay as it is: --leave ${name} (in a file, components: {${name}: leave}).`,
  }));
  const missing = { severity: 'warning', object: 'imagestream/amp-apicast' };
  expect((await check()).findings).toMatchObject([missing, ...refused]);
  const both = (choice: 'follow' | 'leave'): PathOptions => ({
    components: { 'apicast-staging': choice, 'apicast-production': choice },
  });
  expect((await check(both('follow'))).findings.filter(({ severity }) => severity === 'fatal')).toMatchObject(
    refused,
  );
  expect((await check(both('leave'))).findings).toMatchObject([missing]);
  const end = await lab.upgrade('no-stream', { path: both('leave') });
  expect([end.state, end.leftovers]).toEqual([
    'upgraded',
    ['apicast-staging', 'apicast-production'].map(
      (name) => `dc/${name} goes on running what it ran before, as chosen`,
    ),
  ]);
});
