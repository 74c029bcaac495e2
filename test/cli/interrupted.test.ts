/** Whoever ends a command is told how things stand, and what to type: in a terminal, by signals, and by a pipe that breaks. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { CliProcess, runs } from '../support/cli-process.ts';
import type { Lab } from '../support/lab.ts';
import { openLab } from '../support/lab.ts';
import { KEYS, Terminal } from '../support/terminal.ts';
import type { RunningWorker } from '../../src/worker/worker.ts';
import { startWorker } from '../../src/worker/worker.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await openLab({
    worker: false,
    timing: { rolloutMs: 20_000, hookMs: 100, importMs: 50, terminationMs: 10 },
  });
});
afterAll(() => lab.close());

const started: CliProcess[] = [];
afterEach(() => {
  for (const { pid } of started.splice(0)) if (runs(pid)) process.kill(pid, 'SIGKILL');
});
const known = <T extends CliProcess>(process: T): T => {
  started.push(process);
  return process;
};

let count = 0;
async function tenant(): Promise<{ flags: string[]; at: string }> {
  const namespace = `shop-${(count += 1)}`;
  await lab.simulator.install('sim1', namespace);
  const at = `--context sim1 --namespace ${namespace} --kubeconfig ${lab.kubeconfig}`;
  return { flags: ['--kubeconfig', lab.kubeconfig, '--context', 'sim1', '--namespace', namespace], at };
}
const START = ['--yes', '--why', 'to see it'];
const own = (): Record<string, string> => ({ TEMPORAL_ADDRESS: lab.target.address });

const stands = (at: string): string =>
  'Left where it is; nothing is lost: it stands still until a worker runs again. ' +
  `See it with: threescale-upgrade status ${at}; go on with: threescale-upgrade start ${at}`;

describe('on a live screen of 80x24', () => {
  const SMALL = { columns: 80, rows: 24 };

  test('Ctrl-C says that the upgrade stands still, and what to type', async () => {
    const { flags, at } = await tenant();
    const start = known(new Terminal(['start', ...flags, ...START], SMALL));
    await start.says('Roll out dc/zync');
    start.type(KEYS.ctrlC);
    const { code, said } = await start.end();
    expect(code).toBe(130);
    // Below the screen, on a line of its own.
    expect(said.split('\n').some((line) => line.startsWith('Left where it is'))).toBe(true);
    expect(said.replaceAll('\n', '')).toContain(stands(at));
  });

  test('Ctrl-C says it of a fleet', async () => {
    const { at } = await tenant();
    const [, , , namespace = ''] = at.split(' ');
    const file = join(lab.folder, 'fleet.yaml');
    writeFileSync(
      file,
      `name: shops\ntenants:\n  - { name: one, context: sim1, namespace: ${namespace} }\n` +
        'waves:\n  - { name: all, select: { rest: true } }\n',
    );
    const flags = ['-f', file, '--kubeconfig', lab.kubeconfig];
    const start = known(new Terminal(['fleet', 'start', ...flags, ...START], SMALL));
    await start.says('under way (1)');
    start.type(KEYS.ctrlC);
    const { code, said } = await start.end();
    expect(code).toBe(130);
    expect(said).toContain('it stands still until a worker runs again. Go on with: threescale-upgrade dev');
    expect(said).toContain('see it with: threescale-upgrade fleet watch shops');
  });

  test('Ctrl-C at a question says that nothing was changed', async () => {
    const { flags } = await tenant();
    const start = known(new Terminal(['start', ...flags, '--why', 'x']));
    await start.says('Upgrade sim1/shop');
    start.type(KEYS.ctrlC);
    const { code, said } = await start.end();
    expect([code, said]).toEqual([130, expect.stringContaining('Nothing was changed.')]);
  });
});

describe.each(['SIGTERM', 'SIGHUP', 'SIGINT'] as const)('%s', (signal) => {
  test('says that what this command carries out stands still', async () => {
    const { flags, at } = await tenant();
    const start = known(new CliProcess(['start', ...flags, ...START]));
    await start.says('switching');
    expect(await start.kill(signal)).toMatchObject({ code: 130, said: expect.stringContaining(stands(at)) });
  });
});

test('a second signal while the worker hands over says it too', async () => {
  const { flags, at } = await tenant();
  const start = known(new CliProcess(['start', ...flags, ...START]));
  await start.says('switching');
  process.kill(start.pid, 'SIGTERM');
  await start.says('Left where it is');
  const { code, said } = await start.kill('SIGHUP');
  expect([code, said]).toEqual([130, expect.stringContaining(stands(at))]);
});

test('an upgrade that is carried out here goes on unread, and says so', async () => {
  const { flags, at } = await tenant();
  const start = known(new CliProcess(['start', ...flags, ...START]));
  start.child.stdout?.destroy();
  await start.says('Nobody reads this any more');
  expect(start.said).toContain(`see it with: threescale-upgrade watch ${at}; Ctrl-C leaves it where it is`);
  expect(runs(start.pid)).toBe(true);
  expect(await start.kill('SIGTERM')).toMatchObject({ code: 130, said: expect.stringContaining(stands(at)) });
});

test('a terminal that is closed is a signal: the upgrade is let go of in good order', async () => {
  const { flags } = await tenant();
  const start = known(new Terminal(['start', ...flags, ...START]));
  await start.says('switching');
  const { commandPid } = start;
  start.child.kill('SIGKILL');
  while (runs(commandPid)) await new Promise((resolve) => setTimeout(resolve, 50));
  const watch = known(new CliProcess(['watch', ...flags]));
  await watch.says('switching');
  expect((await watch.kill('SIGTERM')).code).toBe(130);
});

describe('what others carry out goes on, and', () => {
  let worker: RunningWorker;
  beforeAll(async () => {
    worker = await startWorker(lab.target, lab.clusters);
  });
  afterAll(() => worker.stop());

  test('Ctrl-C on a live screen says so', async () => {
    const { flags, at } = await tenant();
    const start = known(new Terminal(['start', ...flags, ...START], { env: own() }));
    await start.says('switching');
    start.type(KEYS.ctrlC);
    const { code, said } = await start.end();
    expect(code).toBe(130);
    expect(said).toContain(
      `Only the looking has ended: while a worker runs, it goes on. See it with: threescale-upgrade watch ${at}`,
    );
  });

  test.each(['SIGTERM', 'SIGHUP', 'SIGINT'] as const)('%s says so', async (signal) => {
    const { flags, at } = await tenant();
    await known(new CliProcess(['start', ...flags, ...START, '--no-watch'])).ended;
    const watch = known(new CliProcess(['watch', ...flags], own()));
    await watch.says('switching');
    expect(await watch.kill(signal)).toMatchObject({
      code: 130,
      said: expect.stringContaining(
        `Only the looking has ended: while a worker runs, it goes on. See it with: threescale-upgrade watch ${at}`,
      ),
    });
  });

  test('a look whose reader has gone ends with 130, and says what to type', async () => {
    const { flags, at } = await tenant();
    await known(new CliProcess(['start', ...flags, ...START, '--no-watch'])).ended;
    const watch = known(new CliProcess(['watch', ...flags], own()));
    watch.child.stdout?.destroy();
    const { code, said } = await watch.ended;
    expect([code, said]).toEqual([
      130,
      expect.stringContaining(`See it with: threescale-upgrade watch ${at}`),
    ]);
  });
});
