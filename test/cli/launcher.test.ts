import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { CliProcess, LAUNCHER, pause, runs, untilGone } from '../support/cli-process.ts';
import type { Lab } from '../support/lab.ts';
import { openLab } from '../support/lab.ts';
import { MAIN } from '../support/run-cli.ts';

const RUN_INSTEAD = fileURLToPath(new URL('../../bin/run-instead.js', import.meta.url));

let lab: Lab;
let standIn: string;
beforeAll(async () => {
  lab = await openLab({ worker: false });
  standIn = join(lab.folder, 'launcher.mjs');
  writeFileSync(
    standIn,
    `import { runInstead } from ${JSON.stringify(RUN_INSTEAD)};
     runInstead(${JSON.stringify(process.execPath)}, [${JSON.stringify(MAIN)}, ...process.argv.slice(2)]);`,
  );
});
afterAll(() => lab.close());

/** A Node.js of this machine that cannot run the command itself; undefined where there is none. */
function oldNode(): string | undefined {
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .filter((folder) => !folder.includes('node_modules'))
    .map((folder) => join(folder, 'node'))
    .find((node) => {
      const { stdout } = spawnSync(node, ['-p', 'process.versions.node'], { encoding: 'utf8' });
      const [major = 99] = (stdout || '99').split('.').map(Number);
      return major < 22;
    });
}

const started: number[] = [];
afterEach(() => {
  for (const pid of started.splice(0)) if (runs(pid)) process.kill(pid, 'SIGKILL');
});

const old = oldNode();
const WAYS: [string, () => [string, string]][] = [
  ['where another Node runs the command', () => [process.execPath, standIn]],
  ...(old === undefined
    ? []
    : [['on an old Node', () => [old, LAUNCHER]] as [string, () => [string, string]]]),
];

describe.each(WAYS)('the launcher, %s,', (_, way) => {
  const run = (...args: string[]): CliProcess => {
    const env = { TEMPORAL_ADDRESS: lab.target.address };
    const launcher = new CliProcess(args, env, way());
    started.push(launcher.pid);
    return launcher;
  };

  /** A launcher and the number of the worker behind it. */
  async function worker(): Promise<{ launcher: CliProcess; pid: number }> {
    const launcher = run('worker', '--kubeconfig', lab.kubeconfig);
    await launcher.says('worker ready');
    const children = readFileSync(`/proc/${launcher.pid}/task/${launcher.pid}/children`, 'utf8');
    const pid = Number(children.trim());
    started.push(pid);
    return { launcher, pid };
  }

  test('ends with the code of the command', async () => {
    expect(await run('check', '--contxt', 'x').ended).toMatchObject({ code: 64, signal: null });
    expect(await run('rbac').ended).toMatchObject({ code: 0, signal: null });
  });

  test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
    'passes %s on, and waits for the end',
    async (signal) => {
      const { launcher, pid } = await worker();
      const ended = await launcher.kill(signal);
      expect(ended).toMatchObject({ code: 0, signal: null });
      expect(ended.said).toContain('stopping: what runs is handed over');
      expect(runs(pid)).toBe(false);
    },
  );

  test('a key pressed in a terminal reaches both, and counts once', async () => {
    const { launcher, pid } = await worker();
    process.kill(pid, 'SIGINT');
    expect(await launcher.kill('SIGINT')).toMatchObject({ code: 0, signal: null });
  });

  test('a worker ends well where its launcher is killed', async () => {
    const { launcher, pid } = await worker();
    expect(await launcher.kill('SIGKILL')).toMatchObject({ code: null, signal: 'SIGKILL' });
    await untilGone(pid);
    expect(launcher.said).toContain('stopping: what runs is handed over');
  });

  test('a launcher killed before its worker is ready leaves none behind', async () => {
    const launcher = run('worker', '--kubeconfig', lab.kubeconfig);
    const children = `/proc/${launcher.pid}/task/${launcher.pid}/children`;
    while (readFileSync(children, 'utf8').trim() === '') await pause(20);
    const pid = Number(readFileSync(children, 'utf8').trim());
    started.push(pid);
    await launcher.kill('SIGKILL');
    await untilGone(pid);
  });

  test.each(['SIGKILL', 'SIGQUIT'] as const)('ends by %s where the command does', async (signal) => {
    const { launcher, pid } = await worker();
    process.kill(pid, signal);
    expect(await launcher.ended).toMatchObject({ code: null, signal });
  });

  test('passes SIGQUIT on', async () => {
    const { launcher, pid } = await worker();
    expect(await launcher.kill('SIGQUIT')).toMatchObject({ code: null, signal: 'SIGQUIT' });
    expect(runs(pid)).toBe(false);
  });
});
