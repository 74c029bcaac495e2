import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { TenantProgress } from '../../src/domain/tenant/progress.ts';
import type { Lab } from '../support/lab.ts';
import { openLab } from '../support/lab.ts';
import type { CliResult } from '../support/run-cli.ts';
import { runCli } from '../support/run-cli.ts';

const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

let lab: Lab;
beforeAll(async () => {
  lab = await openLab({
    worker: false,
    timing: { rolloutMs: 300, hookMs: 100, importMs: 50, terminationMs: 10 },
  });
});
afterAll(() => lab.close());

let count = 0;
async function tenant(): Promise<{
  namespace: string;
  run: (...args: string[]) => Promise<CliResult>;
  flags: string[];
}> {
  const namespace = `tenant-${(count += 1)}`;
  await lab.simulator.install('sim1', namespace);
  const flags = ['--kubeconfig', lab.kubeconfig, '--context', 'sim1', '--namespace', namespace];
  return { namespace, flags, run: (command, ...args) => runCli([command ?? '', ...flags, ...args]) };
}

const progressOf = ({ stdout }: CliResult): TenantProgress => JSON.parse(stdout) as TenantProgress;

test('plan, start, plan again, status and report tell one story', async () => {
  const { run } = await tenant();
  expect((await run('check')).exitCode).toBe(0);
  const planned = await run('plan', '-o', 'json');
  expect(planned.exitCode).toBe(2);
  const { steps } = JSON.parse(planned.stdout) as { steps: { id: string; status: string }[] };
  expect(steps.filter(({ status }) => status === 'todo').length).toBeGreaterThan(20);
  const dry = await run('start', '--dry-run');
  expect(dry.exitCode).toBe(2);
  const started = await run('start', '--yes', '--why', 'change 4711', '--by', 'olga');
  expect(started.exitCode).toBe(0);
  expect(started.stdout).toContain('Roll out dc/system-app');
  const again = await run('plan');
  expect([again.exitCode, again.stdout]).toEqual([0, expect.stringContaining('Nothing to do')]);
  const status = await run('status', '-o', 'json');
  expect(progressOf(status).state).toBe('upgraded');
  const { stdout: report } = await run('report');
  expect(report).toContain('| olga | change 4711 |');
  expect(report).toContain('| Point of no return | crossed |');
  const late = await run('pause', '--why', 'too late');
  expect([late.exitCode, late.stderr]).toEqual([7, expect.stringContaining('has ended')]);
});

test('a start that is killed is gone on with by the same start', async () => {
  const { flags, run, namespace } = await tenant();
  lab.cluster.audit.clear();
  const child = spawn(process.execPath, [MAIN, 'start', ...flags, '--yes', '--why', 'first'], {
    env: { ...process.env },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  await new Promise<void>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      if (chunk.toString().includes('Set AMP_RELEASE')) resolve();
    });
  });
  child.kill('SIGKILL');
  const { stdout, stderr, exitCode } = await run('status');
  expect([exitCode, stdout, stderr]).toEqual([
    0,
    expect.stringContaining('2.3 → 2.4'),
    expect.stringContaining('No worker runs'),
  ]);
  const second = await run('start', '-o', 'json');
  expect(second.stderr).toContain('being upgraded already: attaching to it');
  expect(second.exitCode).toBe(0);
  expect(progressOf(second).journal[0]?.actor?.why).toBe('first');
  expect(lab.cluster.audit.writtenTwice({ namespace })).toEqual([]);
});

