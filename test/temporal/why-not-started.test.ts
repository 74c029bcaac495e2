/** Why an embedded server does not start, as its log tells. */
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { endOf, whyNotStarted } from '../../src/temporal/why-not-started.ts';

const folder = mkdtempSync(join(tmpdir(), 'threescale-upgrade-log-'));
const log = join(folder, 'server.log');
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

test.each([
  ['Error: failed starting server: write temporal.db: no space left on device', 'the disk is full'],
  ['Error: sqlite: database or disk is full (13)', 'the disk is full'],
  [
    'listen tcp 127.0.0.1:8233: bind: address already in use',
    'a port that it needs is taken by something else',
  ],
  ['open temporal.db: permission denied', 'it may not write its files'],
  ['file is not a database (26)', 'its database is damaged'],
  ['time=now level=ERROR\nError: something nobody knows', 'Error: something nobody knows'],
  ['', undefined],
])('%j', (said, why) => {
  writeFileSync(log, 'Error: disk full, no space left on device, of an earlier server\n');
  const from = endOf(log);
  appendFileSync(log, said);
  expect(whyNotStarted(log, from)).toBe(why);
});

test('what its disk has left tells it where the log could not', () => {
  expect(whyNotStarted(log, endOf(log), 4_096)).toBe('the disk is full');
});

test('without a log nothing is known', () => {
  expect([endOf(join(folder, 'none')), whyNotStarted(join(folder, 'none'), 0)]).toEqual([0, undefined]);
});
