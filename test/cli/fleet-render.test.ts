import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import picocolors from 'picocolors';
import { renderFleet } from '../../src/cli/fleet/render/progress.ts';
import type { FleetView } from '../../src/cli/fleet/render/progress.ts';
import { renderSections } from '../../src/cli/render/fit.ts';
import { renderBar } from '../../src/cli/fleet/render/waves.ts';
import { zero } from '../../src/domain/fleet/rules/counts.ts';
import type { TenantProgress } from '../../src/domain/tenant/progress.ts';
import { fleetSpec } from '../support/fleet-spec.ts';
import type { StandOptions } from '../support/fleet-stand.ts';
import { MINUTE_MS, NOW_MS, standOf } from '../support/fleet-stand.ts';

const colors = picocolors.createColors(false);
const many = (count: number, prefix = 't'): string[] =>
  Array.from({ length: count }, (_, number) => `${prefix}${number + 1}`);
const spec = fleetSpec(
  {
    waves: [
      { name: 'canary', tenants: ['c1', 'c2'] },
      { name: 'rest', tenants: many(8), approval: 'required' },
    ],
    failureBudget: { failed: { count: 0 } },
  },
  { name: 'prod' },
);

const show = (view: FleetView, fit?: { rows: number; columns: number }): string =>
  renderFleet(view, { nowMs: NOW_MS, colors, ...(fit ? { fit } : {}) });
const shown = (options: StandOptions): string => show({ progress: standOf(spec, options) });

test('the head says name, path, phase, since when, and the totals', () => {
  const [head, totals] = shown({ entries: { 0: { state: 'upgraded' }, 1: { state: 'running' } } }).split(
    '\n',
  );
  expect(head).toMatch(/^prod {2}2\.3 → 2\.4 {2}running {2}1 h 00 min$/);
  expect(totals).toBe('  10 tenants: 1 upgraded, 1 running, 8 pending');
});

test('where a failure is cut it says what shows all of it; where it is whole it does not', () => {
  const of = (message: string): string =>
    shown({ entries: { 0: { state: 'blocked', failure: { type: 'Invalid', message } } } });
  const command = 'all of it: threescale-upgrade report --context sim1 --namespace c1';
  expect(of('the images of the …')).toContain(command);
  expect(of('--from-literal=domain=…')).not.toContain('all of it');
});

test('each wave has a bar, its counts and its state', () => {
  const text = shown({ entries: { 0: { state: 'upgraded' }, 1: { state: 'running' } } });
  expect(text).toContain(
    'canary  [██████████▷▷▷▷▷▷▷▷▷▷]       1/2  running for 1 h 00 min  1 upgraded, 1 running',
  );
  expect(text).toContain('rest    [░░░░░░░░░░░░░░░░░░░░]       0/8  waits, needs approval  8 pending');
});

test('a bar is as wide however the shares fall, and shows the smallest of them', () => {
  const counts = {
    ...zero(),
    upgraded: 994,
    held: 1,
    running: 1,
    pending: 1,
    skipped: 1,
    lost: 1,
    blocked: 1,
  };
  const bar = renderBar(counts, 1000, colors);
  expect([...bar]).toHaveLength(20);
  expect(bar).toMatch(/█+▓+▒+▷+░+/);
});

describe('what stops a fleet stands with who, why and the command to type', () => {
  const upgraded = { 0: { state: 'upgraded' }, 1: { state: 'upgraded' } } as const;
  test.each([
    [
      'a wave that awaits approval',
      { entries: upgraded },
      [
        'wave rest (8 tenants) awaits approval',
        'threescale-upgrade fleet approve prod --wave rest --why "…"',
      ],
    ],
    [
      'a pause that has not reached all',
      {
        entries: { 0: { state: 'running' } },
        state: { paused: { by: 'otto', why: 'lunch', since: '2026-11-25T11:58:00Z' } },
      },
      ['paused by otto', 'lunch; something under way has not stopped yet', 'fleet resume prod --why "…"'],
    ],
    [
      'a pause of the new only',
      {
        entries: { 0: { state: 'running' } },
        state: { paused: { by: 'otto', why: 'lunch', since: '2026-11-25T11:58:00Z', newOnly: true } },
      },
      ['nothing new starts, what is under way goes on'],
    ],
    [
      'a halt',
      {
        entries: { 0: { state: 'reverted', failure: { type: 'ImportFailed', message: 'registry down' } } },
        state: { halted: { sinceMs: NOW_MS, why: 'the fleet: 1 of 10 failed, and 0 may be' } },
      },
      [
        'halted since',
        '1 of 10 failed, and 0 may be',
        'fleet retry prod --all',
        'fleet set prod --failed 1',
        'fleet resume prod',
      ],
    ],
    [
      'an abort',
      {
        entries: { 0: { state: 'running' } },
        state: { ending: { by: 'olga', why: 'withdrawn', kind: 'revert', atMs: NOW_MS } },
      },
      ['aborted by olga: withdrawn; what is under way is undone where it can be'],
    ],
  ] as const satisfies readonly (readonly [string, StandOptions, readonly string[]])[])(
    '%s',
    (_, options, said) => {
      const text = shown(options);
      for (const line of said) expect(text).toContain(line);
    },
  );
});