describe('a held tenant', () => {
  test('says what it needs; wrong decisions are refused; retry goes on', async () => {
    const { run, namespace } = await tenant();
    const fault = { namespace, name: 'system-sphinx', message: 'crash loop', times: 2 };
    lab.cluster.faults.onWork('rollout', fault);
    const held = await run('start', '--yes', '--why', 'change 4711');
    expect(held.exitCode).toBe(4);
    expect(held.stdout).toContain('held at roll-out-system-sphinx');
    expect(held.stdout).toContain(`threescale-upgrade retry --context sim1 --namespace ${namespace}`);
    const wrong = await run('skip-step', '--step', 'tag-amp-zync', '--yes', '--why', 'x');
    expect([wrong.exitCode, wrong.stderr]).toEqual([
      7,
      expect.stringContaining('held at step roll-out-system-sphinx'),
    ]);
    const unconfirmed = await run('revert', '--yes', '--why', 'x');
    expect([unconfirmed.exitCode, unconfirmed.stderr]).toEqual([
      7,
      expect.stringContaining(`--confirm ${namespace}`),
    ]);
    const retried = await run('retry', '--why', 'the node is back', '--watch', '-o', 'json');
    expect(retried.exitCode).toBe(0);
    expect(progressOf(retried).state).toBe('upgraded');
  }, 120_000);

  test('is reverted past the point of no return with the namespace as confirmation', async () => {
    const { run, namespace } = await tenant();
    lab.cluster.faults.onWork('rollout', {
      namespace,
      name: 'system-sidekiq',
      message: 'crash loop',
      times: 2,
    });
    const held = await run('start', '--yes', '--why', 'change 4711');
    expect(held.exitCode).toBe(4);
    // Each can be typed as it is printed, and leads on.
    const typed = `threescale-upgrade revert --context sim1 --namespace ${namespace} --confirm ${namespace} --why "…"`;
    expect(held.stdout).toContain(typed);
    expect((await run('revert', '--yes', '--why', 'no time')).stderr).toContain(typed);
    const without = await run('revert', '--confirm', namespace);
    expect([without.exitCode, without.stderr]).toEqual([
      64,
      expect.stringContaining(`--namespace ${namespace} --confirm ${namespace} --why "…"`),
    ]);
    const reverted = await run('revert', '--confirm', namespace, '--why', 'no time', '--watch', '-o', 'json');
    expect([reverted.exitCode, progressOf(reverted).state]).toEqual([5, 'reverted']);
    const api = lab.clusters.open(lab.clusters.tenant('sim1', namespace));
    expect(await api.get('routes', 'system-master')).toBeUndefined();
    expect((await api.list('deploymentconfigs')).filter(({ spec }) => spec.paused)).toEqual([]);
  }, 120_000);

  test('is abandoned with a list of what it leaves, and finished by a later start', async () => {
    const { run, namespace } = await tenant();
    lab.cluster.faults.onWork('rollout', { namespace, name: 'zync', message: 'crash loop', times: 2 });
    expect((await run('start', '--on-failure', 'hold', '--yes', '--why', 'change 4711')).exitCode).toBe(4);
    const abandoned = await run('abandon', '--yes', '--why', 'tomorrow', '--watch');
    expect(abandoned.exitCode).toBe(5);
    expect(abandoned.stdout).toContain('dc/system-app is left paused');
    expect(abandoned.stdout).toContain('keeps the backup');
    const finished = await run('start', '--yes', '--why', 'tomorrow is today', '-o', 'json');
    expect([finished.exitCode, progressOf(finished).state]).toEqual([0, 'upgraded']);
  }, 120_000);
});

test('pause and resume from another terminal', async () => {
  const { flags, run, namespace } = await tenant();
  // It gets no further than here while the other terminal's command is under way, however slow this machine is.
  const { promise, resolve: letOn } = Promise.withResolvers<undefined>();
  const held = lab.cluster.faults.onRequest(
    { namespace, method: 'PATCH', path: /imagestreams/ },
    { kind: 'wait', until: promise },
  );
  const child = spawn(process.execPath, [MAIN, 'start', ...flags, '--yes', '--why', 'first'], {
    env: { ...process.env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const saying = async (text: string): Promise<void> => {
    while (!said.includes(text)) await new Promise((resolve) => setTimeout(resolve, 50));
  };
  while (held.hits === 0) await new Promise((resolve) => setTimeout(resolve, 50));
  expect((await run('pause', '--why', 'lunch', '--by', 'otto', '--no-watch')).exitCode).toBe(0);
  held.remove();
  letOn(undefined);
  await saying('paused by otto: lunch');
  const status = await run('status');
  expect(status.stdout).toContain('threescale-upgrade resume');
  // It can be typed as it is printed.
  expect(status.stdout).toContain(`resume --context sim1 --namespace ${namespace} --why "…"`);
  expect((await run('resume', '--why', 'fed', '--no-watch')).exitCode).toBe(0);
  expect(await ended).toBe(0);
});

test('a tenant without an upgrade is told how to start one', async () => {
  const { run } = await tenant();
  const { exitCode, stderr } = await run('status');
  expect([exitCode, stderr]).toEqual([7, expect.stringContaining('threescale-upgrade start')]);
});

test('Temporal’s own configuration is honoured: address, and a profile of its file', async () => {
  const { flags } = await tenant();
  const away = await runCli(['status', ...flags], { TEMPORAL_ADDRESS: '127.0.0.1:1' });
  expect([away.exitCode, away.stderr]).toEqual([6, expect.stringContaining('127.0.0.1:1')]);
  const here = await runCli(['status', ...flags], {
    TEMPORAL_ADDRESS: lab.target.address,
    TEMPORAL_NAMESPACE: 'default',
  });
  expect([here.exitCode, here.stderr]).toEqual([7, expect.stringContaining(`on ${lab.target.address}`)]);
});
