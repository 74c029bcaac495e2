import { expect, test } from '@jest/globals';
import picocolors from 'picocolors';
import { FleetLines } from '../../src/cli/fleet/render/lines.ts';
import { fleetExitCode, isOver } from '../../src/cli/fleet/follow.ts';
import type { FleetJournalEntry } from '../../src/domain/fleet/tenant/entry.ts';
import type { FleetTenantState } from '../../src/domain/fleet/tenant/states.ts';
import { tenantLines } from '../../src/domain/fleet/show/tenant-lines.ts';
import type { FleetSpec } from '../../src/domain/fleet/spec/spec.ts';
import { fleetSpec } from '../support/fleet-spec.ts';
import type { StandOptions } from '../support/fleet-stand.ts';
import { NOW_MS, standOf, stateOf } from '../support/fleet-stand.ts';

const colors = picocolors.createColors(false);
const named = (count: number): string[] => Array.from({ length: count }, (_, number) => `t${number + 1}`);
const small = fleetSpec(
  {
    waves: [
      { name: 'canary', tenants: ['a'] },
      { name: 'rest', tenants: ['b', 'c'] },
    ],
  },
  { name: 'prod' },
);
const large = fleetSpec({ waves: [{ name: 'all', tenants: named(1_000) }] }, { name: 'prod' });

/** Every tenant from `from` on in this state. */
const entries = (states: readonly FleetTenantState[]): NonNullable<StandOptions['entries']> =>
  Object.fromEntries(states.map((state, place) => [place, { state, sinceMs: NOW_MS }]));

function looksOf(spec: FleetSpec, oneByOne: boolean) {
  const lines = new FleetLines(colors);
  return (options: StandOptions, laterMs = 0): string[] =>
    lines
      .next(
        {
          progress: standOf(spec, options),
          ...(oneByOne ? { tenants: tenantLines(spec, stateOf(spec, options).entries) } : {}),
        },
        NOW_MS + laterMs,
      )
      .map((line) => line.slice('2026-11-25 12:00:00 UTC '.length));
}

test('each change is said once, tenant by tenant', () => {
  const look = looksOf(small, true);
  expect(look({ entries: entries(['running']) })).toContain('sim1/a (wave canary): running');
  expect(look({ entries: entries(['running']) })).toEqual([]);
  const ended = look({ entries: entries(['upgraded', 'running', 'running']) });
  expect(ended).toEqual(
    expect.arrayContaining(['sim1/a (wave canary): upgraded', 'sim1/b (wave rest): running']),
  );
});

test('a tenant that begins and ends between two looks is not missed', () => {
  const look = looksOf(small, true);
  look({});
  expect(look({ entries: entries(['upgraded', 'upgraded', 'reverted']) })).toEqual(
    expect.arrayContaining(['sim1/b (wave rest): upgraded', 'sim1/c (wave rest): reverted']),
  );
});

test('what happened before somebody began to look is not said again', () => {
  const journal: FleetJournalEntry[] = [
    { at: '2026-11-25T08:00:00.000Z', event: 'paused', actor: { by: 'otto', why: 'lunch' } },
    { at: '2026-11-25T11:59:30.000Z', event: 'wave-started', detail: 'rest' },
  ];
  const look = looksOf(small, true);
  expect(look({ state: { journal } }).filter((line) => !line.startsWith('fleet'))).toEqual([
    'wave started (rest)',
  ]);
  const later = [
    ...journal,
    { at: '2026-11-25T12:00:05.000Z', event: 'resumed', actor: { by: 'olga', why: 'fed' } } as const,
  ];
  expect(look({ state: { journal: later } })).toEqual(['resumed by olga: fed']);
});

