import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { TenantProgress } from '../../src/domain/tenant/progress.ts';
import { workflowIdOf } from '../../src/domain/tenant/workflow-id.ts';
import { stopDevServer } from '../../src/temporal/dev-server/dev-server.ts';
import type { Lab } from '../support/lab.ts';
import { openLab } from '../support/lab.ts';
import type { CliResult } from '../support/run-cli.ts';
import { runCli } from '../support/hosted-cli.ts';
import { secretValues } from '../support/secret-values.ts';

let lab: Lab;
let home: string;
beforeAll(async () => {
  lab = await openLab({ worker: false });
  home = join(lab.folder, 'home');
}, 240_000);
afterAll(() => lab.close());

async function install(
  namespace: string,
): Promise<{ id: string; run: (verb: string, ...args: string[]) => Promise<CliResult> }> {
  await lab.simulator.install('sim1', namespace);
  const flags = ['--kubeconfig', lab.kubeconfig, '-c', 'sim1', '-n', namespace];
  const id = workflowIdOf(lab.clusters.tenant('sim1', namespace));
  return { id, run: (verb, ...args) => runCli([verb, ...flags, ...args]) };
}

const reportOf = ({ stdout }: CliResult): TenantProgress => JSON.parse(stdout) as TenantProgress;

type Run = Awaited<ReturnType<typeof install>>['run'];

/** The page of a report, and what is stated of it. */
async function stated(
  run: Run,
  name: string,
): Promise<{ readonly html: string; readonly statement: string }> {
  const file = join(lab.folder, name);
  const { stdout, exitCode } = await run('report', '-o', 'html', '--statement', file);
  expect(exitCode).toBe(0);
  return { html: stdout, statement: readFileSync(file, 'utf8') };
}

/** Files of the kept reports of a project. */
function filesOf(namespace: string): string[] {
  const folder = join(home, 'reports');
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.includes(`/${namespace}/`))
    .map((name) => join(folder, name));
}

test('a start that finds everything done is no new report; all runs are listed, and each is to be had', async () => {
  const { run } = await install('twice');
  lab.cluster.faults.onWork('rollout', { namespace: 'twice', name: 'zync', message: 'crash', times: 2 });
  expect((await run('start', '--yes', '--why', 'the first', '--by', 'olga')).exitCode).toBe(5);
  expect((await run('start', '--yes', '--why', 'the second', '--by', 'otto')).exitCode).toBe(0);
  expect((await run('start', '--yes', '--why', 'by mistake')).exitCode).toBe(0);
  const report = await run('report');
  expect(report.stdout).toContain('| otto | the second |');
  expect(report.stderr).toContain('found everything done already');
  const list = JSON.parse((await run('report', '--list', '-o', 'json')).stdout) as { runId: string }[];
  expect(list).toMatchObject([
    { run: 1, state: 'upgraded', why: 'by mistake', foundAllDone: true },
    { run: 2, state: 'upgraded', why: 'the second', by: 'otto', foundAllDone: false },
    { run: 3, state: 'reverted', why: 'the first', by: 'olga', foundAllDone: false },
  ]);
  expect((await run('report', '--list')).stdout).toMatch(/1 .*upgraded, found done .*by mistake/);
  expect((await run('report', '--run', '1')).stdout).toContain('by mistake');
  expect((await run('report', '--run', '3')).stdout).toContain('| olga | the first |');
  expect((await run('report', '--run', list[2]?.runId ?? '')).stdout).toContain('| olga | the first |');
  for (const wrong of ['4', 'nothing', list[0]?.runId.slice(0, 4) ?? '']) {
    const { exitCode, stderr } = await run('report', '--run', wrong);
    expect([exitCode, stderr]).toEqual([
      64,
      expect.stringContaining('report --context sim1 --namespace twice --list'),
    ]);
  }
  const both = await run('report', '--run', '1', '--list');
  expect([both.exitCode, both.stderr]).toEqual([64, expect.stringContaining('only one of them')]);
  expect(filesOf('twice')).toHaveLength(2);
  // A list shows who has upgraded it, and that it was found so since.
  const listed = JSON.parse((await runCli(['list', '-o', 'json'])).stdout) as object[];
  expect(listed).toMatchObject([
    { runId: list[1]?.runId, by: 'otto', state: 'upgraded', foundDoneAgain: expect.any(String) },
  ]);
  expect((await runCli(['list'])).stdout).toMatch(/sim1\/twice .*upgraded, found so again .*otto/);
}, 240_000);

