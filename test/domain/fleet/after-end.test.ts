import { describe, expect, test } from '@jest/globals';
import type { AfterEnd } from '../../../src/domain/fleet/tenant/after-end.ts';
import { retryAfterEnd, revertAfterEnd } from '../../../src/domain/fleet/tenant/after-end.ts';
import { nextMove } from '../../../src/domain/fleet/rules/admission.ts';
import { Ledger } from '../../../src/domain/fleet/ledger.ts';
import { advance, isOver } from '../../../src/domain/fleet/rules/progression.ts';
import type { FleetTenantState } from '../../../src/domain/fleet/tenant/states.ts';
import { fleetSpec } from '../../support/fleet-spec.ts';
import { NOW_MS, stateOf } from '../../support/fleet-stand.ts';

const STATES: readonly FleetTenantState[] = [
  'upgraded',
  'reverted',
  'blocked',
  'skipped',
  'lost',
  'held',
  'aborted',
  'rolled-back',
];
const spec = fleetSpec({ waves: [{ name: 'all', tenants: STATES }] }, { name: 'prod' });
const ended = stateOf(spec, {
  entries: Object.fromEntries(
    STATES.map((state, place) => [
      place,
      { state, runId: `run-${place}`, ...(state === 'lost' ? {} : { backupOf: `run-${place}` }) },
    ]),
  ),
  state: {
    waves: [{ startedMs: 1, doneMs: 2 }],
    ending: { by: 'olga', why: 'withdrawn', kind: 'finish', atMs: NOW_MS },
    halted: { sinceMs: 1, why: 'too many' },
  },
});
const who = { by: 'otto', why: 'again' };

/** What the new run does, in its order. */
function started(after: AfterEnd): string[] {
  if ('refusal' in after) return [after.refusal];
  const ledger = new Ledger(spec, after.state);
  advance(ledger, NOW_MS);
  expect(isOver(ledger, NOW_MS)).toBe(after.answer.done.length === 0);
  const names: string[] = [];
  for (let move = nextMove(ledger, NOW_MS); move; move = nextMove(ledger, NOW_MS)) {
    names.push(spec.tenants[move.index]?.namespace ?? '');
    const { takingBack } = ledger.counts.entry(move.index) ?? {};
    ledger.put(move.index, { state: takingBack ? 'rolled-back' : 'upgraded', sinceMs: NOW_MS, attempts: 2 });
  }
  return names;
}

describe('a retry of a fleet that has ended', () => {
  test('takes all that failed, and not what somebody wanted so', () => {
    const after = retryAfterEnd(spec, ended, { ...who, all: true }, NOW_MS);
    expect(started(after)).toEqual(['reverted', 'blocked', 'lost', 'held', 'aborted']);
  });

  test('takes a whole wave, also the skipped, and says of no one that it was not meant', () => {
    const after = retryAfterEnd(spec, ended, { ...who, wave: 'all' }, NOW_MS);
    expect(started(after)).toHaveLength(7);
    expect('answer' in after && after.answer.refused).toEqual([]);
  });

  test('says of one that is named why it cannot be', () => {
    const after = retryAfterEnd(spec, ended, { ...who, tenants: ['sim1/upgraded', 'sim1/skipped'] }, NOW_MS);
    expect('answer' in after && after.answer).toEqual({
      done: ['sim1/skipped'],
      refused: [{ tenant: 'sim1/upgraded', why: 'it is upgraded' }],
    });
  });

  test('forgets what ended it, and remembers who asked', () => {
    const after = retryAfterEnd(spec, ended, { ...who, all: true }, NOW_MS);
    const state = 'state' in after ? after.state : ended;
    expect([state.ending, state.halted]).toEqual([undefined, undefined]);
    expect(state.journal.at(-1)).toMatchObject({ event: 'retried', actor: who });
  });

  test('is refused where the tenant is none of its own', () => {
    expect(started(retryAfterEnd(spec, ended, { ...who, tenants: ['sim1/nobody'] }, NOW_MS))).toEqual([
      expect.stringContaining('has no tenant sim1/nobody'),
    ]);
  });
});

describe('a revert of a fleet that has ended', () => {
  test('brings back what was upgraded', () => {
    const after = revertAfterEnd(spec, ended, { ...who, all: true, confirm: 'prod' }, NOW_MS);
    expect(started(after)).toEqual(['upgraded']);
  });

  test('needs the name of the fleet', () => {
    expect(started(revertAfterEnd(spec, ended, { ...who, all: true }, NOW_MS))).toEqual([
      expect.stringContaining('--confirm prod'),
    ]);
  });

  test('says why one that was reverted has nothing to bring back', () => {
    const message = { ...who, tenants: ['sim1/reverted'], confirm: 'prod' };
    const after = revertAfterEnd(spec, ended, message, NOW_MS);
    expect('answer' in after && after.answer.refused).toHaveLength(1);
  });
});
