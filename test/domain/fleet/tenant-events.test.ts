import { nextMove, windowsToAsk } from '../../../src/domain/fleet/rules/admission.ts';
import { Ledger } from '../../../src/domain/fleet/ledger.ts';
import { end, halt, pause, resume } from '../../../src/domain/fleet/rules/orders.ts';
import { retry, revert, takeBack } from '../../support/fleet-happens.ts';
import { advance } from '../../../src/domain/fleet/rules/progression.ts';
import {
  admitted,
  lost,
  notYetClosed,
  refused,
  reported,
  runStarted,
  started,
  wasReset,
} from '../../support/fleet-happens.ts';
import { eventSeen } from '../../../src/domain/fleet/tenant/seen.ts';
import type { UpgradeSeen } from '../../../src/domain/fleet/tenant/seen.ts';
import { happens } from '../../../src/domain/fleet/tenant/happens.ts';
import { tenantLines } from '../../../src/domain/fleet/show/tenant-lines.ts';
import type { WindowPolicy } from '../../../src/domain/windows/policy.ts';
import { fleetSpec } from '../../support/fleet-spec.ts';
import { NOW_MS, stateOf } from '../../support/fleet-stand.ts';

const OTTO = { by: 'otto', why: 'the shop is down' };
const AT_NIGHT: WindowPolicy = {
  windows: [{ opens: '0 22 * * *', durationMinutes: 240, zone: 'Europe/Berlin' }],
  freezes: [],
};

function noteSeen(fleet: Ledger, index: number, seen: UpgradeSeen): void {
  const event = eventSeen(seen, fleet.counts.entry(index)?.runId);
  if (event) happens(fleet, index, event, NOW_MS);
}

/** Two tenants; the first was upgraded by run-1, whose backup is there. */
function ledger(windows?: WindowPolicy): Ledger {
  const spec = fleetSpec(
    { waves: [{ tenants: ['a', 'b'] }], ...(windows ? { windows } : {}) },
    { name: 'prod' },
  );
  const made = new Ledger(spec, stateOf(spec, {}));
  advance(made, NOW_MS);
  started(made, 0, NOW_MS);
  runStarted(made, 0, 'run-1');
  reported(made, 0, 'run-1', { kind: 'ended', state: 'upgraded', backedUp: true }, NOW_MS);
  return made;
}

test('a taking back that is lost keeps the backup’s name, and can be done again', () => {
  const fleet = ledger();
  takeBack(fleet, 0, OTTO, NOW_MS);
  started(fleet, 0, NOW_MS);
  runStarted(fleet, 0, 'run-2');
  lost(fleet, 0, 'run-2', 'terminated', NOW_MS);
  expect(fleet.counts.entry(0)).toMatchObject({ state: 'lost', backupOf: 'run-1', runId: 'run-2' });
  expect(revert(fleet, 0, OTTO, NOW_MS)).toBeUndefined();
  takeBack(fleet, 0, OTTO, NOW_MS);
  started(fleet, 0, NOW_MS);
  expect(fleet.counts.entry(0)).toMatchObject({ takingBack: OTTO, backupOf: 'run-1' });
  runStarted(fleet, 0, 'run-3');
  reported(fleet, 0, 'run-3', { kind: 'ended', state: 'blocked', backedUp: false }, NOW_MS);
  // Without a backup nobody knows more than before.
  expect(fleet.counts.state(0)).toBe('lost');
});

