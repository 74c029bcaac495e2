import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { fleetWorkflowId } from '../../src/domain/fleet/spec/spec.ts';
import type { TenantProgress } from '../../src/domain/tenant/progress.ts';
import { workflowIdOf } from '../../src/domain/tenant/workflow-id.ts';
import { abortSignal } from '../../workflows/tenant/messages.ts';
import { CliProcess } from '../support/cli-process.ts';
import { madeEvents, startAndKill } from '../support/interrupted.ts';
import type { Lab } from '../support/lab.ts';
import { openLab } from '../support/lab.ts';
import { runCli } from '../support/hosted-cli.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await openLab({
    worker: false,
    timing: { rolloutMs: 300, hookMs: 100, importMs: 50, terminationMs: 10 },
  });
}, 240_000);
afterAll(() => lab.close());

async function install(namespace: string): Promise<{ id: string; flags: string[] }> {
  await lab.simulator.install('sim1', namespace);
  const id = workflowIdOf(lab.clusters.tenant('sim1', namespace));
  return { id, flags: ['--kubeconfig', lab.kubeconfig, '-c', 'sim1', '-n', namespace] };
}

interface Told extends TenantProgress {
  readonly standsStill?: string;
  readonly endedFromOutside?: string;
}
const toldBy = ({ stdout }: { readonly stdout: string }): Told => JSON.parse(stdout) as Told;

/** What is said to a workflow stands in its history once no task of it is in hand, as of a worker that was killed. */
async function nobodyHasATask(id: string): Promise<void> {
  const handle = lab.client.workflow.getHandle(id);
  while ((await handle.describe()).raw.pendingWorkflowTask?.startedTime)
    await new Promise((resolve) => setTimeout(resolve, 100));
}

