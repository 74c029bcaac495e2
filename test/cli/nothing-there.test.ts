import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { runningDevServer, stopDevServer } from '../../src/temporal/dev-server/dev-server.ts';
import { CliProcess, pause, runs } from '../support/cli-process.ts';
import { startAndKill } from '../support/interrupted.ts';
import type { Lab } from '../support/lab.ts';
import { openLab } from '../support/lab.ts';
import { runCli } from '../support/hosted-cli.ts';

let lab: Lab;
let home: string;
/** Of a home in which nothing was ever started. */
let empty: Record<string, string>;
let flags: string[];
beforeAll(async () => {
  lab = await openLab({
    worker: false,
    timing: { rolloutMs: 300, hookMs: 100, importMs: 50, terminationMs: 10 },
  });
  home = join(lab.folder, 'own-home');
  empty = { THREESCALE_UPGRADE_HOME: join(lab.folder, 'empty') };
  await lab.simulator.install('sim1', 'looked-at');
  flags = ['--kubeconfig', lab.kubeconfig, '-c', 'sim1', '-n', 'looked-at'];
  // The lab's own server is this process's: a home that only the commands know tells who else works with one.
  process.env['THREESCALE_UPGRADE_HOME'] = home;
}, 240_000);
afterAll(async () => {
  await stopDevServer();
  process.env['THREESCALE_UPGRADE_HOME'] = join(lab.folder, 'home');
  await lab.close();
});

const OF_TENANT = 'OF_TENANT';

test.each([
  [7, 'status OF_TENANT', 'there is no upgrade of sim1/looked-at'],
  [7, 'watch OF_TENANT', 'there is no upgrade of sim1/looked-at'],
  [7, 'report OF_TENANT', 'there is no upgrade of sim1/looked-at'],
  [7, 'report OF_TENANT --list', 'there is no upgrade of sim1/looked-at'],
  [0, 'list', 'no upgrades'],
  [0, 'list -o json', ''],
  [0, 'fleet list', 'no fleets'],
  [7, 'fleet list prod', 'there is no fleet prod'],
  [7, 'fleet status prod', 'there is no fleet prod'],
  [7, 'fleet watch prod', 'there is no fleet prod'],
  [7, 'fleet report prod', 'there is no fleet prod'],
  [7, 'pause OF_TENANT --why x', 'there is no upgrade of sim1/looked-at'],
  [7, 'abort OF_TENANT --yes --why x', 'there is no upgrade of sim1/looked-at'],
  [7, 'retry OF_TENANT --why x --watch', 'there is no upgrade of sim1/looked-at'],
  [7, 'fleet pause prod --why x', 'there is no fleet prod'],
  [7, 'fleet approve prod --wave all --why x', 'there is no fleet prod'],
])('exit code %i, and nothing is started where nothing is: %s', async (code, line, said) => {
  const args = line.split(' ').flatMap((word) => (word === OF_TENANT ? flags : [word]));
  const { exitCode, stdout, stderr } = await runCli(args, empty);
  expect([exitCode, stdout]).toEqual([code, args.includes('json') ? '[]' : '']);
  expect(stderr).toContain(said);
  expect(stderr).not.toContain('Temporal');
  expect(existsSync(empty['THREESCALE_UPGRADE_HOME'] ?? '')).toBe(false);
});

test.each(['worker', 'list', 'report OF_TENANT', 'start OF_TENANT --yes --why x', 'fleet list'])(
  'a place for reports that is none is said before anything is begun: %s',
  async (line) => {
    const args = line.split(' ').flatMap((word) => (word === OF_TENANT ? flags : [word]));
    const run = await runCli(args, { ...empty, THREESCALE_UPGRADE_REPORTS: 'reports' });
    expect([run.exitCode, run.stdout]).toEqual([64, '']);
    expect(run.stderr).toMatch(
      /^error: THREESCALE_UPGRADE_REPORTS is no place for reports\nIt is the whole path of a folder/,
    );
    expect(existsSync(empty['THREESCALE_UPGRADE_HOME'] ?? '')).toBe(false);
  },
);

test('what is started in the background is said, and how to end it; a look starts it for itself only', async () => {
  const started = await runCli(['start', ...flags, '--yes', '--why', 'x', '--no-watch']);
  expect(started.stderr).toContain('Temporal dev server started');
  expect(started.stderr).toContain('It goes on in the background when this ends');
  expect(started.stderr).toContain('threescale-upgrade dev --stop');
  const again = await runCli(['status', ...flags]);
  expect(again.stderr).not.toContain('Temporal dev server');
  expect((await runCli(['dev', '--stop'])).stdout).toContain('stopped');
  const look = await runCli(['status', ...flags]);
  expect([look.exitCode, look.stdout]).toEqual([0, expect.stringContaining('waiting')]);
  expect(look.stderr).toContain('It runs only while this looks at what it keeps');
  // A worker that waits for it may be about to come back.
  expect(look.stderr).toContain('unless one comes back to it, the upgrade of sim1/looked-at stands still');
  expect(await runningDevServer()).toBeUndefined();
}, 240_000);

test('one that was started only to find nothing to say something to is ended again', async () => {
  const pause = await runCli(['pause', ...flags.slice(0, -1), 'nobody', '--why', 'x']);
  expect([pause.exitCode, pause.stderr]).toEqual([7, expect.stringContaining('there is no upgrade of')]);
  expect(pause.stderr).toContain('the Temporal dev server is ended again');
  expect(await runningDevServer()).toBeUndefined();
}, 240_000);

test('one that was started to look goes on where somebody else works with it by then', async () => {
  const watch = new CliProcess(['watch', ...flags]);
  await watch.says('It runs only while this looks');
  await watch.says('No worker runs');
  const worker = new CliProcess(['worker', '--kubeconfig', lab.kubeconfig]);
  await worker.says('worker ready');
  expect((await watch.ended).said).toContain('upgraded');
  expect(watch.said).toContain('Another command works with the Temporal dev server by now');
  const { pid } = (await runningDevServer()) ?? { pid: 0 };
  expect(runs(pid)).toBe(true);
  await worker.kill('SIGTERM');
  expect((await runCli(['dev', '--stop'])).stdout).toContain('stopped');
}, 240_000);

test('a look that is interrupted ends what it has started, also where it is given no time', async () => {
  const pidOf = (): number =>
    (JSON.parse(readFileSync(join(home, 'server.json'), 'utf8')) as { pid: number }).pid;
  await lab.simulator.install('sim1', 'waits');
  const waiting = ['--kubeconfig', lab.kubeconfig, '-c', 'sim1', '-n', 'waits'];
  await startAndKill(waiting, 'staging');
  for (const [verb, once] of [
    ['watch', 'No worker runs'],
    ['status', 'It runs only while this looks'],
  ] as const) {
    await stopDevServer();
    const look = new CliProcess([verb, ...waiting]);
    await look.says(once);
    const pid = pidOf();
    await look.kill('SIGINT');
    while (pid !== 0 && runs(pid)) await pause(50);
    expect(await runningDevServer()).toBeUndefined();
  }
}, 240_000);
