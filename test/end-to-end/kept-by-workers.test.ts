/** What ends is kept by its worker, with nobody looking: in a folder, in a bucket; where the store refuses, that is told. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { fleetWorkflowId } from '../../src/domain/fleet/spec/spec.ts';
import { workflowIdOf } from '../../src/domain/tenant/workflow-id.ts';
import { reportStore } from '../../src/reports/find-store.ts';
import { keptFleet } from '../../src/reports/kept-fleets.ts';
import { keptReports } from '../../src/reports/kept-reports.ts';
import { forget } from '../support/forget.ts';
import type { Lab } from '../support/lab.ts';
import { openLab } from '../support/lab.ts';
import { runCli } from '../support/hosted-cli.ts';
import type { S3Server } from '../support/s3-server.ts';
import { openS3 } from '../support/s3-server.ts';
import { setEnv } from '../support/set-env.ts';

let lab: Lab;
let s3: S3Server;
beforeAll(async () => {
  [lab, s3] = await Promise.all([openLab(), openS3('reports')]);
});
afterAll(async () => {
  await lab.close();
  await s3.close();
});

let putBack = (): void => undefined;
afterEach(() => {
  putBack();
});

test('an upgrade that nobody has watched', async () => {
  putBack = setEnv({ THREESCALE_UPGRADE_REPORTS: join(lab.folder, 'kept') });
  await lab.simulator.install('sim1', 'alone');
  const progress = await lab.upgrade('alone');
  const again = await lab.start('alone');
  const result = await again.result();
  expect(progress.state).toBe('upgraded');
  const [report, ...more] = await keptReports(reportStore(), progress.tenant);
  // The second run found everything done, and is none.
  expect(more).toEqual([]);
  expect(report?.progress).toMatchObject({ state: 'upgraded', endedAt: progress.endedAt });
  expect(report?.progress.steps).toEqual(progress.steps);
  expect(result.reportKept).toEqual({ place: join(lab.folder, 'kept') });
});

test('a fleet and its tenants, in a bucket: read from there where Temporal has forgotten all, and nothing is here', async () => {
  const there = { ...s3.env, THREESCALE_UPGRADE_REPORTS: 's3://reports/prod' };
  putBack = setEnv(there);
  for (const namespace of ['a', 'b']) await lab.simulator.install('sim1', namespace);
  const file = join(lab.folder, 'fleet.yaml');
  writeFileSync(
    file,
    'name: prod\ntenants:\n' +
      ['a', 'b'].map((name) => `  - {name: ${name}, context: sim1, namespace: ${name}}\n`).join(''),
  );
  const flags = ['-f', file, '--kubeconfig', lab.kubeconfig, '--yes', '--why', 'change 4711', '--no-watch'];
  const started = await runCli(['fleet', 'start', ...flags]);
  expect([started.exitCode, started.stderr]).toEqual([
    0,
    expect.stringContaining('its report is kept in s3://reports/prod'),
  ]);
  await lab.client.workflow.getHandle(fleetWorkflowId('prod')).result();
  expect(await keptFleet(reportStore(), 'prod')).toMatchObject({
    progress: { phase: 'ended', counts: { upgraded: 2 } },
  });
  await forget(lab, fleetWorkflowId('prod'));
  for (const name of ['a', 'b']) await forget(lab, workflowIdOf(lab.clusters.tenant('sim1', name)));
  rmSync(join(lab.folder, 'home', 'reports'), { recursive: true, force: true });
  const report = await runCli(['fleet', 'report', 'prod', '-o', 'json']);
  expect([report.exitCode, report.stderr]).toEqual([0, expect.stringContaining('kept in s3://reports/prod')]);
  expect(JSON.parse(report.stdout)).toMatchObject({
    fleet: {
      name: 'prod',
      phase: 'ended',
      journal: expect.arrayContaining([expect.objectContaining({ event: 'ended' })]),
    },
    tenants: ['a', 'b'].map((name) => ({ name, kept: true, upgrade: { state: 'upgraded' } })),
  });
  expect((await runCli(['fleet', 'list'])).stdout).toMatch(/^prod .*\(as kept\)/m);
});

test('a store that refuses holds no end up for long, and the report says why it is not kept', async () => {
  const place = join(lab.folder, 'in-the-way');
  mkdirSync(place);
  writeFileSync(join(place, 'reports'), '');
  putBack = setEnv({ THREESCALE_UPGRADE_REPORTS: place });
  await lab.simulator.install('sim1', 'refused');
  const result = await (await lab.start('refused')).result();
  expect(result).toMatchObject({
    state: 'upgraded',
    reportKept: { place: null, why: expect.stringContaining(`the folder ${place} refuses: `) },
  });
  const flags = ['--context', 'sim1', '--namespace', 'refused', '--kubeconfig', lab.kubeconfig];
  const report = await runCli(['report', ...flags]);
  expect(report.stdout).toMatch(/\| Report kept \| nowhere but in Temporal, for its retention: the folder /);
  expect(report.stderr).toContain('warning: the report cannot be kept: the folder ');
});

test('where nothing is to be kept, nothing is, and that is said', async () => {
  putBack = setEnv({ THREESCALE_UPGRADE_REPORTS: 'none' });
  await lab.simulator.install('sim1', 'none');
  const result = await (await lab.start('none')).result();
  expect(result).toMatchObject({ state: 'upgraded', reportKept: { place: null } });
  expect(result.reportKept).not.toHaveProperty('why');
});
