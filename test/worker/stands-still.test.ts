import { expect, test } from '@jest/globals';
import type { TemporalTarget } from '../../src/temporal/connection.ts';
import { WorkerHealth } from '../../src/worker/health.ts';
import { LastingWorker } from '../../src/worker/lasting-worker.ts';
import type { ConnectedWorker } from '../../src/worker/running-worker.ts';
import { pause } from '../support/cli-process.ts';

const target = { embedded: false, address: '127.0.0.1:1', namespace: 'default' } as TemporalTarget;

/** A worker whose polls have ended, though nobody has told it to, and whose Temporal answers. */
function stuck(): ConnectedWorker {
  const { promise: ended, resolve } = Promise.withResolvers<undefined>();
  return {
    ended: ended.then(() => undefined),
    polls: false,
    ask: () => Promise.resolve(),
    stop: () => {
      resolve(undefined);
      return Promise.resolve();
    },
  };
}

test('a worker that has not polled for long, though Temporal answers, is to be replaced', async () => {
  const health = new WorkerHealth(undefined);
  expect(health.alive()).toEqual({ alive: true });
  const worker = await LastingWorker.start(target, () => Promise.resolve(stuck()), { standsStillAfterMs: 1 });
  health.begun(worker);
  expect(health.alive()).toEqual({ alive: true });
  while (health.alive().alive) await pause(100);
  expect(health.alive().why).toContain('has not polled for minutes');
  expect(await health.ready()).toMatchObject({ ready: false, temporal: 'ok' });
  await worker.stop();
});

test('one that is being stopped takes no more work, and is not to be replaced', async () => {
  const health = new WorkerHealth(undefined);
  health.stops();
  expect(health.alive()).toEqual({ alive: true });
  expect((await health.ready()).polls).toContain('being stopped');
});
