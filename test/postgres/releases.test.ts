/** Two versions of a Worker Deployment beside each other; the current one is moved forward and back under a fleet. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { makeCurrent } from '../support/current-version.ts';
import { servedBy, stoodStillMs, whatIsWrong } from './histories.ts';
import { composeRelease, NativeCompose } from './native-compose.ts';
import { findParts } from './parts.ts';
import { Stand } from './stand.ts';

const FLEET = 'releases';
const RELEASE = composeRelease();
const DEPLOYMENT = 'upgrades';
const VERSIONS = ['1', '2'];
const MOVED_EVERY_MS = 5_000;

const parts = await findParts([RELEASE]);
/** Where a part cannot be had, it has been said. */
const onPostgres = parts ? test : test.skip;

let compose: NativeCompose;
let stand: Stand;

beforeAll(async () => {
  if (!parts) return;
  compose = await NativeCompose.up(parts, RELEASE);
  stand = await Stand.open(FLEET, compose.server.address, startVersions);
});
afterAll(async () => {
  await (stand as Stand | undefined)?.close();
  await (compose as NativeCompose | undefined)?.close();
});

/** A worker of each version; without a current one none of them would be given anything. */
async function startVersions(stand: Stand): Promise<void> {
  for (const buildId of VERSIONS)
    await stand.startWorker({ TEMPORAL_DEPLOYMENT_NAME: DEPLOYMENT, TEMPORAL_WORKER_BUILD_ID: buildId });
  await moveTo(stand, '1');
}

const moveTo = ({ lab }: Stand, buildId: string): Promise<void> =>
  makeCurrent(lab.client.workflowService, {
    namespace: lab.target.namespace,
    deploymentName: DEPLOYMENT,
    buildId,
  });

onPostgres(
  'no task stands still, and none fails, while the current version goes forward and back',
  async () => {
    await stand.start();
    let ended = false;
    const end = stand.fleet
      .until(({ phase }) => phase === 'ended')
      .finally(() => {
        ended = true;
      });
    let moves = 0;
    while (!ended) {
      await moveTo(stand, VERSIONS[(moves + 1) % 2] ?? '');
      moves += 1;
      await new Promise((resolve) => setTimeout(resolve, MOVED_EVERY_MS));
    }
    expect((await end).counts).toMatchObject({ upgraded: 50, running: 0, pending: 0 });
    expect(await stand.fleet.problems()).toEqual([]);
    const histories = await stand.histories();
    expect(histories.flatMap(whatIsWrong)).toEqual([]);
    expect([...new Set(histories.flatMap(servedBy))].sort()).toEqual(VERSIONS);
    const longestMs = Math.max(...histories.map(stoodStillMs));
    process.stderr.write(`moved ${moves} times; the longest wait for a task: ${Math.round(longestMs)} ms\n`);
  },
);
