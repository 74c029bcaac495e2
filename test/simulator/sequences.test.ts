import { addRecordedImages, registryAnswers } from '../support/recorded-registry.ts';
import { compare, recordedWorld, send } from '../support/replay-recording.ts';
import type { RecordedSequence } from '../support/recordings.ts';
import { sequences } from '../support/recordings.ts';
import { Bindings } from '../support/same-as-recorded.ts';

const LARGE = 'a Secret whose data.b is 1,100 KiB before base64';

/** Sequences build on one another: each begins with what the ones before it have left. */
describe.each(['imports.json', 'images-and-followers.json'])('%s', (file) => {
  const world = recordedWorld({ importer: 'imports' });
  const bindings = new Bindings();
  const all = sequences(file);
  beforeAll(() => {
    addRecordedImages(world.cluster, all);
  });
  afterAll(() => {
    world.cluster.stop();
  });

  it.each(all.map((sequence) => [sequence.id, sequence] as const))('%s', async (_id, sequence) => {
    expect(await play(sequence)).toEqual([]);
  });

  async function play({ steps }: RecordedSequence): Promise<string[]> {
    const found: string[] = [];
    for (const [index, { registry, settled, request, response }] of steps.entries()) {
      if (registry !== undefined) registryAnswers(world.cluster, registry);
      if (settled) await world.cluster.settle();
      if (!request || !response) continue;
      const body = request.body === `<${LARGE}>` ? largeSecret() : request.body;
      const answer = send(world, { ...request, body }, 'system:masters', bindings);
      // The recorder kept no headers here.
      const { headers: _headers, ...without } = answer;
      const differences = compare({ response: { headers: {}, ...response } }, without, bindings);
      found.push(...differences.filter(counts).map((difference) => `step ${index}: ${difference}`));
    }
    return found;
  }
});

/**
 * A rollout's copy of its DeploymentConfig: uid and version stand in it as they were, and the controllers of the recorded
 * cluster came to see the new DeploymentConfig in another order.
 */
const counts = (difference: string): boolean =>
  !/encoded-deployment-config\.(metadata\.(uid|resourceVersion)|status\.(observedGeneration|conditions)):/.test(
    difference,
  );

function largeSecret(): unknown {
  const b = Buffer.alloc(1_100 * 1_024).toString('base64');
  return { kind: 'Secret', apiVersion: 'v1', metadata: { name: 'big' }, data: { b } };
}