describe('while no worker runs', () => {
  test('status, report, watch and list say where it stands, and that it stands still; none of them lets it go on', async () => {
    const { id, flags } = await install('killed');
    await startAndKill(flags, 'Set AMP_RELEASE');
    const before = await madeEvents(lab.client, id);
    const writes = lab.cluster.audit.writes({ namespace: 'killed' }).length;
    const status = await runCli(['status', ...flags]);
    expect([status.exitCode, status.stderr]).toEqual([
      0,
      expect.stringContaining('No worker runs, so that the upgrade of sim1/killed stands still'),
    ]);
    expect(status.stdout).toMatch(/✓ .* Set AMP_RELEASE/);
    expect(status.stderr).toContain('threescale-upgrade start --context sim1 --namespace killed');
    const json = toldBy(await runCli(['status', ...flags, '-o', 'json']));
    expect(json.standsStill).toContain('No worker runs');
    expect(json.journal[0]?.actor?.by).toBe('olga');
    const report = await runCli(['report', ...flags]);
    expect([report.exitCode, report.stdout]).toEqual([0, expect.stringContaining('| olga | change 4711 |')]);
    expect(report.stdout).toContain('| Ended | not yet: it stands still');
    const list = await runCli(['list', '-o', 'json']);
    expect(JSON.parse(list.stdout)).toContainEqual(
      expect.objectContaining({ by: 'olga', standsStill: true, state: json.state }),
    );
    expect((await runCli(['list'])).stderr).toMatch(
      /see one with: threescale-upgrade status --context sim1 --namespace \S+/,
    );
    const watch = new CliProcess(['watch', ...flags]);
    await watch.says('No worker runs');
    await watch.says('Set AMP_RELEASE');
    expect((await watch.kill('SIGINT')).code).toBe(130);
    expect(await madeEvents(lab.client, id)).toEqual(before);
    expect(lab.cluster.audit.writes({ namespace: 'killed' })).toHaveLength(writes);
  }, 240_000);

  test('what was sent to it and nobody has taken up is said', async () => {
    const { id, flags } = await install('told');
    await startAndKill(flags, 'Set AMP_RELEASE');
    await nobodyHasATask(id);
    await lab.client.workflow.getHandle(id).signal(abortSignal, { by: 'otto', why: 'not today' });
    const { stderr } = await runCli(['status', ...flags]);
    expect(stderr).toContain('Sent since, and taken up by nobody yet: abort');
  }, 240_000);

  test('one that nobody has ever taken up is waiting', async () => {
    const { flags } = await install('untaken');
    expect((await runCli(['start', ...flags, '--yes', '--why', 'x', '--no-watch'])).exitCode).toBe(0);
    const status = await runCli(['status', ...flags, '-o', 'json']);
    expect([status.exitCode, toldBy(status).state]).toEqual([0, 'waiting']);
  }, 240_000);

  test('a held one exits as held, by status and by watch', async () => {
    const { flags } = await install('held');
    lab.cluster.faults.onWork('rollout', { namespace: 'held', name: 'zync', message: 'crash', times: 2 });
    const held = await runCli(['start', ...flags, '--yes', '--on-failure', 'hold', '--why', 'x']);
    expect(held.exitCode).toBe(4);
    for (const verb of ['status', 'watch']) {
      const { exitCode, stdout } = await runCli([verb, ...flags]);
      expect([exitCode, stdout]).toEqual([4, expect.stringContaining('held at roll-out-zync')]);
    }
    // What is decided needs no start before it.
    const { stderr } = await runCli(['status', ...flags]);
    expect(stderr).toContain('It is held, and needs a decision');
    expect(stderr).not.toContain('threescale-upgrade start');
  }, 240_000);

  test('one that was ended from outside is shown as it was left', async () => {
    const { id, flags } = await install('ended');
    await startAndKill(flags, 'Set AMP_RELEASE');
    await lab.client.workflow.getHandle(id).terminate('cleared up');
    const status = await runCli(['status', ...flags, '-o', 'json']);
    expect([status.exitCode, toldBy(status).endedFromOutside]).toEqual([
      5,
      expect.stringContaining('was ended from outside'),
    ]);
    const report = await runCli(['report', ...flags]);
    expect([report.exitCode, report.stdout]).toEqual([0, expect.stringContaining('was ended from outside')]);
    const list = await runCli(['list']);
    expect(list.stdout).toMatch(/sim1\/ended .*ended from outside/);
  }, 240_000);

  test('a watch sees a worker come, and the end that it brings', async () => {
    const { flags } = await install('watched');
    await startAndKill(flags, 'Set AMP_RELEASE');
    const watch = new CliProcess(['watch', ...flags]);
    await watch.says('No worker runs');
    const start = await runCli(['start', ...flags, '--yes', '--why', 'again']);
    expect(start.exitCode).toBe(0);
    const { code, said } = await watch.ended;
    expect([code, said]).toEqual([0, expect.stringContaining('upgraded')]);
  }, 240_000);

  test('a fleet and its tenants are looked at too, and nothing of them goes on', async () => {
    const { id } = await install('of-a-fleet');
    const file = join(lab.folder, 'fleet.yaml');
    writeFileSync(file, 'name: prod\ntenants:\n  - {name: shop, context: sim1, namespace: of-a-fleet}\n');
    const flags = ['-f', file, '--kubeconfig', lab.kubeconfig, '--yes', '--why', 'change 4711'];
    const started = new CliProcess(['fleet', 'start', ...flags]);
    await started.says('shop (wave');
    await started.says('running');
    await started.kill('SIGKILL');
    const ids = [id, fleetWorkflowId('prod')];
    const made = (): Promise<string[][]> => Promise.all(ids.map((one) => madeEvents(lab.client, one)));
    const before = await made();
    const status = await runCli(['fleet', 'status', 'prod']);
    expect([status.exitCode, status.stdout]).toEqual([
      0,
      expect.stringContaining('No worker runs, so that the fleet prod stands still'),
    ]);
    expect(status.stdout).toContain('end: unknown: it stands still');
    expect(status.stdout).toMatch(/To let it go on: threescale-upgrade dev\n/);
    const json = JSON.parse((await runCli(['fleet', 'status', 'prod', '-o', 'json'])).stdout) as object;
    expect(json).toMatchObject({ counts: { running: 1 }, standsStill: expect.stringContaining('No worker') });
    const list = await runCli(['fleet', 'list', 'prod']);
    expect([list.exitCode, list.stdout]).toEqual([0, expect.stringMatching(/shop .* running/)]);
    const report = await runCli(['fleet', 'report', 'prod']);
    // Its steps, from its own history.
    expect([report.exitCode, report.stdout]).toEqual([
      0,
      expect.stringContaining('Verify everything staged'),
    ]);
    expect(JSON.parse((await runCli(['fleet', 'list', '-o', 'json'])).stdout)).toMatchObject([
      { name: 'prod' },
    ]);
    // It is its fleet's to list.
    expect((await runCli(['list'])).stdout).not.toContain('of-a-fleet');
    expect(await made()).toEqual(before);
    // What is said to it is kept, and that nobody does it is said too.
    const pause = await runCli(['fleet', 'pause', 'prod', '--why', 'x']);
    expect([pause.exitCode, pause.stderr]).toEqual([
      0,
      expect.stringContaining('No worker runs: it is kept'),
    ]);
  }, 240_000);
});
