import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Lab } from '../support/lab.ts';
import { openLab } from '../support/lab.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await openLab();
});
afterAll(() => lab.close());

/**
 * A fleet's clusters bear what its tenants ask for: 32 writes of the path, and three of the claim, which is made, says that
 * the switch begins, and is taken off; and looks before each write at what it may overwrite. 67 reads were measured: whoever takes
 * longer than a lease sees claim and backup once more.
 */
test('one tenant asks its cluster for no more than it needs', async () => {
  await lab.simulator.install('sim1', 'tenant');
  await lab.cluster.settle();
  lab.cluster.audit.clear();
  expect((await lab.upgrade('tenant')).state).toBe('upgraded');
  const { reads, writes } = lab.cluster.audit.requests('tenant');
  expect(writes).toBe(35);
  expect(reads).toBeLessThanOrEqual(82);
});

test('a tenant that is upgraded already costs a look', async () => {
  await lab.simulator.install('sim1', 'again');
  await lab.upgrade('again');
  await lab.cluster.settle();
  lab.cluster.audit.clear();
  expect((await lab.upgrade('again')).state).toBe('upgraded');
  const { reads, writes } = lab.cluster.audit.requests('again');
  expect(writes).toBe(0);
  expect(reads).toBeLessThanOrEqual(20);
});
