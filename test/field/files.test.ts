/** Tenant files, fleet files and flags as people write them: merged, in UTF-16, of several documents, with cron lines that mean "or". */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openFleetFile } from '../../src/config/fleet/fleet-file.ts';
import { readTenantFile } from '../../src/config/tenant-file.ts';
import type { Simulator } from '../../simulator/index.ts';
import { startSimulator } from '../../simulator/index.ts';
import { resolveText } from '../support/fleet-files.ts';
import { runCli } from '../support/hosted-cli.ts';

let simulator: Simulator;
const folder = mkdtempSync(join(tmpdir(), 'threescale-upgrade-files-'));
const kubeconfig = join(folder, 'kubeconfig.yaml');
beforeAll(async () => {
  simulator = await startSimulator({ tenants: 1 });
  await simulator.writeKubeconfig(kubeconfig);
});
afterAll(async () => {
  await simulator.close();
  rmSync(folder, { recursive: true });
});

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** What reading it says, without the folder. */
function said(read: () => unknown): string {
  try {
    read();
    return 'it was read';
  } catch (error) {
    return error instanceof Error ? error.message.replaceAll(`${folder}/`, '') : String(error);
  }
}

const FIRST_SATURDAY = '0 22 1-7 * 6';
const OR = 'cron takes either';
const AT = ['-c', 'sim1', '-n', 'tenant-1', '--kubeconfig', kubeconfig];
const fleetOf = (windows: string, tenants = '  - {cluster: sim1, namespace: tenant-1}\n'): string =>
  `name: prod\nclusters: {sim1: {}}\n${windows}tenants:\n${tenants}`;

describe('a cron line with a day of the month and a weekday means "or", and is warned of', () => {
  const flags = ['--window-opens', FIRST_SATURDAY, '--window-minutes', '240', '--window-zone', 'UTC'];

  test.each([
    ['check', []],
    ['plan', []],
    ['start', ['--dry-run']],
  ])('by %s, by flags and in a tenant file', async (command, more) => {
    const byFlags = await runCli([command, ...AT, ...flags, ...more]);
    expect(byFlags.stderr).toContain(`warning: window "${FIRST_SATURDAY}"`);
    expect(byFlags.stderr).toContain(OR);
    const tenant = `windows: [{opens: "${FIRST_SATURDAY}", durationMinutes: 240, zone: UTC}]\n`;
    const byFile = await runCli([command, ...AT, '-f', file('tenant.yaml', tenant), ...more]);
    expect(byFile.stderr).toContain(OR);
    expect([byFlags.exitCode, byFile.exitCode]).toEqual(command === 'check' ? [0, 0] : [2, 2]);
  });

  test('by fleet plan, once for all that have the same', async () => {
    const text = fleetOf(
      `windows: &night [{opens: "${FIRST_SATURDAY}", durationMinutes: 240, zone: UTC}]\n`,
      '  - {cluster: sim1, namespace: tenant-1, windows: *night}\n',
    );
    const { stdout } = await runCli([
      'fleet',
      'plan',
      '--kubeconfig',
      kubeconfig,
      '-f',
      file('fleet.yaml', text),
    ]);
    expect(stdout.split(OR)).toHaveLength(2);
    expect(stdout).toMatch(/fleet\.yaml:3: windows\.0: window "0 22 1-7 \* 6" opens on every day/);
  });

  test.each([
    ['0 22 * * 6', 0],
    ['0 22 1 * *', 0],
    ['0 22 ? * 6', 0],
    ['0 22 * * 6#1', 0],
    ['0 22 1 * 6', 1],
    ['0 22 */2 * 6', 1],
    ['0 22 13 * fri', 1],
    ['0 22 L * 6', 1],
  ])('%s: %i', (opens, count) => {
    const text = fleetOf(`windows: [{opens: "${opens}", durationMinutes: 240, zone: UTC}]\n`);
    expect(resolveText(text.replaceAll('sim1', 'eu')).said.filter((line) => line.includes(OR))).toHaveLength(
      count,
    );
  });
});

