import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { DeskInfo, ViewAnswer } from '../../src/desk/contract.ts';
import { CliProcess } from '../support/cli-process.ts';
import { runCli } from '../support/run-cli.ts';

let folder: string;
let env: Record<string, string>;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'threescale-upgrade-ui-'));
  env = { THREESCALE_UPGRADE_HOME: join(folder, 'home'), TEMPORAL_CONFIG_FILE: join(folder, 'none.toml') };
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

test.each([
  [['--host', '0.0.0.0'], /whoever reaches 0\.0\.0\.0 could use the desk/],
  [['--token-file', '/nowhere'], /the token file \/nowhere cannot be read/],
  [['--kubeconfig', '/nowhere'], /\/nowhere/],
  [['--temporal-ui', 'javascript:alert(1)'], /--temporal-ui javascript:alert\(1\) is no address of a page/],
  [['--temporal-ui', 'temporal.example.com'], /--temporal-ui temporal\.example\.com is no address of a page/],
])('ui %j is refused before anything is begun', async (args, why) => {
  const { exitCode, stderr } = await runCli(['ui', ...args], env);
  expect(exitCode).toBe(64);
  expect(stderr).toMatch(why);
  expect(existsSync(join(folder, 'home'))).toBe(false);
});

test('a wrong port is told alone: the desk needs no kubeconfig', async () => {
  const none = { ...env, KUBECONFIG: join(folder, 'none.yaml') };
  const { exitCode, stderr } = await runCli(['ui', '--port', '99999'], none);
  expect([exitCode, stderr.trim().split('\n')]).toEqual([
    64,
    [
      "error: option '--port <port>' argument '99999' is invalid. Use a port, 0 to 65535.",
      '(add --help for the flags)',
    ],
  ]);
});

test('a Temporal that is not reached is said as that, with 6; an address of another machine as that, with 64', async () => {
  const away = await runCli(['ui', '--port', '0'], { ...env, TEMPORAL_ADDRESS: '127.0.0.1:1' });
  expect([away.exitCode, away.stderr]).toEqual([
    6,
    expect.stringMatching(/Temporal server 127\.0\.0\.1:1 cannot be reached/),
  ]);
  const proxy = ['--user-header', 'x-user', '--trusted-proxy', '10.0.0.1'];
  // An address for documents, which no machine has.
  const elsewhere = await runCli(['ui', '--port', '0', '--host', '203.0.113.7', ...proxy], env);
  expect([elsewhere.exitCode, elsewhere.stderr]).toEqual([
    64,
    expect.stringMatching(/203\.0\.113\.7 is no address of this machine\nName one that it has/),
  ]);
});

test('it says where it is and what it lets somebody do, answers, and a signal ends it with 0', async () => {
  const desk = new CliProcess(['ui', '--port', '0'], env);
  await desk.says('desk ready: http://127.0.0.1:');
  const [url = ''] = /http:\/\/127\.0\.0\.1:\d+/.exec(desk.said) ?? [];
  const info = (await (await fetch(`${url}/api/desk`)).json()) as DeskInfo;
  expect(info.readOnly).toMatch(/without --allow-actions/);
  const fleets = (await (await fetch(`${url}/api/view?view=fleets`)).json()) as ViewAnswer<'fleets'>;
  expect(fleets.data).toEqual({ fleets: [] });
  const taken = await runCli(['ui', '--port', new URL(url).port], env);
  expect([taken.exitCode, taken.stderr]).toEqual([
    64,
    expect.stringMatching(/port \d+ of 127\.0\.0\.1 is taken/),
  ]);
  desk.child.kill('SIGTERM');
  expect(await desk.ended).toMatchObject({ code: 0 });
});
