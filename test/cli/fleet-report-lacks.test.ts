/** A fleet's report says what it lacks, and why; what was kept of a tenant stands in for its history. */
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { WorkflowNotFoundError } from '@temporalio/client';
import { workflowIdOf } from '../../src/domain/workflow-id.ts';
import { runFleet } from '../support/fleet-cli.ts';
import type { Lab } from '../support/lab.ts';
import { openLab } from '../support/lab.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await openLab();
}, 240_000);
afterAll(() => lab.close());

/** As Temporal's retention does. */
async function forget(namespace: string): Promise<void> {
  const workflowId = workflowIdOf(lab.clusters.tenant('sim1', namespace));
  await lab.client.connection.workflowService.deleteWorkflowExecution({
    namespace: lab.target.namespace,
    workflowExecution: { workflowId },
  });
  const isThere = (): Promise<boolean> =>
    lab.client.workflow
      .getHandle(workflowId)
      .describe()
      .then(
        () => true,
        (error: unknown) => !(error instanceof WorkflowNotFoundError),
      );
  while (await isThere()) await new Promise((resolve) => setTimeout(resolve, 100));
}

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
  await Promise.all(['a', 'b'].map(forget));
  const { out, err } = await runFleet('report', 'prod');
  expect(out).toContain('## What this report lacks');
  expect(out).toMatch(/1 tenant without steps, as Temporal does not have their histories any more.*: b\n/);
  expect(out).toMatch(/1 tenant from reports that were kept as files here.*: a$/m);
  expect(err).toContain('warning: 1 tenant without steps');
  expect(out).toContain('Roll out dc/system-app: migrates the database');
  const json = JSON.parse((await runFleet('report', 'prod', '-o', 'json')).out) as { tenants: unknown[] };
  expect(json.tenants).toMatchObject([
    { name: 'a', kept: true, upgrade: { state: 'upgraded' } },
    { name: 'b', missing: 'gone' },
  ]);
}, 120_000);
