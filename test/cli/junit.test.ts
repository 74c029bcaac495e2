import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { junitErrors } from '../support/junit.ts';
import type { Lab } from '../support/lab.ts';
import { openLab } from '../support/lab.ts';
import { runCli } from '../support/hosted-cli.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await openLab({
    worker: false,
    tenants: 4,
    timing: { rolloutMs: 100, hookMs: 50, importMs: 20, terminationMs: 10 },
  });
});
afterAll(() => lab.close());

const flagsOf = (namespace: string): string[] => [
  '--kubeconfig',
  lab.kubeconfig,
  '--context',
  'sim1',
  '--namespace',
  namespace,
];

test('check answers as a test report, with the exit code that it has in words', async () => {
  for (const [namespace, code, says] of [
    ['tenant-1', 0, 'failures="0"'],
    ['nobody', 3, '<failure type="namespace-exists"'],
  ] as const) {
    const { exitCode, stdout } = await runCli(['check', ...flagsOf(namespace), '-o', 'junit']);
    expect([exitCode, stdout]).toEqual([code, expect.stringContaining(says)]);
    expect(await junitErrors(stdout)).toEqual([]);
  }
});

test('the report of a tenant that was taken back fails where it failed', async () => {
  lab.cluster.faults.onWork('rollout', {
    namespace: 'tenant-2',
    name: 'zync',
    message: 'crash loop',
    times: 2,
  });
  const started = await runCli(['start', ...flagsOf('tenant-2'), '--yes', '--why', 'change 4711']);
  expect(started.exitCode).toBe(5);
  const { exitCode, stdout } = await runCli(['report', ...flagsOf('tenant-2'), '--output', 'junit']);
  expect(exitCode).toBe(0);
  expect(await junitErrors(stdout)).toEqual([]);
  expect(stdout).toContain('<testcase name="Roll out dc/zync"');
  expect(stdout).toContain('<failure type="RolloutFailed"');
  expect(stdout).toContain('<failure type="reverted"');
  expect(stdout).toContain('<skipped message="taken back"/>');
});

test('the plan and the report of a fleet have a suite for each tenant', async () => {
  lab.cluster.faults.onWork('rollout', {
    namespace: 'tenant-4',
    name: 'zync',
    message: 'crash loop',
    times: 2,
  });
  const file = join(lab.folder, 'fleet.yaml');
  writeFileSync(
    file,
    'name: prod\ntenants:\n' +
      '  - {name: good, context: sim1, namespace: tenant-3}\n  - {name: bad, context: sim1, namespace: tenant-4}\n' +
      'waves:\n  - {name: all, select: {rest: true}}\nfailureBudget: {failed: 2}\n',
  );
  const fleet = ['-f', file, '--kubeconfig', lab.kubeconfig];
  const plan = await runCli(['fleet', 'plan', ...fleet, '-o', 'junit']);
  expect(plan.exitCode).toBe(2);
  expect(await junitErrors(plan.stdout)).toEqual([]);
  expect(plan.stdout.match(/<testsuite /g)).toHaveLength(2);
  const started = await runCli(['fleet', 'start', ...fleet, '--yes', '--why', 'change 4711']);
  expect(started.exitCode).toBe(5);
  for (const more of [[], ['--summary']]) {
    const { exitCode, stdout } = await runCli(['fleet', 'report', 'prod', '-o', 'junit', ...more]);
    expect(exitCode).toBe(0);
    expect(await junitErrors(stdout)).toEqual([]);
    const suites = stdout.split('<testsuite ').slice(1);
    expect(suites.map((suite) => /^name="([^"]*)"/.exec(suite)?.[1])).toEqual(['fleet prod', 'good', 'bad']);
    expect(suites[1]).toContain('failures="0"');
    expect(suites[2]).toContain('<failure type="reverted"');
    expect(stdout.includes('name="Roll out dc/zync"')).toBe(more.length === 0);
  }
});

test('a format that there is not is refused, with those that there are', async () => {
  const { exitCode, stderr } = await runCli(['check', ...flagsOf('tenant-1'), '-o', 'xml']);
  expect([exitCode, stderr]).toEqual([64, expect.stringContaining('Allowed choices are text, json, junit.')]);
});