test('of a large fleet, counters of each wave are said, now and then, and no tenant is lost in them', () => {
  const look = looksOf(large, false);
  look({ entries: entries(Array<FleetTenantState>(10).fill('running')) });
  const upgraded = (count: number) => ({ entries: entries(Array<FleetTenantState>(count).fill('upgraded')) });
  expect(look(upgraded(400), 1_000)).toEqual(['fleet prod: waiting (400 upgraded, 600 pending)']);
  expect(look(upgraded(500), 12_000)).toEqual(['wave all, 1000: 500 upgraded, 500 pending']);
  expect(look(upgraded(501), 13_000)).toEqual([]);
  expect(look(upgraded(1_000), 14_000)).toEqual(expect.arrayContaining(['wave all, 1000: 1000 upgraded']));
});

test('of many that fail at once a few are named', () => {
  const look = looksOf(large, false);
  look({});
  const lines = look({ entries: entries(Array<FleetTenantState>(50).fill('held')) }, 1_000);
  expect(lines.filter((line) => line.includes('): held'))).toHaveLength(10);
  expect(lines).toContain('and 40 more: threescale-upgrade fleet list prod');
});

test.each([
  [['upgraded', 'upgraded', 'upgraded'], 0],
  [['upgraded', 'blocked', 'upgraded'], 3],
  [['upgraded', 'blocked', 'reverted'], 5],
  [['upgraded', 'upgraded', 'skipped'], 5],
  [['upgraded', 'running', 'held'], 4],
  [['upgraded', 'upgraded', 'unreachable'], 4],
  [['upgraded', 'running', 'running'], 0],
] as const)('%j answers with exit code %i', (states, code) => {
  expect(fleetExitCode(standOf(small, { entries: entries(states) }))).toBe(code);
});

test('a watch ends where nothing goes on without somebody, and not at a pause', () => {
  const over = (options: StandOptions): boolean => isOver(standOf(small, options));
  const halted = { sinceMs: NOW_MS, why: 'too many' };
  expect(over({ entries: entries(['running']) })).toBe(false);
  expect(over({ entries: entries(['upgraded', 'held', 'upgraded']) })).toBe(true);
  expect(over({ entries: entries(['reverted', 'running']), state: { halted } })).toBe(false);
  expect(over({ entries: entries(['reverted']), state: { halted } })).toBe(true);
  expect(over({ state: { paused: { by: 'o', why: 'l', since: '2026-11-25T11:00:00Z' } } })).toBe(false);
});

test('lines stand in the order, and with the times, of what happened', () => {
  const lines = new FleetLines(colors);
  const options: StandOptions = {
    entries: {
      0: { state: 'upgraded', sinceMs: NOW_MS + 9_000 },
      1: { state: 'reverted', sinceMs: NOW_MS + 3_000 },
      2: { state: 'running', sinceMs: NOW_MS + 4_000 },
    },
    state: {
      journal: [{ at: new Date(NOW_MS + 5_000).toISOString(), event: 'wave-done', detail: 'canary' }],
    },
  };
  const look = {
    progress: standOf(small, options),
    tenants: tenantLines(small, stateOf(small, options).entries),
  };
  const said = lines.next(look, NOW_MS + 20_000).filter((line) => !line.includes('12:00:00'));
  expect(said.map((line) => line.slice(11, 50))).toEqual([
    '12:00:03 UTC sim1/b (wave rest): revert',
    '12:00:04 UTC sim1/c (wave rest): runnin',
    '12:00:05 UTC wave done (canary)',
    '12:00:09 UTC sim1/a (wave canary): upgr',
    expect.stringMatching(/^12:00:20 UTC fleet prod: /),
  ]);
});

test('while something is under way there is a line every 30 seconds', () => {
  const look = looksOf(small, true);
  const rolling = { entries: entries(['running', 'running']) };
  look(rolling);
  expect(look(rolling, 29_000)).toEqual([]);
  expect(look(rolling, 30_000)).toEqual(['under way: sim1/a: running; sim1/b: running']);
  expect(look(rolling, 59_000)).toEqual([]);
  expect(look(rolling, 60_000)).toHaveLength(1);
});

test('of what waits for somebody there is none', () => {
  const look = looksOf(small, true);
  const held = { entries: entries(['held', 'upgraded', 'upgraded']) };
  look(held);
  expect(look(held, 90_000)).toEqual([]);
});