describe('merge keys', () => {
  test('a tenant file may take over parts of itself', () => {
    const text = `windows:
  - &night {opens: "0 22 * * 6", durationMinutes: 240, zone: UTC}
  - {<<: *night, opens: "0 22 * * 0"}
`;
    expect(readTenantFile(file('tenant.yaml', text)).windows?.[1]).toEqual({
      opens: '0 22 * * 0',
      durationMinutes: 240,
      zone: 'UTC',
    });
  });

  const MERGED = `name: prod
clusters:
  eu: &eu
    onFailure: hold
    maxConcurrent: 3
  us: &us {<<: *eu, maxConcurrent: 7}
  ap: {<<: [*us, {onClose: finish-tenant}]}
tenants:
  - {cluster: eu, namespace: a}
`;

  test('a fleet file too, of several and of what was merged, what is written itself first', () => {
    const { clusters } = openFleetFile(file('fleet.yaml', MERGED)).data;
    expect(clusters).toEqual({
      eu: { onFailure: 'hold', maxConcurrent: 3 },
      us: { onFailure: 'hold', maxConcurrent: 7 },
      ap: { onFailure: 'hold', maxConcurrent: 7, onClose: 'finish-tenant' },
    });
  });

  test('what is wrong with what was taken over is said where it stands', () => {
    const wrong = MERGED.replace('onFailure: hold', 'onFailure: never').replace('onClose:', 'onclose:');
    const lines = said(() => openFleetFile(file('fleet.yaml', wrong))).split('\n');
    expect(lines).toEqual([
      expect.stringContaining('fleet.yaml:4: clusters.eu.onFailure: '),
      expect.stringContaining('fleet.yaml:4: clusters.us.onFailure: '),
      expect.stringContaining('fleet.yaml:4: clusters.ap.onFailure: '),
      expect.stringContaining('fleet.yaml:7: clusters.ap.onclose: Unrecognized key'),
    ]);
  });

  test.each([
    ['a text', 'onFailure: &x hold\n<<: *x\n', '2:1 does not parse: what << takes over must be a map'],
    ['a list of texts', '<<: [hold]\n', '1:1 does not parse: what << takes over must be a map'],
    ['what does not come before it', '<<: *x\n', '1:5 does not parse: the alias *x stands for nothing'],
    ['itself', 'images: &x {<<: *x}\n', '1:17 does not parse: the alias *x stands for what it is a part of'],
    ['a key in quotes', '"<<": {onFailure: hold}\n', '1: <<: Unrecognized key'],
  ])('cannot take over %s', (_, text, why) => {
    expect(said(() => readTenantFile(file('tenant.yaml', text)))).toContain(`tenant.yaml:${why}`);
  });

  test('what they blow up is measured before it is made', () => {
    const levels = Array.from({ length: 12 }, (_, level) => {
      const keys = Array.from({ length: 10 }, (_, key) => `k${level}${key}: {<<: *x${level}}`);
      return `x${level + 1}: &x${level + 1} {${keys.join(', ')}}\n`;
    });
    const text = `x0: &x0 {a: 1}\n${levels.join('')}`;
    expect(said(() => readTenantFile(file('bomb.yaml', text)))).toContain('more than 2000000 values');
  });

  test('ten thousand tenants may be merged from one', () => {
    const tenants = Array.from({ length: 10_000 }, (_, n) => `  - {<<: *first, namespace: n${n}}\n`).join('');
    const text = fleetOf('', `  - &first {cluster: sim1, namespace: first, onFailure: hold}\n${tenants}`);
    const { data } = openFleetFile(file('fleet.yaml', text));
    expect(data.tenants.at(-1)).toEqual({ cluster: 'sim1', namespace: 'n9999', onFailure: 'hold' });
  });
});

describe('what is no file of ours is said in plain words', () => {
  const utf16 = (text: string, mark: string): Buffer => Buffer.from(mark + text, 'utf16le');
  const tenant = 'context: sim1\nnamespace: tenant-1\n';

  test.each([
    ['little-endian, as PowerShell writes it', utf16(tenant, '\uFEFF')],
    ['big-endian', utf16(tenant, '\uFEFF').swap16()],
    ['without a mark', utf16(tenant, '')],
    ['without a mark, big-endian', utf16(tenant, '').swap16()],
  ])('UTF-16, %s', (_, content) => {
    const path = file('wide.yaml', content);
    const why = 'wide.yaml is written in UTF-16: save it as UTF-8';
    expect(said(() => readTenantFile(path))).toBe(why);
    expect(said(() => openFleetFile(path))).toBe(why);
  });

  test('a calendar in UTF-16, beside its line in the fleet file', async () => {
    file('wide.ics', utf16('BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n', '\uFEFF'));
    const path = file('fleet.yaml', fleetOf('freezes: [{calendar: wide.ics, zone: UTC}]\n'));
    const { exitCode, stderr } = await runCli(['fleet', 'plan', '--kubeconfig', kubeconfig, '-f', path]);
    expect([exitCode, stderr]).toEqual([
      64,
      expect.stringContaining('wide.ics is written in UTF-16: save it as UTF-8'),
    ]);
  });

  test('a calendar of which some is left out is used, and says so', async () => {
    const event = (...lines: string[]): string => `BEGIN:VEVENT\r\n${lines.join('\r\n')}\r\nEND:VEVENT\r\n`;
    const bad = event('SUMMARY:old', 'DTSTART:20190301T100000Z', 'DTEND:20190301T090000Z');
    const ahead = event('SUMMARY:ahead', 'DTSTART;VALUE=DATE:29991224', 'DTEND;VALUE=DATE:29991224');
    file('freezes.ics', `BEGIN:VCALENDAR\r\n${bad.repeat(7)}${ahead}END:VCALENDAR\r\n`);
    const path = file('fleet.yaml', fleetOf('freezes: [{calendar: freezes.ics, zone: UTC}]\n'));
    const { exitCode, stdout } = await runCli(['fleet', 'plan', '--kubeconfig', kubeconfig, '-f', path]);
    expect([exitCode, stdout]).toEqual([
      2,
      expect.stringMatching(/freezes\.ics:2: the event "old" ends before.*left out/),
    ]);
    expect(stdout).toContain('and 2 more events like these');
  });

  test.each([
    ['two', `${tenant}---\n${tenant}`, 3],
    ['one that is empty', `---\n${tenant}---\n`, 4],
  ])('several documents: %s', (_, text, line) => {
    const path = file('several.yaml', text);
    for (const read of [readTenantFile, openFleetFile])
      expect(said(() => read(path))).toBe(
        `several.yaml:${line}:1 begins a second document (---): one file says one thing; make a file of each, or take the line out`,
      );
  });

  test('one document may begin and end as such, and have a mark of UTF-8', () => {
    expect(readTenantFile(file('one.yaml', `\uFEFF---\n${tenant}...\n`)).namespace).toBe('tenant-1');
  });
});
