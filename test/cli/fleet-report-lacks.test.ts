/** A fleet's report says what it lacks, and why; what was kept of a tenant stands in for its history. */
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { fleetWorkflowId } from '../../src/domain/fleet/spec/spec.ts';
import { workflowIdOf } from '../../src/domain/tenant/workflow-id.ts';
import { forget } from '../support/forget.ts';
import { runFleet } from '../support/fleet-cli.ts';
import type { Lab } from '../support/lab.ts';
import { openLab } from '../support/lab.ts';
import { runCli } from '../support/hosted-cli.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await openLab();
});
afterAll(() => lab.close());

test('a history that is gone is said, and a report that was kept takes its place', async () => {
  for (const namespace of ['a', 'b']) await lab.simulator.install('sim1', namespace);
  const file = join(lab.folder, 'fleet.yaml');
  const tenants = ['a', 'b'].map((name) => `  - {name: ${name}, context: sim1, namespace: ${name}}\n`);
  writeFileSync(file, `name: prod\ntenants:\n${tenants.join('')}`);
  const flags = ['-f', file, '--kubeconfig', lab.kubeconfig, '--yes', '--why', 'change 4711'];
  expect((await runFleet('start', ...flags)).code).toBe(0);
  const whole = await runFleet('report', 'prod');
  expect(whole.out).not.toContain('What this report lacks');
  expect(whole.err).not.toContain('warning');
  const reports = join(lab.folder, 'home', 'reports');
  for (const name of readdirSync(reports, { recursive: true, encoding: 'utf8' }))
    if (name.endsWith('/b')) rmSync(join(reports, name), { recursive: true });
  await Promise.all(['a', 'b'].map((name) => forget(lab, workflowIdOf(lab.clusters.tenant('sim1', name)))));
  const { out, err } = await runFleet('report', 'prod');
  expect(out).toContain('## What this report lacks');
  expect(out).toMatch(/1 tenant without steps, as Temporal does not have their histories any more.*: b\n/);
  expect(out).toMatch(/1 tenant from reports that were kept.*: a$/m);
  expect(err).toContain('warning: 1 tenant without steps');
  expect(out).toContain('Roll out dc/system-app: migrates the database');
  const json = JSON.parse((await runFleet('report', 'prod', '-o', 'json')).out) as { tenants: unknown[] };
  expect(json.tenants).toMatchObject([
    { name: 'a', kept: true, upgrade: { state: 'upgraded' } },
    { name: 'b', missing: 'gone' },
  ]);
});

test('a fleet that Temporal has forgotten is reported from what was kept when its end was seen', async () => {
  await lab.simulator.install('sim1', 'c');
  const file = join(lab.folder, 'kept.yaml');
  writeFileSync(file, 'name: kept\ntenants:\n  - {name: c, context: sim1, namespace: c}\n');
  const flags = ['-f', file, '--kubeconfig', lab.kubeconfig, '--yes', '--why', 'change 4711'];
  const started = await runFleet('start', ...flags);
  expect([started.code, started.err]).toEqual([0, expect.stringContaining('its report is kept in ')]);
  // Nobody has asked for a report: who saw the end has kept it, and those of the tenants.
  await forget(lab, fleetWorkflowId('kept'));
  await forget(lab, workflowIdOf(lab.clusters.tenant('sim1', 'c')));

  const listed = await runFleet('list');
  expect(listed.out).toMatch(/^kept .*\(as kept\)/m);
  const status = await runFleet('status', 'kept');
  expect([status.code, status.err]).toEqual([
    7,
    expect.stringContaining('threescale-upgrade fleet report kept'),
  ]);
  const report = await runFleet('report', 'kept');
  expect(report.code).toBe(0);
  expect(report.err).toContain('This is what was kept in ');
  expect(report.out).toContain('Roll out dc/system-app: migrates the database');
  const json = JSON.parse((await runFleet('report', 'kept', '-o', 'json')).out) as object;
  expect(json).toMatchObject({
    fleet: { name: 'kept', phase: 'ended' },
    tenants: [{ name: 'c', kept: true, upgrade: { state: 'upgraded' } }],
  });
  expect((await runFleet('report', 'kept', '--tenant', 'x')).code).toBe(7);
});

test('with Temporal away what is kept is shown, and that it is away is said', async () => {
  const away = { TEMPORAL_ADDRESS: '127.0.0.1:1' };
  const report = await runCli(['fleet', 'report', 'kept', '--summary'], away);
  expect(report.exitCode).toBe(0);
  expect(report.stderr).toContain('127.0.0.1:1 cannot be reached');
  expect(report.stdout).toContain('| Tenants | 1: 1 upgraded |');
  for (const command of [['fleet', 'list'], ['list']]) {
    const listed = await runCli(command, away);
    expect([listed.exitCode, listed.stderr]).toEqual([6, expect.stringContaining('cannot be reached')]);
    expect(listed.stdout).toContain('as kept');
  }
  const none = await runCli(['fleet', 'report', 'never'], away);
  expect([none.exitCode, none.stdout]).toEqual([6, '']);
});
