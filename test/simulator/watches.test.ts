import { prepare, recordedWorld, send, turn } from '../support/replay-recording.ts';
import type { Recording } from '../support/recordings.ts';
import { recordings } from '../support/recordings.ts';
import { Bindings, differences } from '../support/same-as-recorded.ts';

interface WatchEvent {
  readonly type: string;
  readonly object: unknown;
}

const watches = recordings().filter(
  ({ id, request }) => request.path.includes('watch=true') && !id.startsWith('oc-'),
);

function recordedEvents({ response: { body } }: Recording): WatchEvent[] {
  if (body === '') return [];
  const events = (Array.isArray(body) ? body : [body]) as WatchEvent[];
  const essence = events.map(({ type, object }) => JSON.stringify([type, withoutVersion(object)]));
  return events.filter((_, index) => essence[index] !== essence[index - 1]);
}

/**
 * Each recorded event must come, in the recorded order. Others may stand between them: which of two controllers comes
 * first is nobody's promise, and the recorder's own cluster merged some.
 */
function missingEvents(recorded: readonly WatchEvent[], seen: readonly WatchEvent[]): string[] {
  const bindings = new Bindings();
  let from = 0;
  return recorded.flatMap((event, index) => {
    const at = seen.findIndex(
      (candidate, position) =>
        position >= from &&
        candidate.type === event.type &&
        differences(withoutVersion(event.object), withoutVersion(candidate.object), bindings).length === 0,
    );
    if (at < 0) {
      const closest = seen
        .slice(from)
        .map((candidate) => differences(event.object, candidate.object, new Bindings()));
      const [best = ['nothing came']] = closest.sort((a, b) => a.length - b.length);
      return [`event ${index} (${event.type}): ${best.slice(0, 4).join('; ')}`];
    }
    from = at + 1;
    return [];
  });
}

/**
 * Versions rise by writes that others made, too. For the few ms in which the deployer's pod starts, a config says that
 * its controller was created, or that it waits: the recorder saw the one or the other.
 */
function withoutVersion(object: unknown): unknown {
  return JSON.parse(
    JSON.stringify(object, (key, value: unknown) => {
      if (key === 'resourceVersion' || key === 'managedFields') return undefined;
      return key === 'conditions' && Array.isArray(value)
        ? value.filter((condition) => !isStarting(condition))
        : value;
    }),
  );
}

function isStarting(condition: unknown): boolean {
  const { status, reason } = condition as { status?: string; reason?: string };
  return status === 'Unknown' || reason === 'NewReplicationControllerCreated';
}

test.each(watches.map((recording) => [recording.id, recording] as const))('%s', async (_, recording) => {
  const world = recordedWorld();
  world.cluster.timing.rolloutMs = 600;
  const bindings = new Bindings();
  expect(await prepare(world, recording, bindings)).toEqual([]);
  await world.cluster.settle();
  const answer = send(world, recording.request, recording.as, bindings);
  expect(answer.status).toBe(recording.response.status);
  expect(answer.headers?.warning).toBe(recording.response.headers.warning);
  const seen: WatchEvent[] = [];
  const stop = answer.watch?.(
    (event) => seen.push(JSON.parse(JSON.stringify(event)) as WatchEvent),
    () => undefined,
  );
  for (const request of recording.during ?? []) {
    const { status } = send(world, request, 'system:masters', bindings);
    expect(status).toBe(request.status);
    await turn();
    await world.cluster.settle();
  }
  await world.cluster.settle();
  stop?.();
  world.cluster.stop();
  expect(missingEvents(recordedEvents(recording), seen)).toEqual([]);
});
