import { expect, test } from '@jest/globals';
import { fleetSpec } from '../../support/fleet-spec.ts';
import { MINUTE_MS, NOW_MS, standOf } from '../../support/fleet-stand.ts';

const spec = fleetSpec(
  { waves: [{ tenants: ['one'] }, { tenants: ['two'], approval: 'required' }] },
  { name: 'prod' },
);
const waves = [{ startedMs: NOW_MS - 60 * MINUTE_MS, doneMs: NOW_MS }, {}];

test('a wave awaits approval where somebody in it is to be started', () => {
  const stand = standOf(spec, { entries: { 0: { state: 'upgraded' } }, state: { waves } });
  expect(stand.phase).toBe('awaiting-approval');
  expect(stand.waves[1]?.state).toBe('awaiting-approval');
});

test('a wave of a fleet that has ended awaits nothing any more', () => {
  const entries = { 0: { state: 'upgraded' }, 1: { state: 'skipped' } } as const;
  const stand = standOf(spec, { entries, state: { waves } });
  expect(stand.phase).toBe('ended');
  expect(stand.waves[1]?.state).toBe('waiting');
});
