/** An upgrade in plain lines, as a pipe gets them. */
import { afterEach, expect, test } from '@jest/globals';
import picocolors from 'picocolors';
import { TenantLog } from '../../src/cli/tenant/render/tenant-log.ts';
import { showTimesIn } from '../../src/cli/render/shown-zone.ts';
import type { TenantProgress } from '../../src/domain/tenant/progress.ts';
import { after, afterMs, stepProgress, tenantProgress } from '../support/tenant-progress.ts';

const colors = picocolors.createColors(false);
afterEach(() => {
  showTimesIn('local');
});

const logOf = () => {
  const log = new TenantLog(colors);
  return (
    progress: TenantProgress,
    seconds: number,
    pending: Parameters<TenantLog['next']>[0]['pending'] = [],
    still?: string,
  ) => log.next({ progress, pending, still }, afterMs(seconds));
};

const done = (id: string, from: number, to: number) =>
  stepProgress(id, { status: 'done', attempts: 1, startedAt: after(from), endedAt: after(to) });

test('states and steps stand in the order and with the times in which they happened, however late they are seen', () => {
  const progress = tenantProgress({
    state: 'verifying',
    steps: [done('a', 1, 4), done('b', 1, 3)],
    states: [
      { state: 'waiting', at: after(0) },
      { state: 'switching', at: after(1) },
      { state: 'verifying', at: after(5) },
    ],
    journal: [
      { at: after(0), event: 'started' },
      { at: after(2), event: 'point-of-no-return', detail: 'Roll out dc/a' },
    ],
  });
  expect(logOf()(progress, 900)).toEqual([
    '2026-11-27 00:00:00 UTC waiting',
    '2026-11-27 00:00:01 UTC switching',
    '2026-11-27 00:00:02 UTC point of no return (Roll out dc/a)',
    '2026-11-27 00:00:03 UTC ✓        2.0 s  Roll out dc/b',
    '2026-11-27 00:00:04 UTC ✓        3.0 s  Roll out dc/a',
    '2026-11-27 00:00:05 UTC verifying',
  ]);
});

test('each thing is said once, and a step again once it is undone', () => {
  const look = logOf();
  const forth = tenantProgress({ steps: [done('a', 1, 4)] });
  expect(look(forth, 5)).toHaveLength(3);
  expect(look(forth, 6)).toEqual([]);
  const undo = { startedAt: after(7), endedAt: after(7.5), attempts: 1, note: 'paused again' };
  const back = tenantProgress({ steps: [{ ...done('a', 1, 4), status: 'reverted', undo }] });
  expect(look(back, 9)).toEqual(['2026-11-27 00:00:07 UTC ↩        0.5 s  Roll out dc/a — paused again']);
});

test('while something rolls there is a line every 30 seconds: what, how far, since when', () => {
  const look = logOf();
  const rolling = tenantProgress({
    steps: [
      stepProgress('zync', { status: 'running', startedAt: after(1) }),
      stepProgress('system-app', { status: 'running', startedAt: after(5) }),
    ],
  });
  const pending = [{ activity: 'rollOut', attempt: 1, pods: { name: 'zync', ready: 1, wanted: 3 } }];
  expect(look(rolling, 6, pending)).toHaveLength(2);
  expect(look(rolling, 35.9, pending)).toEqual([]);
  expect(look(rolling, 36, pending)).toEqual([
    '2026-11-27 00:00:36 UTC under way: Roll out dc/zync (1 of 3 pods ready, for 35 s); Roll out dc/system-app (for 31 s)',
  ]);
  expect(look(rolling, 60, pending)).toEqual([]);
  expect(look(rolling, 66, pending)).toHaveLength(1);
});

test('a check that takes long gives a sign of life, and what waits for somebody none', () => {
  const look = logOf();
  const checking = { state: 'checking' as const, states: [{ state: 'checking' as const, at: after(0) }] };
  look(tenantProgress(checking), 0);
  expect(look(tenantProgress(checking), 31)).toEqual([
    '2026-11-27 00:00:31 UTC under way: checking for 31 s',
  ]);
  const held = {
    state: 'held' as const,
    states: [...checking.states, { state: 'held' as const, at: after(32) }],
  };
  expect(look(tenantProgress(held), 33)).toHaveLength(1);
  expect(look(tenantProgress(held), 99)).toEqual([]);
});

test('times are the user’s own, with their zone', () => {
  showTimesIn('America/New_York');
  expect(logOf()(tenantProgress({ steps: [] }), 2)).toEqual([
    '2026-11-26 19:00:00 -05:00 waiting',
    '2026-11-26 19:00:01 -05:00 switching',
  ]);
});

test('a worker of an earlier release, which tells no states, is understood', () => {
  const { states: _states, ...earlier } = tenantProgress();
  const look = logOf();
  expect(look(earlier, 3)).toEqual(['2026-11-27 00:00:03 UTC switching']);
  expect(look(earlier, 4)).toEqual([]);
});

test('what stands still is not under way, and says so until a worker answers', () => {
  const look = logOf();
  const rolling = tenantProgress({
    steps: [stepProgress('zync', { status: 'running', startedAt: after(1) })],
  });
  const still = 'No worker runs, so that it stands still: this is where it stood last.\nLet it go on with: …';
  const said = 'No worker runs, so that it stands still: this is where it stood last. Let it go on with: …';
  expect(look(rolling, 2, [], still).at(-1)).toBe(`2026-11-27 00:00:02 UTC ${said}`);
  expect(look(rolling, 31, [], still)).toEqual([]);
  expect(look(rolling, 32, [], still)).toEqual([`2026-11-27 00:00:32 UTC ${said}`]);
  expect(look(rolling, 40)).toEqual(['2026-11-27 00:00:40 UTC a worker answers again']);
  expect(look(rolling, 70).at(-1)).toContain('under way: Roll out dc/zync');
});

test('an attempt that failed has the time at which it did, however late it is seen', () => {
  const pending = [{ activity: 'rollOut', attempt: 2, message: 'it crashed', at: after(31) }];
  const log = logOf();
  log(tenantProgress({}), 0);
  expect(log(tenantProgress({}), 900, pending)).toEqual([
    '2026-11-27 00:00:31 UTC rollOut, attempt 2: it crashed',
  ]);
});

test('when a window opens is said in the zone of who looks, also where the workflow has written it', () => {
  showTimesIn('Europe/Berlin');
  const progress = tenantProgress({
    state: 'staged',
    states: [{ state: 'staged', at: after(0) }],
    journal: [{ at: after(1), event: 'window-closed', detail: 'frozen, opens at 2026-11-28T21:00:00.000Z' }],
  });
  expect(logOf()(progress, 2)).toContain(
    '2026-11-27 01:00:01 +01:00 window closed (frozen, opens at 2026-11-28 22:00 +01:00)',
  );
});
