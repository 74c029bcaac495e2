/** In a terminal, what cannot be taken back is shown and asked for: nothing happens where the answer is no. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { TenantProgress } from '../../src/domain/tenant/progress.ts';
import { patchObject } from '../support/edit-object.ts';
import type { Lab } from '../support/lab.ts';
import { openLab } from '../support/lab.ts';
import { runCli } from '../support/hosted-cli.ts';
import { KEYS, Terminal } from '../support/terminal.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await openLab({
    worker: false,
    timing: { rolloutMs: 100, hookMs: 50, importMs: 20, terminationMs: 10 },
  });
});
afterAll(() => lab.close());

let count = 0;
async function tenant(): Promise<{ namespace: string; flags: string[]; cluster: string }> {
  const namespace = `asked-${(count += 1)}`;
  await lab.simulator.install('sim1', namespace);
  lab.cluster.audit.clear();
  const flags = ['--kubeconfig', lab.kubeconfig, '--context', 'sim1', '--namespace', namespace];
  return { namespace, flags, cluster: lab.clusters.tenant('sim1', namespace).cluster };
}

const REASON = 'Why? The reason stands in the report:';

async function reportOf(flags: readonly string[]): Promise<TenantProgress> {
  const { stdout } = await runCli(['report', ...flags, '-o', 'json']);
  return JSON.parse(stdout) as TenantProgress;
}

describe('start', () => {
  test('shows tenant, cluster, version, rollouts, window and point of no return, asks why, and begins', async () => {
    const { flags, namespace, cluster } = await tenant();
    const start = new Terminal(['start', ...flags, '--no-watch']);
    await start.says(REASON);
    for (const shown of [
      /tenant +sim1\/asked-/,
      new RegExp(`cluster +${cluster}`),
      /version +2\.3\.0 found; 2\.4 afterwards/,
      /rollouts +10 rollouts, one of each: dc\/backend-listener, .*dc\/system-app/,
      /maintenance window +always open\n/,
      /point of no return +step roll-out-system-app, the rollout of dc\/system-app, which migrates the database/,
    ])
      expect(start.said).toMatch(shown);
    expect(start.said).toMatch(/\d+ steps with \d+ changes\.\n/);
    // No reason is taken for one.
    start.type(KEYS.enter);
    await start.says('A reason is needed.');
    await start.answers(REASON, 'change 4711');
    await start.answers(`Upgrade sim1/${namespace} (${cluster}) from 2.3 to 2.4`, 'y');
    expect(await start.end()).toMatchObject({ code: 0 });
    const attached = await runCli(['start', ...flags]);
    expect([attached.exitCode, attached.stderr]).toEqual([0, expect.stringContaining('attaching to it')]);
    const [started] = (await reportOf(flags)).journal;
    expect(started).toMatchObject({ event: 'started', actor: { why: 'change 4711' } });
    // What is upgraded is not asked about once more.
    const again = await new Terminal(['start', ...flags]).end();
    expect([again.code, again.said]).toEqual([
      0,
      expect.stringContaining(`sim1/${namespace} is upgraded already: nothing is to be done`),
    ]);
    expect(again.said).not.toContain(REASON);
    expect((await runCli(['report', ...flags, '--list'])).stdout.trim().split('\n')).toHaveLength(2);
  }, 240_000);

  test('says when the maintenance window opens', async () => {
    const { flags } = await tenant();
    const window = ['--window-opens', '0 22 * * 6', '--window-minutes', '240', '--window-zone', 'UTC'];
    const start = new Terminal(['start', ...flags, ...window, '--why', 'x']);
    await start.answers('Upgrade sim1/', 'n');
    expect((await start.end()).said).toMatch(
      /maintenance window +"0 22 \* \* 6" UTC for 240 min; open(s at|.*until) \d{4}-\d\d-\d\d \d\d:\d\d /,
    );
  });

  test.each([
    ['no is the answer', 'n\r'],
    ['nothing is answered', '\r'],
    ['Ctrl-C is', KEYS.ctrlC],
    ['Ctrl-D is', KEYS.ctrlD],
  ])('changes nothing where %s', async (_, keys) => {
    const { flags, namespace } = await tenant();
    const start = new Terminal(['start', ...flags, '--why', 'change 4711']);
    await start.says('Upgrade sim1/');
    start.type(keys);
    const ended = await start.end();
    expect([ended.code, ended.said]).toEqual([130, expect.stringContaining('Nothing was changed.')]);
    expect(lab.cluster.audit.writes({ namespace })).toEqual([]);
    expect((await runCli(['status', ...flags])).stderr).toContain('there is no upgrade of');
  });

  test('asks on after Ctrl-Z and fg, and takes Ctrl-D for no reason', async () => {
    const { flags, namespace } = await tenant();
    const start = new Terminal(['start', ...flags]);
    await start.says(REASON);
    // Without a shell that controls jobs it is not stopped by it: it has given its terminal back, and is continued.
    start.type(KEYS.ctrlZ);
    await start.reads('lines');
    process.kill(start.commandPid, 'SIGCONT');
    await start.reads('keys');
    await start.answers(REASON, 'change 4711');
    await start.says('Upgrade sim1/');
    start.type(KEYS.ctrlD);
    expect((await start.end()).code).toBe(130);
    const unanswered = new Terminal(['start', ...flags]);
    await unanswered.says(REASON);
    unanswered.type(KEYS.ctrlD);
    const ended = await unanswered.end();
    expect([ended.code, ended.said]).toEqual([130, expect.stringContaining('Nothing was changed.')]);
    expect(lab.cluster.audit.writes({ namespace })).toEqual([]);
  });

  test('refuses what has moved while the question stood', async () => {
    const { flags, namespace } = await tenant();
    const start = new Terminal(['start', ...flags, '--why', 'change 4711']);
    await start.says('Upgrade sim1/');
    const slower = { op: 'add', path: '/spec/minReadySeconds', value: 30 } as const;
    await patchObject(lab, namespace, 'deploymentconfigs', 'system-app', [slower]);
    await start.answers('Upgrade sim1/', 'y');
    const ended = await start.end();
    expect([ended.code, ended.said]).toEqual([7, expect.stringContaining('is not as it was shown')]);
    expect(ended.said).toContain('dc/system-app spec.minReadySeconds has changed');
    expect((await runCli(['status', ...flags])).stderr).toContain('there is no upgrade of');
  });

  test('by a plan asks as well', async () => {
    const { flags, namespace } = await tenant();
    const file = join(lab.folder, `${namespace}.json`);
    await runCli(['plan', ...flags, '--out', file]);
    const start = new Terminal(['start', '--kubeconfig', lab.kubeconfig, '--plan', file]);
    await start.answers(REASON, 'change 4711');
    await start.answers(`Upgrade sim1/${namespace}`, 'n');
    expect(await start.end()).toMatchObject({ code: 130 });
  });
});

describe('a held upgrade', () => {
  const held = async (name: string): Promise<string[]> => {
    const { flags, namespace } = await tenant();
    lab.cluster.faults.onWork('rollout', { namespace, name, message: 'crash loop', times: 2 });
    const how = ['--on-failure', 'hold', '--yes', '--why', 'change 4711'];
    expect((await runCli(['start', ...flags, ...how])).exitCode).toBe(4);
    return flags;
  };

  test('before the point of no return: skip-step, revert, abort and abandon ask', async () => {
    const flags = await held('zync');
    for (const [args, shown, question] of [
      [['skip-step', '--step', 'roll-out-zync'], 'goes on without roll-out-zync', 'Skip this step of'],
      [['revert'], 'What was changed is undone, exactly', 'Revert the upgrade of'],
      [['abort'], 'What was changed is undone, exactly', 'Abort the upgrade of'],
      [['abandon'], 'nothing is undone, and nothing goes on. Left paused: dc/', 'Abandon the upgrade of'],
    ] as const) {
      const [name, ...more] = args;
      const asks = new Terminal([name, ...flags, ...more, '--why', 'x']);
      await asks.answers(question, 'n');
      const ended = await asks.end();
      expect([ended.code, ended.said]).toEqual([130, expect.stringContaining('Nothing was changed.')]);
      expect(ended.said).toContain('held at roll-out-zync');
      expect(ended.said).toContain('The point of no return is not passed.');
      expect(ended.said).toContain(shown);
    }
    const refused = await new Terminal(['skip-step', ...flags, '--step', 'set-memcache-image']).end();
    expect([refused.code, refused.said]).toEqual([7, expect.stringContaining('held at step roll-out-zync')]);
    const abandon = new Terminal(['abandon', ...flags, '--watch']);
    await abandon.answers(REASON, 'tomorrow');
    await abandon.answers('Abandon the upgrade of', 'y');
    expect((await abandon.end()).code).toBe(5);
    expect((await reportOf(flags)).state).toBe('abandoned');
  }, 240_000);

  test('past it, revert lets the name of the project be typed', async () => {
    const flags = await held('system-sidekiq');
    const namespace = flags.at(-1) ?? '';
    const wrong = new Terminal(['revert', ...flags, '--why', 'x']);
    await wrong.answers(`Type the name of the project (${namespace})`, 'another');
    const ended = await wrong.end();
    expect([ended.code, ended.said]).toEqual([130, expect.stringContaining('Nothing was changed.')]);
    expect(ended.said).toContain('The point of no return is passed: its database is migrated.');
    const right = new Terminal(['revert', ...flags, '--why', 'x', '--watch']);
    await right.answers(`Type the name of the project (${namespace})`, namespace);
    expect((await right.end()).code).toBe(5);
    expect((await reportOf(flags)).state).toBe('reverted');
  }, 240_000);
});

test('a fleet is shown and asked for: its start, another file, its revert and its end', async () => {
  const { namespace } = await tenant();
  const file = join(lab.folder, 'fleet.yaml');
  const write = (more = ''): void => {
    const tenants = `tenants:\n  - {context: sim1, namespace: ${namespace}}\n`;
    const waves = 'waves:\n  - {name: all, select: {rest: true}, approval: required}\n';
    writeFileSync(file, `name: shops\n${tenants}${waves}${more}`);
  };
  write();
  const flags = ['-f', file, '--kubeconfig', lab.kubeconfig];
  const no = new Terminal(['fleet', 'start', ...flags]);
  await no.answers(REASON, 'change 4711');
  await no.answers('Upgrade 1 tenant on 1 cluster', 'n');
  const shown = await no.end();
  expect([shown.code, shown.said]).toEqual([130, expect.stringContaining('Nothing was changed.')]);
  expect(shown.said).toContain('2.3 → 2.4: up to 10 rollouts of a tenant, one of each: dc/');
  expect(shown.said).toContain('point of no return: step roll-out-system-app');
  expect(shown.said).toContain('maintenance window of 1 tenant: always open\n');
  expect((await runCli(['fleet', 'status', 'shops'])).exitCode).toBe(7);

  const yes = new Terminal(['fleet', 'start', ...flags, '--no-watch']);
  await yes.answers(REASON, 'change 4711');
  await yes.answers('Upgrade 1 tenant on 1 cluster', 'y');
  expect((await yes.end()).code).toBe(0);

  write('maxConcurrent: 3\n');
  const apply = new Terminal(['fleet', 'apply', ...flags, '--no-watch']);
  await apply.answers(REASON, 'more at once');
  await apply.answers('over?', 'n');
  expect((await apply.end()).said).toContain('Nothing was changed.');
  const piped = await runCli(['fleet', 'apply', ...flags, '--why', 'more at once', '--no-watch']);
  expect([piped.exitCode, piped.stderr]).toEqual([64, expect.stringMatching(/--no-watch --yes$/)]);

  const revert = new Terminal(['fleet', 'revert', 'shops', '--all', '--no-watch']);
  await revert.answers(REASON, 'portal');
  await revert.says('Type the name of the fleet (shops) to go on:');
  revert.type(KEYS.ctrlD);
  expect((await revert.end()).code).toBe(130);

  const abort = new Terminal(['fleet', 'abort', 'shops', '--finish', '--no-watch', ...flags.slice(2)]);
  await abort.answers(REASON, 'withdrawn');
  await abort.answers('End the fleet shops', 'y');
  expect((await abort.end()).said).toContain('shops: asked to end (finish)');
}, 240_000);
