import { expect, test } from '@jest/globals';
import type { NeedsMe } from '../../src/desk/contract.ts';
import type { Source } from '../../src/desk/source/source.ts';
import { needsView } from '../../src/desk/views/needs-me.ts';
import { waitsForSomebody } from '../../src/domain/fleet/show/waits-for-somebody.ts';
import { fleetSpec } from '../support/fleet-spec.ts';
import type { StandOptions } from '../support/fleet-stand.ts';
import { MINUTE_MS, NOW_MS, standOf } from '../support/fleet-stand.ts';

const spec = fleetSpec(
  {
    waves: [
      { tenants: ['one'], soakMinutes: 30 },
      { tenants: [], soakMinutes: 90 },
      { tenants: ['two'], approval: 'required' },
    ],
  },
  { name: 'prod' },
);
const doneMs = NOW_MS - 60 * MINUTE_MS;
const done = { startedMs: doneMs - MINUTE_MS, doneMs };
const waves = [done, done, {}];
const by = { by: 'olga', why: 'a look' };

async function needs(state: NonNullable<StandOptions['state']>): Promise<NeedsMe['needs']> {
  const progress = standOf(spec, { entries: { 0: { state: 'upgraded' } }, state });
  const source = {
    fleetNames: () => Promise.resolve(['prod']),
    fleet: () => ({ seen: () => Promise.resolve({ found: {}, progress }) }),
    singles: () => Promise.resolve([]),
  };
  const { needs: found } = await needsView(source as unknown as Source);
  const approvals = waitsForSomebody(progress).filter(({ reason }) => reason === 'approval');
  expect(found.filter(({ kind }) => kind === 'approval').map(({ since }) => Date.parse(since))).toEqual(
    approvals.map(({ sinceMs }) => sinceMs),
  );
  return found;
}

test('an approval is asked for since it can be given, as metrics say it', async () => {
  const [approval, ...more] = await needs({ waves });
  expect(approval).toMatchObject({ kind: 'approval', wave: 'wave-3' });
  expect(approval?.since).toBe(new Date(doneMs + 30 * MINUTE_MS).toISOString());
  expect(more).toEqual([]);
});

test.each([
  ['paused', { paused: { ...by, since: new Date(NOW_MS).toISOString() } }],
  ['halted', { halted: { sinceMs: NOW_MS, why: 'the failure budget' } }],
])('while the fleet is %s no approval is asked for: nothing would begin by it', async (kind, state) => {
  expect((await needs({ waves, ...state })).map((need) => need.kind)).toEqual([kind]);
});