describe('one that was lost half way', () => {
  const half = (): Ledger => {
    const fleet = ledger();
    started(fleet, 1, NOW_MS);
    runStarted(fleet, 1, 'run-9');
    lost(fleet, 1, 'run-9', 'terminated', NOW_MS);
    return fleet;
  };

  test('has its backup where its run would have made it, and can be taken back', () => {
    expect(half().counts.entry(1)).toMatchObject({ state: 'lost', backupOf: 'run-9' });
    expect(revert(half(), 1, OTTO, NOW_MS)).toBeUndefined();
  });

  test('is tried again with that backup, which a further failure keeps', () => {
    const fleet = half();
    retry(fleet, 1, NOW_MS);
    started(fleet, 1, NOW_MS);
    expect(fleet.counts.entry(1)?.backupOf).toBe('run-9');
    runStarted(fleet, 1, 'run-10');
    reported(fleet, 1, 'run-10', { kind: 'ended', state: 'blocked', backedUp: false }, NOW_MS);
    expect(fleet.counts.entry(1)).toMatchObject({ state: 'blocked', backupOf: 'run-9' });
    retry(fleet, 1, NOW_MS);
    started(fleet, 1, NOW_MS);
    runStarted(fleet, 1, 'run-11');
    reported(fleet, 1, 'run-11', { kind: 'ended', state: 'upgraded', backedUp: true }, NOW_MS);
    expect(fleet.counts.entry(1)).toMatchObject({ state: 'upgraded', backupOf: 'run-9' });
  });

  test('is lost still where it could not be taken back, also after it was held on its way', () => {
    const fleet = half();
    takeBack(fleet, 1, OTTO, NOW_MS);
    started(fleet, 1, NOW_MS);
    runStarted(fleet, 1, 'run-10');
    const failure = { type: 'Forbidden', message: 'not allowed' } as const;
    reported(fleet, 1, 'run-10', { kind: 'held', failure }, NOW_MS);
    reported(fleet, 1, 'run-10', { kind: 'ended', state: 'blocked', backedUp: false }, NOW_MS);
    expect(fleet.counts.entry(1)).toMatchObject({ state: 'lost', backupOf: 'run-9' });
  });

  test('stays lost where the fleet is aborted before it could be tried again', () => {
    const fleet = half();
    retry(fleet, 1, NOW_MS);
    end(fleet, 'finish', OTTO, NOW_MS);
    expect(fleet.counts.entry(1)).toMatchObject({
      state: 'lost',
      backupOf: 'run-9',
      failure: { type: 'Lost' },
    });
  });

  test('stays lost where its retry meets somebody else’s upgrade and the fleet is aborted meanwhile', () => {
    const fleet = half();
    retry(fleet, 1, NOW_MS);
    started(fleet, 1, NOW_MS);
    end(fleet, 'finish', OTTO, NOW_MS);
    refused(fleet, 1, NOW_MS);
    expect(fleet.counts.entry(1)).toMatchObject({ state: 'lost', backupOf: 'run-9' });
  });

  test('on its way back, is taken back by a retry, and not upgraded', () => {
    const fleet = ledger();
    takeBack(fleet, 0, OTTO, NOW_MS);
    started(fleet, 0, NOW_MS);
    runStarted(fleet, 0, 'run-2');
    lost(fleet, 0, 'run-2', 'terminated', NOW_MS);
    retry(fleet, 0, NOW_MS);
    started(fleet, 0, NOW_MS);
    expect(fleet.counts.entry(0)).toMatchObject({ takingBack: OTTO, backupOf: 'run-1' });
  });
});

test('one that was under way when it was wanted back is taken back where it ends upgraded all the same', () => {
  const fleet = ledger();
  started(fleet, 1, NOW_MS);
  runStarted(fleet, 1, 'run-9');
  revert(fleet, 1, OTTO, NOW_MS);
  reported(fleet, 1, 'run-9', { kind: 'ended', state: 'upgraded', backedUp: true }, NOW_MS);
  expect(fleet.counts.entry(1)).toMatchObject({ takingBack: OTTO, backupOf: 'run-9' });
  expect(nextMove(fleet, NOW_MS)).toEqual({ kind: 'start', index: 1 });
});

test('one that was wanted back comes again neither by itself, nor in its next window, nor once somebody else is done', () => {
  const fleet = ledger();
  started(fleet, 1, NOW_MS);
  revert(fleet, 1, OTTO, NOW_MS);
  refused(fleet, 1, NOW_MS);
  expect(fleet.counts.entry(1)).toMatchObject({ state: 'skipped' });
  retry(fleet, 1, NOW_MS);
  started(fleet, 1, NOW_MS);
  runStarted(fleet, 1, 'run-9');
  revert(fleet, 1, OTTO, NOW_MS);
  const report = { kind: 'ended', state: 'reverted', backedUp: false, windowClosed: true } as const;
  reported(fleet, 1, 'run-9', report, NOW_MS);
  expect(fleet.counts.entry(1)?.state).toBe('reverted');
  expect(nextMove(fleet, NOW_MS)).toBeUndefined();
});

test('another run in the place of the one that the fleet knows: that one is lost, and its slot is free', () => {
  const fleet = ledger();
  started(fleet, 1, NOW_MS);
  runStarted(fleet, 1, 'run-9');
  noteSeen(fleet, 1, { workflowId: 'upgrade/b', runId: 'run-9', status: 'running' });
  expect(fleet.counts.state(1)).toBe('running');
  noteSeen(fleet, 1, { workflowId: 'upgrade/b', runId: 'by-hand', status: 'running' });
  expect(fleet.counts.entry(1)).toMatchObject({ state: 'lost', failure: { type: 'Lost' } });
  expect(fleet.counts.ofFleet.running).toBe(0);
});

test('a taking back that was aborted before anything was undone leaves all as it was', () => {
  const fleet = ledger();
  takeBack(fleet, 0, OTTO, NOW_MS);
  started(fleet, 0, NOW_MS);
  runStarted(fleet, 0, 'run-2');
  const report = { kind: 'ended', state: 'aborted', backedUp: false, untouched: true } as const;
  reported(fleet, 0, 'run-2', report, NOW_MS);
  expect(fleet.counts.entry(0)).toMatchObject({ state: 'upgraded', backupOf: 'run-1' });
});

