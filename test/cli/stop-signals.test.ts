import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { CliProcess, runs, untilGone } from '../support/cli-process.ts';
import { findTemporal } from '../../src/temporal/connection.ts';
import type { Lab } from '../support/lab.ts';
import { openLab } from '../support/lab.ts';
import { runCli } from '../support/run-cli.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await openLab({
    worker: false,
    timing: { rolloutMs: 20_000, hookMs: 100, importMs: 50, terminationMs: 10 },
  });
});
afterAll(() => lab.close());

test('a start leaves its upgrade where it is at the first SIGTERM, with its own worker in mid-work', async () => {
  await lab.simulator.install('sim1', 'left');
  const flags = ['--kubeconfig', lab.kubeconfig, '--context', 'sim1', '--namespace', 'left'];
  const start = new CliProcess(['start', ...flags, '--yes', '--why', 'to see it']);
  await start.says('switching');
  const ended = await start.kill('SIGTERM');
  expect(ended).toMatchObject({ code: 130, signal: null });
  expect(ended.said).toContain('Left where it is; nothing is lost');
});

const serverOf = (home: string): number =>
  (JSON.parse(readFileSync(join(home, 'server.json'), 'utf8')) as { pid: number }).pid;

test('dev takes its server with it at the first SIGTERM', async () => {
  const home = join(lab.folder, 'dev');
  const env = { THREESCALE_UPGRADE_HOME: home };
  const dev = new CliProcess(['dev', '--kubeconfig', lab.kubeconfig, '--ui-port', '28233'], env);
  await dev.says('worker ready');
  const pid = serverOf(home);
  expect(await dev.kill('SIGTERM')).toMatchObject({ code: 0, signal: null });
  await untilGone(pid);
});

test('dev leaves a server alone that another command has started, and names no UI that is not there', async () => {
  const home = join(lab.folder, 'beside');
  const env = { THREESCALE_UPGRADE_HOME: home };
  // As every command does it that needs one.
  const before = process.env['THREESCALE_UPGRADE_HOME'];
  process.env['THREESCALE_UPGRADE_HOME'] = home;
  await findTemporal(() => undefined).finally(() => (process.env['THREESCALE_UPGRADE_HOME'] = before));
  const pid = serverOf(home);
  const dev = new CliProcess(['dev', '--kubeconfig', lab.kubeconfig, '--ui-port', '28233'], env);
  await dev.says('the Temporal server ran already, without a UI');
  const ended = await dev.kill('SIGTERM');
  expect(ended).toMatchObject({ code: 0, signal: null });
  expect(ended.said).not.toContain('UI: http');
  expect(ended.said).toContain('threescale-upgrade dev --stop && threescale-upgrade dev --kubeconfig ');
  expect([serverOf(home), runs(pid)]).toEqual([pid, true]);
  expect((await runCli(['dev', '--stop'], env)).stdout).toContain('stopped');
  await untilGone(pid);
});

test('dev beside another one names the UI that is there, and leaves it to the other', async () => {
  const home = join(lab.folder, 'two');
  const env = { THREESCALE_UPGRADE_HOME: home };
  const first = new CliProcess(['dev', '--kubeconfig', lab.kubeconfig, '--ui-port', '28234'], env);
  await first.says('UI: http://127.0.0.1:28234');
  const second = new CliProcess(['dev', '--kubeconfig', lab.kubeconfig, '--ui-port', '28235'], env);
  await second.says('UI: http://127.0.0.1:28234');
  await second.says('the Temporal server ran already, and goes on when this ends');
  expect((await second.kill('SIGTERM')).code).toBe(0);
  const pid = serverOf(home);
  expect(runs(pid)).toBe(true);
  expect(await first.kill('SIGTERM')).toMatchObject({ code: 0, signal: null });
  await untilGone(pid);
});

test('a demo takes all that it has started with it', async () => {
  const demo = new CliProcess(['demo']);
  await demo.says('A worker, in a process of its own');
  const [, folder = ''] = /database (\S+)\/home\/temporal\.db/.exec(demo.said) ?? [];
  const [, worker = ''] = /process of its own \((\d+)\)/.exec(demo.said) ?? [];
  const pid = serverOf(join(folder, 'home'));
  const ended = await demo.kill('SIGTERM');
  expect([ended.code, ended.said]).toEqual([130, expect.stringContaining('the demo was interrupted')]);
  await Promise.all([untilGone(pid), untilGone(Number(worker))]);
  expect(existsSync(folder)).toBe(false);
});

test('simulated clusters end well at the first SIGINT', async () => {
  const simulator = new CliProcess(['simulator', '--kubeconfig', join(lab.folder, 'sim.yaml')]);
  await simulator.says('ready:');
  expect(await simulator.kill('SIGINT')).toMatchObject({ code: 0, signal: null });
});
