import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { pauseSignal, resumeSignal } from '../../workflows/tenant/messages.ts';
import type { Handle, Lab } from '../support/lab.ts';
import { openLab, settled, until } from '../support/lab.ts';
import type { CliResult } from '../support/run-cli.ts';
import { runCli } from '../support/hosted-cli.ts';

/** Clears the screen, sets the title, hides what follows, turns the direction, begins lines, tables, HTML and images. */
const EVIL =
  '\u001b[2J\u001b]0;owned\u0007\u001b[8mhid\u009b31m\u202eden\u2028## done\n| x | ![p](http://evil/p.png) <img src=x onerror=y> [go](javascript:x) `a`\u007f\r✓ upgraded';
const OBEYED = /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u;

let lab: Lab;
let handle: Handle;
beforeAll(async () => {
  lab = await openLab({ tenants: 1 });
  lab.cluster.faults.onWork('import', {
    namespace: 'tenant-1',
    name: 'registry.access.redhat.com/3scale-amp24/zync',
    message: `no: ${EVIL}`,
  });
  handle = await lab.start('tenant-1', {
    onFailure: 'hold',
    startedBy: { by: `eve${EVIL}`, why: `start${EVIL}` },
  });
  expect((await settled(handle)).state).toBe('held');
});
afterAll(() => lab.close());

function run(...args: readonly string[]): Promise<CliResult> {
  const tenant = ['--context', 'sim1', '--namespace', 'tenant-1', '--kubeconfig', lab.kubeconfig];
  const home = join(lab.folder, 'home');
  return runCli([...args, ...tenant], { THREESCALE_UPGRADE_HOME: home });
}

const MARKUP = /[<>]|!\[|\]\(|http:\/\//;
const withoutEscapes = (markdown: string): string => markdown.replaceAll(/\\[\\`*_[\]<>|&~$#:.]/g, '');

/** Nothing but line feeds of what a terminal obeys. */
function expectHarmless({ stdout, stderr }: CliResult): void {
  expect(`${stdout}${stderr}`.replaceAll('\n', '')).not.toMatch(OBEYED);
}

test('what was said by hand and by APIs is shown, and obeyed nowhere', async () => {
  await handle.signal(pauseSignal, { by: `mallory${EVIL}`, why: `pause${EVIL}` });
  const status = await run('status');
  expectHarmless(status);
  expect(status.stdout).toContain('mallory');
  expect(status.stdout).toContain('imagestream/amp-zync:2.4.0 cannot be imported');
  expect(status.stdout.split('\n').filter((line) => /^\s*(✓ upgraded|## done)/.test(line))).toEqual([]);
  await handle.signal(resumeSignal, { by: `mallory${EVIL}`, why: 'go on' });
});

test('a report has the lines, tables and headings of its own only', async () => {
  const report = await run('report');
  expectHarmless(report);
  const headings = report.stdout.split('\n').filter((line) => line.startsWith('#'));
  expect(headings).toEqual(['# 3scale 2.3 → 2.4: sim1/tenant-1', '## Steps', '## What happened', '## Held']);
  const bare = withoutEscapes(report.stdout);
  expect(bare).not.toMatch(MARKUP);
  const rows = bare.split('\n').filter((line) => line.startsWith('| 20'));
  expect(new Set(rows.map((row) => row.split('|').length))).toEqual(new Set([8]));
});

test('what is recorded is plain: in the progress, in JSON, in Temporal’s own UI', async () => {
  const { stdout } = await run('status', '-o', 'json');
  const strings: string[] = [];
  JSON.parse(stdout, (_, value: unknown) => (typeof value === 'string' ? strings.push(value) : value));
  expect(strings.filter((text) => OBEYED.test(text))).toEqual([]);
  const { raw } = await handle.describe();
  expect(JSON.stringify(raw.pendingActivities ?? [])).not.toMatch(/\\u001b|\\u009b/);
  const { currentDetails } = await handle.query<{ currentDetails: string }>('__temporal_workflow_metadata');
  expect(currentDetails).toContain('cannot be imported');
  expect(withoutEscapes(currentDetails)).not.toMatch(MARKUP);
});

test('flags are taken as one plain line', async () => {
  const said = await run('pause', '--why', `why${EVIL}`, '--by', `me${EVIL}`);
  expectHarmless(said);
  const { journal } = await until(handle, ({ paused }) => paused !== undefined);
  const actor = journal.findLast(({ event }) => event === 'paused')?.actor;
  expect(`${actor?.by ?? ''}${actor?.why ?? ''}`).not.toMatch(OBEYED);
  expect(actor?.why).toMatch(/^whyhidden ## done/);
  expect((await run('pause', '--why', '\u001b[2J\u200b')).exitCode).toBe(64);
});

test.each([
  ['a path', ['plan', '-n', 'tenant-1', '--path', `x${EVIL}`]],
  ['an image', ['plan', '-n', 'tenant-1', '--image', `system=${EVIL}`]],
  ['a policy', ['plan', '-n', 'tenant-1', '--on-failure', EVIL]],
  ['a flag that is none', [`--${EVIL}`]],
  ['a command that is none', [EVIL]],
  ['a context', ['check', '-n', 'tenant-1', '-c', EVIL]],
])('%s that is none is refused without being obeyed', async (_, args) => {
  const result = await runCli([...args, ...(args.length > 1 ? ['--kubeconfig', lab.kubeconfig] : [])]);
  expect(result.exitCode).toBe(64);
  expectHarmless(result);
});

test('a file’s words are plain, and a broken one is quoted without being obeyed', async () => {
  const file = join(lab.folder, 'tenant.yaml');
  writeFileSync(
    file,
    `context: sim1\nnamespace: tenant-1\nonFailure: ${JSON.stringify(EVIL)}\n"${'\\e[2J'}": 1\n`,
  );
  const result = await runCli(['check', '-f', file, '--kubeconfig', lab.kubeconfig]);
  expect(result.exitCode).toBe(64);
  expectHarmless(result);
});
