import { Ledger } from '../../../src/domain/fleet/ledger.ts';
import { NOTHING_TOLD } from '../../../src/domain/fleet/tell/told.ts';
import { nextTroubleMs, troubles } from '../../../src/domain/fleet/tell/troubles.ts';
import { fleetSpec } from '../../support/fleet-spec.ts';
import { MINUTE_MS, NOW_MS, stateOf } from '../../support/fleet-stand.ts';

const spec = fleetSpec({ waves: [{ name: 'canary', tenants: ['a', 'b'] }] }, { name: 'prod' });

/** Where the first has been held for a minute, and the second is held at this very moment. */
const ledger = new Ledger(
  spec,
  stateOf(spec, {
    entries: {
      0: { state: 'held', sinceMs: NOW_MS - MINUTE_MS },
      1: { state: 'held', sinceMs: NOW_MS },
    },
  }),
);

test('what fails in the very moment in which others are told is collected for a minute, and told though nothing else happens', () => {
  const collecting = { ...NOTHING_TOLD, collectingMs: NOW_MS - MINUTE_MS };
  const first = troubles(ledger, collecting, { nowMs: NOW_MS });
  expect(first.occasions.map(({ facts }) => facts['names'])).toEqual(['sim1/a (held)']);
  const nextMs = nextTroubleMs(ledger, first.told, NOW_MS);
  expect(nextMs).toBe(NOW_MS + MINUTE_MS);
  const second = troubles(ledger, first.told, { nowMs: NOW_MS + MINUTE_MS });
  expect(second.occasions.map(({ facts }) => facts['names'])).toEqual(['sim1/b (held)']);
  expect(nextTroubleMs(ledger, second.told, NOW_MS + MINUTE_MS)).toBeUndefined();
});