describe('tenants that need somebody', () => {
  const failure = { type: 'RolloutFailed', message: 'dc/zync: crash loop' } as const;

  test('a held one stands with what it needs and the command for it', () => {
    const text = shown({ entries: { 0: { state: 'held', failure } } });
    expect(text).toContain('held (1)');
    expect(text).toContain('sim1/c1 for 3 min 00 s  dc/zync: crash loop');
    expect(text).toContain('threescale-upgrade fleet retry prod --tenant sim1/c1 --why "…"');
    expect(text).toContain('all choices: threescale-upgrade status --context sim1 --namespace c1');
  });

  test('of many, the first ten are named, and where to read of the others', () => {
    const large = fleetSpec({ waves: [{ name: 'all', tenants: many(30) }] }, { name: 'prod' });
    const entries = Object.fromEntries(
      many(24).map((_, place) => [place, { state: 'reverted', failure } as const]),
    );
    const text = show({ progress: standOf(large, { entries }) });
    expect(text).toContain('reverted (24)');
    expect(text.match(/crash loop/g)).toHaveLength(10);
    expect(text).toContain('and 14 more: threescale-upgrade fleet list prod --state reverted');
  });

  test('one that is tried again by itself says when', () => {
    const entries = { 0: { state: 'reverted', failure, notBeforeMs: NOW_MS + 60 * MINUTE_MS } } as const;
    expect(shown({ entries })).toContain('is tried again at 2026-11-25 13:00 UTC');
  });
});

test('tenants under way stand with their step and since when', () => {
  const progress = standOf(spec, {
    entries: { 0: { state: 'running' }, 1: { state: 'parked', notBeforeMs: NOW_MS + MINUTE_MS } },
  });
  const step: TenantProgress['steps'][number] = {
    id: 'x',
    title: 'Roll out dc/zync',
    guide: 'tool',
    status: 'running',
    attempts: 1,
    startedAt: new Date(NOW_MS - 20_000).toISOString(),
  };
  const upgrade = { state: 'switching', steps: [step] } as unknown as TenantProgress;
  const text = show({ progress, underWay: new Map([['sim1/c1', upgrade]]) });
  expect(text).toMatch(/▶ sim1\/c1 +3 min 00 s {2}switching: Roll out dc\/zync, 20 s/);
  expect(text).toMatch(/▶ sim1\/c2 .*waits for its window, which opens at 2026-11-25 12:01 UTC/);
});

test('a window that is waited for stands with its opening, and the end with what it hangs on', () => {
  const windows = { windows: [{ opens: '0 22 * * 6', durationMinutes: 240, zone: 'UTC' }], freezes: [] };
  const nightly = fleetSpec({ waves: [{ name: 'all', tenants: ['a'] }], windows }, { name: 'prod' });
  const opensAtMs = Date.parse('2026-11-28T22:00:00Z');
  const progress = standOf(nightly, { window: { status: 'closed', opensAtMs, because: 'window' } });
  const text = show({
    progress,
    windows: nightly.windows,
    end: { kind: 'at', ms: opensAtMs + 40 * MINUTE_MS, provided: ['wave rest is approved'] },
  });
  expect(text).toContain('1 tenant waits for the window that opens at 2026-11-28 22:00 UTC, in 3 d 10 h');
  expect(text).toContain('"0 22 * * 6" UTC for 240 min');
  expect(text).toContain('end: about 2026-11-28 22:40 UTC');
  expect(text).toContain("the file's estimate: none measured yet), if wave rest is approved");
});

test('a site that no worker serves stands with the command that brings one', () => {
  const text = show({ progress: standOf(spec), unserved: ['edge'] });
  expect(text).toContain('its tenants wait for: threescale-upgrade worker --site edge');
});

test('a fleet that has ended needs nothing more and names its report', () => {
  const small = fleetSpec({ waves: [{ name: 'all', tenants: ['a'] }] }, { name: 'prod' });
  const text = show({ progress: standOf(small, { entries: { 0: { state: 'upgraded' } } }) });
  expect(text).toContain('ended');
  expect(text).toContain('threescale-upgrade fleet report prod');
  expect(text).not.toContain('at once');
});

test('what a fleet that has ended would not hear is not offered', () => {
  const small = fleetSpec({ waves: [{ name: 'all', tenants: ['a'] }] }, { name: 'prod' });
  const failure = { type: 'objects-present', message: 'dc/zync is not there' } as const;
  const text = show({ progress: standOf(small, { entries: { 0: { state: 'blocked', failure } } }) });
  expect(text).toContain('fleet retry prod --tenant');
  expect(text).not.toContain('fleet skip');
});

describe('a screen', () => {
  const failure = { type: 'RolloutFailed', message: `dc/zync: ${'crash '.repeat(60)}` } as const;
  const large = fleetSpec(
    { waves: many(30, 'w').map((name) => ({ name, tenants: many(10, name) })) },
    { name: 'prod' },
  );
  const entries = Object.fromEntries(
    many(60).map((_, place) => [place, { state: place % 2 ? 'held' : 'running', failure } as const]),
  );
  const progress = standOf(large, { entries });

  test.each([
    [40, 120],
    [24, 80],
    [12, 40],
    [5, 20],
  ])('of %i by %i is never left', (rows, columns) => {
    const lines = show({ progress }, { rows, columns }).split('\n');
    expect(lines.length).toBeLessThanOrEqual(rows);
    for (const line of lines) expect([...stripVTControlCharacters(line)].length).toBeLessThanOrEqual(columns);
  });

  test('cuts the longest list first and says how much is left out', () => {
    const text = show({ progress }, { rows: 24, columns: 120 });
    expect(text).toMatch(/and \d+ more: threescale-upgrade fleet list prod --state held/);
    expect(text).toContain('under way (30)');
    expect(text).toMatch(/\(\d+ more waves come\)/);
  });

  test('shows short lists as they are', () => {
    expect(renderSections([{ head: ['a'], items: [['b'], ['c']] }], { rows: 3, columns: 10 })).toBe(
      'a\nb\nc',
    );
  });
});