test('a resume ends the pause only: what halted meanwhile is halted still, and starts nothing', () => {
  const fleet = ledger();
  pause(fleet, OTTO, false, NOW_MS);
  halt(fleet, 'wave-1 is taken back', NOW_MS, OTTO);
  takeBack(fleet, 0, OTTO, NOW_MS);
  expect(nextMove(fleet, NOW_MS)).toBeUndefined();
  resume(fleet, OTTO, NOW_MS);
  expect(nextMove(fleet, NOW_MS)).toEqual({ kind: 'start', index: 0 });
  started(fleet, 0, NOW_MS);
  expect(nextMove(fleet, NOW_MS)).toBeUndefined();
  resume(fleet, OTTO, NOW_MS);
  expect(nextMove(fleet, NOW_MS)).toEqual({ kind: 'start', index: 1 });
});

test('a second pause waits for all to stop anew', () => {
  const fleet = ledger();
  started(fleet, 1, NOW_MS);
  runStarted(fleet, 1, 'run-9');
  for (const isFirst of [true, false]) {
    pause(fleet, OTTO, false, NOW_MS);
    advance(fleet, NOW_MS);
    expect(fleet.head.stoppedAt).toBeUndefined();
    reported(fleet, 1, 'run-9', { kind: 'stopped' }, NOW_MS);
    advance(fleet, NOW_MS);
    expect(fleet.head.stoppedAt).toBeDefined();
    if (isFirst) resume(fleet, OTTO, NOW_MS);
  }
});

test('its own run that is closing is waited for by seconds, somebody else’s by minutes', () => {
  const fleet = ledger();
  const waits = (): number => (fleet.counts.entry(0)?.notBeforeMs ?? 0) - NOW_MS;
  takeBack(fleet, 0, OTTO, NOW_MS);
  started(fleet, 0, NOW_MS);
  notYetClosed(fleet, 0, NOW_MS);
  expect([fleet.counts.state(0), waits()]).toEqual(['queued', 5_000]);
  expect(fleet.counts.entry(0)).toMatchObject({ takingBack: OTTO, backupOf: 'run-1' });
  started(fleet, 1, NOW_MS);
  refused(fleet, 1, NOW_MS);
  expect((fleet.counts.entry(1)?.notBeforeMs ?? 0) - NOW_MS).toBe(60_000);
});

test('what an operator wants started stays wanted when somebody stands in its way, also while the fleet halts', () => {
  const fleet = ledger();
  started(fleet, 1, NOW_MS);
  runStarted(fleet, 1, 'run-9');
  reported(fleet, 1, 'run-9', { kind: 'ended', state: 'reverted', backedUp: false }, NOW_MS);
  retry(fleet, 1, NOW_MS);
  started(fleet, 1, NOW_MS);
  notYetClosed(fleet, 1, NOW_MS);
  expect(fleet.counts.entry(1)).toMatchObject({ state: 'queued', urgent: true });
});

test('a fleet that halts asks no clock, but for what an operator wants started', () => {
  const fleet = ledger(AT_NIGHT);
  expect(windowsToAsk(fleet, NOW_MS)).toEqual([0]);
  halt(fleet, 'too many failed', NOW_MS);
  expect(windowsToAsk(fleet, NOW_MS)).toEqual([]);
  retry(fleet, 1, NOW_MS);
  expect(windowsToAsk(fleet, NOW_MS)).toEqual([0]);
});

test('two contexts of one API server share its limit', () => {
  const spec = fleetSpec(
    {
      waves: [{ tenants: ['a', 'b'] }],
      clusters: 2,
      sameServer: true,
      clusterOf: (name) => (name === 'a' ? 0 : 1),
    },
    { name: 'prod' },
  );
  const fleet = new Ledger(spec, stateOf(spec, {}));
  started(fleet, 0, NOW_MS);
  expect([fleet.counts.inFlightOn(0), fleet.counts.inFlightOn(1)]).toEqual([1, 1]);
});

test('the lines of a fleet name each tenant’s wave, also past an empty one', () => {
  const spec = fleetSpec(
    { waves: [{ tenants: ['a', 'b'] }, { tenants: [] }, { tenants: ['c'] }] },
    { name: 'prod' },
  );
  const waves = tenantLines(spec, [null, null, null]).map(({ wave }) => wave);
  expect(waves).toEqual(['wave-1', 'wave-1', 'wave-3']);
});

