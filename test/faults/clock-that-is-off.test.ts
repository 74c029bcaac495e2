/** Leave to cross ends by Temporal's clock, which is asked for it: a worker's own may be hours off. */
import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import { FenceUntil } from '../../src/procedure/claim/fence.ts';
import type { Lab } from '../support/lab.ts';
import { openLab, settled } from '../support/lab.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await openLab();
});
afterAll(() => lab.close());
afterEach(() => {
  jest.restoreAllMocks();
});

const HOUR_MS = 3_600_000;

test('a worker whose clock is an hour ahead crosses while there is leave', async () => {
  await lab.simulator.install('sim1', 'ahead');
  const real = Date.now.bind(Date);
  jest.spyOn(Date, 'now').mockImplementation(() => real() + HOUR_MS);
  const passed = jest.spyOn(FenceUntil.prototype, 'pass');
  const handle = await lab.start('ahead', { onFailure: 'hold' });
  const { state, held } = await settled(handle);
  expect({ state, failure: held?.failure.type }).toEqual({ state: 'upgraded', failure: undefined });
  expect(passed).toHaveBeenCalled();
});