test('a report outlives what Temporal keeps, for its owner only, and without a secret', async () => {
  const { id, run } = await install('kept');
  expect((await run('start', '--yes', '--why', 'change 4711', '--by', 'olga')).exitCode).toBe(0);
  const before = reportOf(await run('report', '-o', 'json'));
  const page = await stated(run, 'before.json');
  await lab.client.connection.workflowService.deleteWorkflowExecution({
    namespace: lab.target.namespace,
    workflowExecution: { workflowId: id },
  });
  const gone = async (): Promise<boolean> => (await run('status')).exitCode === 7;
  while (!(await gone())) await new Promise((resolve) => setTimeout(resolve, 200));
  expect((await run('status')).stderr).toContain('report --context sim1 --namespace kept');
  expect(reportOf(await run('report', '-o', 'json'))).toEqual({ ...before, kept: true });
  // What is handed over is the same, byte for byte, with the history gone.
  expect(await stated(run, 'after.json')).toEqual(page);
  expect(page.statement).toContain(createHash('sha256').update(`${page.html}\n`).digest('hex'));
  expect(page.statement).toContain('"result": "PASSED"');
  expect((await run('report', '--list')).stdout).toContain('change 4711');
  const [file = '', ...more] = filesOf('kept');
  expect(more).toEqual([]);
  expect((statSync(file).mode & 0o777).toString(8)).toBe('600');
  expect((statSync(join(home, 'reports')).mode & 0o777).toString(8)).toBe('700');
  const text = readFileSync(file, 'utf8');
  const secrets = secretValues(lab.cluster, 'kept');
  expect(secrets.length).toBeGreaterThan(10);
  const told = [text, page.html, page.statement].join('\n');
  expect(secrets.filter((secret) => told.includes(secret))).toEqual([]);
}, 240_000);

test('a report that was kept is read where Temporal has lost everything, and nothing is started for it', async () => {
  const { run } = await install('lost');
  expect((await run('start', '--yes', '--why', 'change 4711')).exitCode).toBe(0);
  await stopDevServer();
  for (const name of readdirSync(home).filter((one) => one.startsWith('temporal.db')))
    rmSync(join(home, name));
  const report = await run('report');
  expect([report.exitCode, report.stdout]).toEqual([0, expect.stringContaining('change 4711')]);
  expect(report.stderr).not.toContain('Temporal');
  const list = await runCli(['list', '-o', 'json']);
  expect(JSON.parse(list.stdout)).toContainEqual(
    expect.objectContaining({
      state: 'upgraded',
      kept: true,
      tenant: expect.objectContaining({ namespace: 'lost' }),
    }),
  );
  expect((await runCli(['list'])).stdout).toMatch(/sim1\/lost +upgraded, as kept/);
  expect(readdirSync(home).filter((name) => name.startsWith('temporal.db'))).toEqual([]);
}, 240_000);

test('a report that was kept is shown where one’s own Temporal cannot be reached, and that it may not be the newest', async () => {
  const { run } = await install('away');
  expect((await run('start', '--yes', '--why', 'change 4711')).exitCode).toBe(0);
  const flags = ['--kubeconfig', lab.kubeconfig, '-c', 'sim1', '-n', 'away'];
  const nobody = { TEMPORAL_ADDRESS: '127.0.0.1:1' };
  const report = await runCli(['report', ...flags], nobody);
  expect([report.exitCode, report.stdout]).toEqual([0, expect.stringContaining('change 4711')]);
  expect(report.stderr).toMatch(/cannot be reached.*of newer runs nothing is known/s);
  const none = await runCli(['report', ...flags.slice(0, -1), 'nothing-kept'], nobody);
  expect([none.exitCode, none.stdout]).toEqual([6, '']);
}, 240_000);
