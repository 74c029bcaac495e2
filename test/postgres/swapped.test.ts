/** Temporal's server is replaced by the next minor, and the next, in the middle of a fleet: tables first, then the server. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { whatIsWrong } from './histories.ts';
import { composeRelease, NativeCompose } from './native-compose.ts';
import { findParts } from './parts.ts';
import { Stand } from './stand.ts';
import type { ServerRelease } from './temporal-server.ts';

const FLEET = 'swapped';
/** Of each minor the newest that builds with the Go of the last one, from modules that are all to be had. */
const [FIRST, ...NEXT] = ['1.29.1', '1.30.8', '1.31.2', composeRelease()] as const;
/** Each is in the middle of a write when the server is replaced. */
const TENANTS = ['tenant-00008', 'tenant-00025', 'tenant-00042'];

const parts = await findParts([FIRST, ...NEXT]);
/** Where a part cannot be had, it has been said. */
const onPostgres = parts ? test : test.skip;

let compose: NativeCompose;
let stand: Stand;

beforeAll(async () => {
  if (!parts) return;
  compose = await NativeCompose.up(parts, FIRST, withFileOf(FIRST));
  stand = await Stand.open(FLEET, compose.server.address);
});
afterAll(async () => {
  await (stand as Stand | undefined)?.close();
  await (compose as NativeCompose | undefined)?.close();
});

/** Before 1.30 the server has no configuration of its own that reads the environment: it lies beside its sources. */
function withFileOf(release: string): Pick<ServerRelease, 'args' | 'environment'> {
  const module = `go.temporal.io/server@v${release}`;
  const { Dir } = JSON.parse(
    execFileSync('go', ['mod', 'download', '-json', module], { encoding: 'utf8' }),
  ) as {
    Dir: string;
  };
  return {
    args: ['--root', '/', '--config', join(Dir, 'config'), '--env', 'docker'],
    environment: { POSTGRES_PORT: String(compose.database.port) },
  };
}

async function serverVersion(): Promise<string | null | undefined> {
  const { serverVersion } = await stand.lab.client.connection.workflowService.getClusterInfo({});
  return serverVersion;
}

onPostgres('50 tenants, over four servers, one after the other', async () => {
  expect(await serverVersion()).toBe(FIRST);
  let atWork = stand.atWork(TENANTS[0] ?? '');
  await stand.start();
  for (const [place, release] of NEXT.entries()) {
    await atWork();
    await compose.schema(release);
    const awayFrom = performance.now();
    await compose.server.kill('SIGTERM');
    const next = TENANTS[place + 1];
    if (next) atWork = stand.atWork(next);
    await compose.startServer(release);
    const awayMs = performance.now() - awayFrom;
    const tenant = TENANTS[place] ?? '';
    process.stderr.write(
      `Temporal ${release}, with ${tenant} at work: away for ${(awayMs / 1_000).toFixed(1)} s\n`,
    );
  }
  const { counts } = await stand.fleet.until(({ phase }) => phase === 'ended');
  expect(counts).toMatchObject({ upgraded: 50, running: 0, pending: 0 });
  expect(await serverVersion()).toBe(composeRelease());
  expect(await stand.fleet.problems()).toEqual([]);
  expect((await stand.histories()).flatMap(whatIsWrong)).toEqual([]);
  await stand.untilCounted(`ThreescaleFleet = '${FLEET}' AND ThreescaleState = 'upgraded'`, 50);
});
