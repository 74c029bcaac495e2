import type { ApiAnswer } from '../../simulator/api/types.ts';
import { addGoldenImages, goldenInstallation } from '../support/golden.ts';
import { compare, compareAnswer, prepare, recordedWorld, send, turn } from '../support/replay-recording.ts';
import type { Recording } from '../support/recordings.ts';
import { recordings } from '../support/recordings.ts';
import { Bindings, differences } from '../support/same-as-recorded.ts';

const all = recordings();
/** Watches stream over seconds: test/simulator/watches.test.ts replays them. */
const watches = all.filter(({ request }) => request.path.includes('watch=true'));
const oc = all.filter((recording) => recording.id.startsWith('oc-'));
const single = all.filter((recording) => !oc.includes(recording) && !watches.includes(recording));
const elsewhere = watches.filter((recording) => !oc.includes(recording));

/**
 * The real controllers had observed the change and not yet acted on its trigger: a moment between two of their steps.
 */
const RACES = new Set(['dc-instantiate-while-running']);

/** A watch that was still open when the recorder stopped reading, in the middle of an event: all whole ones before. */
function compareStream(recording: Recording, answer: ApiAnswer, bindings: Bindings): string[] {
  const seen: unknown[] = [];
  const stop = answer.watch?.(
    (event) => seen.push(JSON.parse(JSON.stringify(event))),
    () => undefined,
  );
  stop?.();
  const lines = String(recording.response.body).split('\n').slice(0, -1);
  const recorded = lines.map((line) => withoutManagedFields(JSON.parse(line)));
  return differences(recorded, seen, bindings);
}

const withoutManagedFields = (event: unknown): unknown =>
  JSON.parse(JSON.stringify(event, (key, value: unknown) => (key === 'managedFields' ? undefined : value)));

/** Whether the recorder looked at the rollout that this write begins before it was over. */
function isWatchedClosely(write: Recording): boolean {
  const after = oc.slice(oc.indexOf(write) + 1);
  const next = after.findIndex(({ request }) => request.method !== 'GET');
  const looks = JSON.stringify(
    after.slice(0, next < 0 ? after.length : next).map(({ response }) => response.body),
  );
  return /is waiting for pod|is progressing/.test(looks);
}

let passed = 0;

afterAll(() => {
  process.stdout.write(
    `recordings passed: ${passed} of ${single.length + oc.length} (and ${elsewhere.length} watches in watches.test.ts)\n`,
  );
});

describe('the simulator answers as the recorded API did', () => {
  it.each(single.map((recording) => [recording.id, recording] as const))('%s', async (id, recording) => {
    const world = recordedWorld({ rolloutsLast: !recording.given_settled });
    const bindings = new Bindings();
    const found = [
      ...(await prepare(world, recording, bindings)),
      ...compareAnswer(world, recording, bindings),
    ];
    world.cluster.stop();
    if (RACES.has(id)) expect(found).toEqual(['status.observedGeneration: expected 2, got 1']);
    else expect(found).toEqual([]);
    passed += 1;
  });
});

describe('the documented procedure, command by command, on the measured installation', () => {
  const world = recordedWorld();
  const bindings = new Bindings({ generatedValues: true });

  beforeAll(async () => {
    addGoldenImages(world.cluster, 'tenant');
    for (const { path, body } of goldenInstallation('tenant')) {
      expect(send(world, { method: 'POST', path, body }, 'system:masters', bindings).status).toBe(201);
    }
    await world.cluster.settle();
  });
  afterAll(() => {
    world.cluster.stop();
  });

  it.each(oc.map((recording) => [recording.id, recording] as const))('%s', async (_id, recording) => {
    if (recording.request.method !== 'GET') {
      await world.cluster.settle();
      world.cluster.timing.rolloutMs = isWatchedClosely(recording) ? 4_000 : 40;
    }
    // The recorder looked at rollouts under way, too: each state it saw must come, in the order in which it saw them.
    const deadline = Date.now() + 10_000;
    let found: string[];
    do {
      const own = bindings.forRecording();
      const answer = send(world, recording.request, recording.as, own);
      found = answer.watch ? compareStream(recording, answer, own) : compare(recording, answer, own);
      await turn();
    } while (found.length > 0 && recording.request.method === 'GET' && Date.now() < deadline);
    expect(found).toEqual([]);
    passed += 1;
  });
});
