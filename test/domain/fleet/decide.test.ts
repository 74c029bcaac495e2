import { describe, expect, test } from '@jest/globals';
import { afterEvent } from '../../../src/domain/fleet/tenant/events.ts';
import type { TenantEvent } from '../../../src/domain/fleet/tenant/events.ts';
import type { Around } from '../../../src/domain/fleet/tenant/run-ends.ts';
import type { Decided, TenantOrder } from '../../../src/domain/fleet/tenant/decide.ts';
import { decide } from '../../../src/domain/fleet/tenant/decide.ts';
import type { TenantEntry } from '../../../src/domain/fleet/tenant/entry.ts';
import type { FleetTenantState } from '../../../src/domain/fleet/tenant/states.ts';
import { FLEET_TENANT_STATES } from '../../../src/domain/fleet/tenant/states.ts';
import { NOW_MS } from '../../support/fleet-stand.ts';

const OTTO = { by: 'otto', why: 'the shop is down' };
const SHOP = { cluster: 'api.sim1:6443', context: 'sim1', namespace: 'shop' };
const LIVE: readonly FleetTenantState[] = ['running', 'parked', 'asking', 'held', 'unreachable'];

const entryOf = (state: FleetTenantState): TenantEntry => ({
  ...{ state, sinceMs: 1, attempts: 1, runId: 'run-1' },
  ...(state === 'upgraded' ? { backupOf: 'run-1' } : {}),
});

function decided(state: FleetTenantState, order: TenantOrder, hasEnded = false): Decided {
  return decide(entryOf(state), order, { nowMs: NOW_MS, hasEnded, tenant: SHOP });
}

/** What is told, or the state that it is in after; `-` where it is refused. */
function inShort(outcome: Decided): string {
  if ('refused' in outcome) return '-';
  const { entry, tell } = outcome;
  return tell ?? `${entry?.state ?? ''}${entry?.takingBack ? ', to be taken back' : ''}`;
}

const RETRY: TenantOrder = { kind: 'retry', isNamed: true, newPlan: false };
const RETRY_ALL: TenantOrder = { ...RETRY, isNamed: false };
const SKIP: TenantOrder = { kind: 'skip' };
const REVERT: TenantOrder = { kind: 'revert', actor: OTTO };

describe('what an order does to a tenant', () => {
  const table = (order: TenantOrder, hasEnded: boolean) =>
    Object.fromEntries(FLEET_TENANT_STATES.map((state) => [state, inShort(decided(state, order, hasEnded))]));
  const nothing = Object.fromEntries(FLEET_TENANT_STATES.map((state) => [state, '-']));
  const failed = {
    ...{ reverted: 'pending', blocked: 'pending', aborted: 'pending', abandoned: 'pending', lost: 'pending' },
  };
  const leftOut = { skipped: 'pending', 'rolled-back': 'pending' };
  const nobodyRuns = { pending: 'pending', queued: 'pending', running: 'pending', parked: 'pending' };
  const notSettled = { ...nobodyRuns, asking: 'pending', held: 'pending', unreachable: 'pending' };

  test('a retry', () => {
    const stuck = { held: 'try-again', unreachable: 'try-again' };
    const all = { ...nothing, ...failed, ...stuck, queued: 'pending' };
    expect(table(RETRY_ALL, false)).toEqual(all);
    expect(table(RETRY, false)).toEqual({ ...all, ...leftOut });
  });

  test('a retry in a fleet that has ended, which tells nobody', () => {
    expect(table(RETRY_ALL, true)).toEqual({ ...nothing, ...failed, ...notSettled });
    expect(table(RETRY, true)).toEqual({ ...nothing, ...failed, ...notSettled, ...leftOut });
  });

  test('a skip', () => {
    const skipped = { pending: 'skipped', queued: 'skipped', reverted: 'skipped', blocked: 'skipped' };
    expect(table(SKIP, false)).toEqual({ ...nothing, ...skipped, lost: 'skipped' });
  });

  test('a revert', () => {
    const all = { ...nothing, pending: 'skipped', queued: 'skipped', upgraded: 'upgraded, to be taken back' };
    expect(table(REVERT, false)).toEqual({
      ...{ ...all, running: 'undo', parked: 'undo', asking: 'undo' },
      ...{ held: 'go-back', unreachable: 'go-back' },
    });
    expect(table(REVERT, true)).toEqual(all);
  });

  test('a revert in a fleet that has ended says of one that is half way how to take it back', () => {
    for (const state of ['held', 'unreachable'] as const) {
      expect(decided(state, REVERT, true)).toEqual({
        refused: `it is ${state}, half way, and the fleet has ended: say it to its own upgrade, with: threescale-upgrade revert --context sim1 --namespace shop --why "…"`,
      });
    }
  });
});

describe('what happens to a tenant', () => {
  const around: Around = {
    ...{ nowMs: NOW_MS, isEnding: false, autoRetries: 0, retryAfterMs: 1 },
    laterMs: (otherwiseMs) => NOW_MS + otherwiseMs,
  };
  const runId = 'run-1';
  const ended = { kind: 'ended', state: 'upgraded', backedUp: true } as const;
  const failure = { type: 'ImportFailed', message: 'no' } as const;
  const SAID: readonly TenantEvent[] = [
    { kind: 'was-reset', runId, currentRunId: 'run-1b' },
    { kind: 'lost', runId, why: 'terminated' },
    { kind: 'reported', runId, report: { kind: 'parked', opensAtMs: NOW_MS } },
    { kind: 'reported', runId, report: { kind: 'held', failure } },
    { kind: 'reported', runId, report: { kind: 'unreachable', failure } },
    { kind: 'reported', runId, report: { kind: 'asking', reverting: false, ask: 1 } },
    { kind: 'reported', runId, report: { kind: 'stopped' } },
    { kind: 'reported', runId, report: { kind: 'going' } },
    { kind: 'reported', runId, report: ended },
  ];

  test('what is said of a run counts while it is live, and then only', () => {
    for (const state of FLEET_TENANT_STATES) {
      const entry = entryOf(state);
      for (const event of SAID) {
        const isNews = afterEvent(entry, event, around) !== entry;
        expect({ state, event, isNews }).toEqual({ state, event, isNews: LIVE.includes(state) });
      }
    }
  });

  test('what an older run says is of the past, in every state', () => {
    for (const state of FLEET_TENANT_STATES) {
      const entry = entryOf(state);
      for (const event of SAID)
        expect(afterEvent(entry, { ...event, runId: 'run-0' } as TenantEvent, around)).toBe(entry);
    }
  });

  test('nothing happens to one that was never started, but that it is', () => {
    for (const event of SAID) expect(afterEvent(null, event, around)).toBeNull();
    expect(afterEvent(null, { kind: 'started' }, around)).toMatchObject({ state: 'running', attempts: 1 });
    expect(afterEvent(null, { kind: 'found-under-way', runId }, around)).toMatchObject({ runId });
  });
});