test('one that was wanted back while it was under way is taken back once its run is lost', () => {
  const fleet = ledger();
  started(fleet, 1, NOW_MS);
  runStarted(fleet, 1, 'run-9');
  revert(fleet, 1, OTTO, NOW_MS);
  lost(fleet, 1, 'run-9', 'terminated', NOW_MS);
  expect(fleet.counts.entry(1)).toMatchObject({ state: 'lost', takingBack: { ...OTTO, from: 'lost' } });
  expect(nextMove(fleet, NOW_MS)).toEqual({ kind: 'start', index: 1 });
});

test('an ask for a slot that crosses the word that it has one changes nothing', () => {
  const fleet = ledger();
  started(fleet, 1, NOW_MS);
  runStarted(fleet, 1, 'run-9');
  const ask = (number: number): void => {
    reported(fleet, 1, 'run-9', { kind: 'asking', reverting: false, ask: number }, NOW_MS);
  };
  ask(1);
  admitted(fleet, 1, NOW_MS);
  ask(1);
  expect(fleet.counts.state(1)).toBe('running');
  ask(2);
  expect(fleet.counts.state(1)).toBe('asking');
});

test('in a pause, who is stopped goes on for nothing; who undoes what it did does', () => {
  const fleet = ledger();
  started(fleet, 1, NOW_MS);
  runStarted(fleet, 1, 'run-9');
  reported(fleet, 1, 'run-9', { kind: 'held', failure: { type: 'ImportFailed', message: 'no' } }, NOW_MS);
  pause(fleet, OTTO, false, NOW_MS);
  reported(fleet, 1, 'run-9', { kind: 'stopped' }, NOW_MS);
  reported(fleet, 1, 'run-9', { kind: 'asking', reverting: true, ask: 1 }, NOW_MS);
  expect(nextMove(fleet, NOW_MS)).toBeUndefined();
  reported(fleet, 1, 'run-9', { kind: 'going' }, NOW_MS);
  expect(nextMove(fleet, NOW_MS)).toEqual({ kind: 'admit', index: 1 });
});

test('the third window that closes over what is only staged is a failure', () => {
  const fleet = ledger(AT_NIGHT);
  const closed = { kind: 'ended', state: 'reverted', windowClosed: true, backedUp: false } as const;
  for (const [tries, state] of ['pending', 'pending', 'reverted'].entries()) {
    started(fleet, 1, NOW_MS);
    runStarted(fleet, 1, `run-${tries + 9}`);
    reported(fleet, 1, `run-${tries + 9}`, closed, NOW_MS);
    expect(fleet.counts.state(1)).toBe(state);
  }
  const { failure, notBeforeMs } = fleet.counts.entry(1) ?? {};
  expect([failure?.type, notBeforeMs]).toEqual(['WindowTooShort', undefined]);
});

test('how long somebody else’s upgrade is waited for is remembered over a new run of the fleet', () => {
  let fleet = ledger();
  const waits: number[] = [];
  for (let tries = 0; tries < 4; tries += 1) {
    started(fleet, 1, NOW_MS);
    refused(fleet, 1, NOW_MS);
    waits.push((fleet.counts.entry(1)?.notBeforeMs ?? 0) - NOW_MS);
    fleet = new Ledger(fleet.spec, fleet.state);
  }
  expect(waits).toEqual([60_000, 120_000, 240_000, 480_000]);
});

test('a failed one that would be tried again by itself can be left as it is', () => {
  const spec = fleetSpec({ waves: [{ tenants: ['a'] }], autoRetries: 1 }, { name: 'prod' });
  const fleet = new Ledger(spec, stateOf(spec, {}));
  advance(fleet, NOW_MS);
  started(fleet, 0, NOW_MS);
  runStarted(fleet, 0, 'run-1');
  reported(fleet, 0, 'run-1', { kind: 'ended', state: 'reverted', backedUp: false }, NOW_MS);
  expect(fleet.again.has(0)).toBe(true);
  const refusals = [revert(fleet, 0, OTTO, NOW_MS), revert(fleet, 0, OTTO, NOW_MS)];
  expect(refusals).toEqual([undefined, 'it is reverted: this fleet has nothing to take back']);
  expect(fleet.again.has(0)).toBe(false);
});

test('one that was reset counts its asks for a slot anew: the same number is heard again', () => {
  const made = ledger();
  started(made, 1, NOW_MS);
  runStarted(made, 1, 'run-2');
  const asks = { kind: 'asking', reverting: false, ask: 1 } as const;
  reported(made, 1, 'run-2', asks, NOW_MS);
  admitted(made, 1, NOW_MS);
  expect(wasReset(made, 1, 'run-2', 'reset-1')).toBe(true);
  expect(wasReset(made, 1, 'run-2', 'reset-1')).toBe(false);
  reported(made, 1, 'run-2', asks, NOW_MS);
  expect(made.counts.entry(1)).toMatchObject({ state: 'asking', runId: 'run-2', currentRunId: 'reset-1' });
});
