/** Without a terminal nothing that cannot be taken back begins by surprise: `--yes` and `--why`, or the line to type. */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { CliResult } from '../support/run-cli.ts';
import { runCli } from '../support/hosted-cli.ts';
import type { SimulatedClusters } from '../support/simulated-clusters.ts';
import { openClusters } from '../support/simulated-clusters.ts';
import { Terminal } from '../support/terminal.ts';

let clusters: SimulatedClusters;
let env: Record<string, string>;
let fleet: string;
beforeAll(async () => {
  clusters = await openClusters({ tenants: 1 });
  clusters.simulator.cluster('sim1').audit.clear();
  fleet = join(clusters.folder, 'a fleet.yaml');
  writeFileSync(fleet, 'name: prod\ntenants:\n  - {context: sim1, namespace: tenant-1}\n');
  env = {
    KUBECONFIG: clusters.kubeconfig,
    THREESCALE_UPGRADE_HOME: join(clusters.folder, 'home'),
    TEMPORAL_CONFIG_FILE: join(clusters.folder, 'none.toml'),
  };
});
afterAll(() => clusters.close());

const tenant = ['-c', 'sim1', '-n', 'tenant-1'];
const at = `-c sim1 -n tenant-1`;

/** The cluster is not even looked at, and no Temporal is started. */
function expectUntouched(): void {
  const { audit } = clusters.simulator.cluster('sim1');
  expect(audit.requests('tenant-1')).toEqual({ reads: 0, writes: 0 });
  expect(existsSync(env['THREESCALE_UPGRADE_HOME'] ?? '')).toBe(false);
}

const lineOf = ({ stderr }: CliResult): string | undefined => /^Type: (.*)$/m.exec(stderr)?.[1];

describe('in a pipe', () => {
  test.each([
    [['start', ...tenant], `start ${at} --yes --why "…"`],
    [['start', ...tenant, '-y'], `start ${at} -y --why "…"`],
    [['start', ...tenant, '--why', 'change 4711'], `start ${at} --why 'change 4711' --yes`],
    [['start', ...tenant, '--yes', '--why', ' '], `start ${at} --yes --why ' ' --why "…"`],
    [['start', ...tenant, '-o', 'json', '--no-watch'], `start ${at} -o json --no-watch --yes --why "…"`],
    [
      ['start', ...tenant, '--window-opens', '0 22 * * 6', '--window-minutes=240', '--window-zone', 'UTC'],
      `start ${at} --window-opens '0 22 * * 6' --window-minutes=240 --window-zone UTC --yes --why "…"`,
    ],
    [
      ['start', ...tenant, '--impersonation-username', 'olga', '--impersonation-domain=example.com'],
      `start ${at} --impersonation-username … --impersonation-domain=… --yes --why "…"`,
    ],
    [['abort', ...tenant], `abort ${at} --yes --why "…"`],
    [
      ['skip-step', ...tenant, '--step', 'tag-amp-zync'],
      `skip-step ${at} --step tag-amp-zync --yes --why "…"`,
    ],
    [['revert', ...tenant, '--why', 'x'], `revert ${at} --why x --yes`],
    [['revert', ...tenant, '--confirm', 'tenant-1'], `revert ${at} --confirm tenant-1 --why "…"`],
    [['abandon', ...tenant, '-o', 'json'], `abandon ${at} -o json --yes --why "…"`],
    [['fleet', 'abort', 'prod', '--revert'], 'fleet abort prod --revert --yes --why "…"'],
    [
      ['fleet', 'revert', 'prod', '-w', 'eu', '--why', 'portal'],
      'fleet revert prod -w eu --why portal --confirm prod',
    ],
  ])('%j is refused with the line to type, and nothing begins', async (args, line) => {
    const refused = await runCli(args, env);
    expect(refused.exitCode).toBe(64);
    // A script is told the same, and nothing else.
    if (!args.includes('json')) expect(refused.stdout).toBe('');
    else expect(JSON.parse(refused.stdout)).toMatchObject({ error: { kind: 'usage', exitCode: 64 } });
    expect(refused.stderr).toContain('Nothing was changed.');
    expect(lineOf(refused)).toBe(`threescale-upgrade ${line}`);
    expectUntouched();
  });

  test('a fleet is not started either, whatever its file is called', async () => {
    const refused = await runCli(['fleet', 'start', '-f', fleet, '--wait'], env);
    expect(refused.exitCode).toBe(64);
    expect(lineOf(refused)).toBe(`threescale-upgrade fleet start -f '${fleet}' --wait --yes --why "…"`);
    expectUntouched();
  });

  test('what is wrong besides is said first', async () => {
    const { exitCode, stderr } = await runCli(['start', ...tenant, '--on-failure', 'never'], env);
    expect([exitCode, stderr]).toEqual([64, expect.stringContaining('no such policy')]);
  });
});

describe('in a terminal', () => {
  test.each([
    ['nobody can type', ['start', ...tenant], '< /dev/null'],
    ['the answer goes to a file', ['start', ...tenant], '> answer.txt'],
    ['JSON is wanted', ['start', ...tenant, '-o', 'json'], ''],
    ['yes is said beforehand, and no reason', ['start', ...tenant, '--yes'], ''],
    ['JSON is wanted of a fleet', ['fleet', 'abort', 'prod', '--finish', '-o', 'json'], ''],
  ])('nothing is asked where %s', async (_, args, redirect) => {
    const where = redirect.replace('answer.txt', `'${join(clusters.folder, 'answer.txt')}'`);
    const ended = await new Terminal(args, { env, redirect: where }).end();
    expect([ended.code, ended.said]).toEqual([64, expect.stringContaining('--why "…"')]);
    expectUntouched();
  });
});
