/** Temporal on PostgreSQL, as docker-compose.yml runs it, under a fleet of which everything is killed once. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { SEARCH_ATTRIBUTES } from '../../src/domain/tenant/search-attributes.ts';
import { runCli } from '../support/run-cli.ts';
import { workerOf } from '../support/worker-of.ts';
import { whatIsWrong } from './histories.ts';
import { composeRelease, NativeCompose } from './native-compose.ts';
import { findParts } from './parts.ts';
import { Stand } from './stand.ts';

const FLEET = 'on-postgres';
const RELEASE = composeRelease();
const DAYS_90 = 90 * 24 * 3_600;

const parts = await findParts([RELEASE]);
/** Where a part cannot be had, it has been said. */
const onPostgres = parts ? test : test.skip;

let compose: NativeCompose;
let stand: Stand;

beforeAll(async () => {
  if (!parts) return;
  compose = await NativeCompose.up(parts, RELEASE);
  stand = await Stand.open(FLEET, compose.server.address);
});
afterAll(async () => {
  await (stand as Stand | undefined)?.close();
  await (compose as NativeCompose | undefined)?.close();
});

onPostgres('both jobs find what they have made, and leave it', async () => {
  await compose.schema(RELEASE);
  expect(await compose.namespace('default')).toContain('default is there');
  const { config } = await stand.lab.client.connection.workflowService.describeNamespace({
    namespace: 'default',
  });
  expect(Number(config?.workflowExecutionRetentionTtl?.seconds)).toBe(DAYS_90);
});

onPostgres('50 tenants, over a worker, the server and the database, each killed with -9', async () => {
  const { fleet, lab, workers } = stand;
  // Each is told of while what begins it cannot have begun.
  const first = stand.atWork('tenant-00008');
  await stand.start();

  await first();
  await compose.server.kill();
  const second = stand.atWork('tenant-00025');
  await compose.startServer(RELEASE);

  await second();
  const third = stand.atWork('tenant-00042');
  const tenant = lab.clusters.tenant(stand.contextOf('tenant-00025'), 'tenant-00025');
  await (await workerOf(lab, workers, tenant)).kill();
  await stand.startWorker();

  await third();
  await compose.database.kill();
  await compose.database.start();

  const { counts } = await fleet.until(({ phase }) => phase === 'ended');
  expect(counts).toMatchObject({ upgraded: 50, running: 0, pending: 0 });
  expect(await fleet.problems()).toEqual([]);
  expect((await stand.histories()).flatMap(whatIsWrong)).toEqual([]);
  const report = await fleet.cli('report', FLEET, '-o', 'json');
  const { tenants } = JSON.parse(report.stdout) as {
    tenants: { upgrade?: { state: string }; kept?: boolean }[];
  };
  expect(report.stderr).not.toContain('warning');
  expect(tenants.filter(({ upgrade, kept }) => upgrade?.state === 'upgraded' && !kept)).toHaveLength(50);
});

onPostgres('Temporal’s own lists find every tenant, by our search attributes alone', async () => {
  await stand.untilCounted(`ThreescaleFleet = '${FLEET}' AND ThreescaleState = 'upgraded'`, 50);
  await stand.untilCounted("ThreescaleTenant = 'sim1/tenant-00001' AND ThreescalePath = '2.3-2.4'", 1);
  const { customAttributes } = await stand.lab.client.connection.operatorService.listSearchAttributes({
    namespace: 'default',
  });
  expect(Object.keys(customAttributes ?? {}).toSorted()).toEqual([...SEARCH_ATTRIBUTES].toSorted());
});

onPostgres('a second namespace, named by a profile of Temporal’s configuration file', async () => {
  expect(await compose.namespace('second')).not.toContain('is there');
  const { lab } = stand;
  const file = join(lab.folder, 'temporal.toml');
  writeFileSync(file, `[profile.other]\naddress = "${compose.server.address}"\nnamespace = "second"\n`);
  // Empty is as good as not set, and the profile says where.
  const env = { TEMPORAL_ADDRESS: '', TEMPORAL_CONFIG_FILE: file, TEMPORAL_PROFILE: 'other' };
  await lab.simulator.install('sim1', 'elsewhere');
  await stand.startWorker(env);
  const flags = ['--context', 'sim1', '--namespace', 'elsewhere', '--kubeconfig', lab.kubeconfig];
  const started = await runCli(['start', ...flags, '--yes', '--why', 'change 4712', '-o', 'json'], env);
  expect([started.exitCode, JSON.parse(started.stdout)]).toMatchObject([0, { state: 'upgraded' }]);
  const query = "ThreescaleTenant = 'sim1/elsewhere'";
  const { count } = await lab.client.workflow.count(query);
  expect(count).toBe(0);
  // What has ended is listed from reports that were kept here as well.
  const listed = await runCli(['list', '-o', 'json'], env);
  const rows = JSON.parse(listed.stdout) as { tenant: { namespace: string }; kept?: boolean }[];
  expect(rows.filter(({ kept }) => !kept).map(({ tenant }) => tenant.namespace)).toEqual(['elsewhere']);
});
