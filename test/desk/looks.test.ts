import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type {
  ApiError,
  Delta,
  FleetPage,
  Fleets,
  NeedsMe,
  RowsAnswer,
  Stats,
  TenantPage,
  ViewAnswer,
} from '../../src/desk/contract.ts';
import { ACT_HEADER } from '../../src/desk/contract.ts';
import { applied } from '../../src/desk/delta.ts';
import { setLogLevel } from '../../src/worker/worker.ts';
import type { StreamEvent } from '../support/desk-server.ts';
import { firstOf, messageOf, startStanding, TestDesk, writeFleet } from '../support/desk-server.ts';
import { runFleet } from '../support/fleet-cli.ts';
import type { Lab } from '../support/lab.ts';
import { openLab } from '../support/lab.ts';

const TENANTS = Array.from({ length: 230 }, (_, index) => `t${String(index).padStart(3, '0')}`);
const FAILED = { failure: { type: 'RolloutFailed', message: 'zync: it did not become ready' } } as const;

let lab: Lab;
let desk: TestDesk;
let cluster: string;

beforeAll(async () => {
  setLogLevel('ERROR');
  lab = await openLab();
  await lab.simulator.install('sim1', 'alone');
  await lab.simulator.install('sim1', 'other');
  const first = TENANTS.slice(0, 10).join(', ');
  const file = writeFleet(
    lab,
    'prod',
    `waves:
  - { name: first, select: { tenants: [${first}] } }
  - { name: rest, select: { rest: true }, approval: required }
failureBudget: { failed: 10%, blocked: 3 }`,
    TENANTS,
  );
  const labelled = ['tier: gold', 'tier: gold, region: eu', `tier: 'a=b'`];
  const text = labelled.reduce(
    (yaml, labels, index) => yaml.replace(`name: t00${index},`, `name: t00${index}, labels: { ${labels} },`),
    readFileSync(file, 'utf8'),
  );
  writeFileSync(file, text);
  await startStanding(lab, file, [
    { state: 'upgraded' },
    { state: 'reverted', ...FAILED },
    { state: 'blocked', failure: { type: 'version-is-2.3', message: 'it is a 2.2' } },
    { state: 'aborted' },
    { state: 'skipped' },
  ]);
  cluster = lab.clusters.tenant('sim1', 'alone').cluster;
  desk = await TestDesk.open(lab);
});
afterAll(async () => {
  await desk.close();
  await lab.close();
});

const FLEET = '/api/view?view=fleet&fleet=prod';
const rows = (query: string): Promise<RowsAnswer> => desk.ask(`/api/fleets/prod/tenants?${query}`);

test('every number of a fleet is the command’s own', async () => {
  const { data } = await desk.ask<ViewAnswer<'fleet'>>(FLEET);
  const { out } = await runFleet('status', 'prod', '-o', 'json');
  const { sitesWithoutWorker, ...progress } = JSON.parse(out) as Record<string, unknown>;
  expect(data?.progress).toEqual(progress);
  expect(data?.sitesWithoutWorker).toEqual(sitesWithoutWorker);
  expect(data?.currentWave).toBe('first');
  expect(data?.budgets).toContainEqual({ kind: 'failed', used: 1, allowed: 23, words: '23 (10% of 230)' });
  expect(data?.budgets).toContainEqual({ kind: 'unreachable', used: 0, words: 'any number' });
  expect(data?.columns[0]?.steps.filter(({ pointOfNoReturn }) => pointOfNoReturn)).toHaveLength(1);
  const { data: list } = await desk.ask<ViewAnswer<'fleets'>>('/api/view?view=fleets');
  expect((list as Fleets).fleets).toMatchObject([
    { name: 'prod', total: 230, counts: data?.progress.counts },
  ]);
});

test('rows come by pages, filtered on the server', async () => {
  const all = await rows('limit=100&offset=200');
  expect(all).toMatchObject({ matching: 230, total: 230, offset: 200 });
  expect(all.rows.map(({ name }) => name)).toEqual(TENANTS.slice(200));
  const { out } = await runFleet('list', 'prod', '--state', 'reverted,blocked', '-o', 'json');
  const named = (JSON.parse(out) as { name: string }[]).map(({ name }) => name);
  const some = await rows('state=reverted&state=blocked');
  expect(some.rows.map(({ name }) => name)).toEqual(named);
  expect(some.counts).toEqual({ reverted: 1, blocked: 1 });
  expect((await rows('wave=rest')).matching).toBe(220);
  expect((await rows('cluster=sim2')).matching).toBe(0);
  expect((await rows('text=READY+zync')).rows.map(({ name }) => name)).toEqual(['t001']);
  expect((await rows('sort=state&limit=2&wave=first')).rows.map(({ state }) => state)).toEqual([
    'pending',
    'pending',
  ]);
  expect((await rows('limit=9999')).rows).toHaveLength(230);
});

test('tenants are found by the labels of the fleet file, on the page as by the commands', async () => {
  const found = async (...labels: string[]) => {
    const query = labels.map((label) => `label=${encodeURIComponent(label)}`).join('&');
    const listed = await runFleet('list', 'prod', ...labels.flatMap((one) => ['--label', one]), '-o', 'json');
    const names =
      listed.out === '' ? [] : (JSON.parse(listed.out) as { name: string }[]).map(({ name }) => name);
    const { rows: shown } = await rows(query);
    expect(shown.map(({ name }) => name)).toEqual(names);
    return names;
  };
  expect(await found('tier=gold')).toEqual(['t000', 't001']);
  expect(await found('tier=gold', 'region=eu')).toEqual(['t001']);
  expect(await found('tier=a=b')).toEqual(['t002']);
  expect(await found('tier=silver')).toEqual([]);
  const { data } = await desk.ask<ViewAnswer<'fleet'>>(FLEET);
  expect(data?.labels).toEqual([
    { label: 'tier=gold', tenants: 2 },
    { label: 'region=eu', tenants: 1 },
    { label: 'tier=a=b', tenants: 1 },
  ]);
  const report = await runFleet('report', 'prod', '--summary', '--label', 'region=eu', '-o', 'json');
  const { tenants } = JSON.parse(report.out) as { tenants: { name: string; labels: unknown }[] };
  expect(tenants.map(({ name, labels }) => [name, labels])).toEqual([
    ['t001', { tier: 'gold', region: 'eu' }],
  ]);
  const wrong = await runFleet('list', 'prod', '--label', 'gold');
  expect([wrong.code, wrong.err]).toEqual([64, expect.stringContaining('Write a key and its value')]);
});

test.each([
  ['state=nice', /there is no state nice/],
  ['offset=-1', /offset is no whole number from 0/],
  ['limit=x', /limit is no whole number from 1/],
  ['sort=size', /there is no order size/],
])('rows of %s are refused in words', async (query, why) => {
  const answer = await desk.get(`/api/fleets/prod/tenants?${query}`);
  expect(answer.status).toBe(400);
  expect(await messageOf(answer)).toMatch(why);
});

test('what needs somebody is told once, with its reason and what may be done about it', async () => {
  const { data } = await desk.ask<ViewAnswer<'needs-me'>>('/api/view?view=needs-me');
  const { needs, counts } = data as NeedsMe;
  expect(counts).toMatchObject({ paused: 1, reverted: 1, blocked: 1, held: 0 });
  const reverted = needs.find(({ kind }) => kind === 'reverted');
  expect(reverted).toMatchObject({ fleet: 'prod', name: 't001', reason: FAILED.failure.message });
  expect(reverted?.offers.map(({ act }) => act.act)).toEqual(['retry', 'skip']);
  const paused = needs.find(({ kind }) => kind === 'paused');
  expect(paused?.reason).toBe('paused by olga: a look');
  expect(paused?.offers[0]).toMatchObject({
    label: 'Resume',
    role: 'operate',
    command: 'threescale-upgrade fleet resume prod --why "…"',
  });
});

test('a tenant without a fleet has its steps, what a revert would do, and its runs', async () => {
  expect(await lab.upgrade('alone')).toMatchObject({ state: 'upgraded' });
  const query = `cluster=${cluster}&context=sim1&namespace=alone`;
  const { data } = await desk.ask<ViewAnswer<'tenant'>>(`/api/view?view=tenant&${query}`);
  const page = data as TenantPage;
  expect(page.progress?.state).toBe('upgraded');
  expect(page.pointOfNoReturn?.is).toBe('crossed');
  expect(page.revert).toEqual({ possible: false, words: ['The upgrade has ended: it is upgraded.'] });
  expect(page.runs).toHaveLength(1);
  expect(await (await desk.get(`/api/report?${query}`)).text()).toContain('| State | upgraded |');
  const { data: none } = await desk.ask<ViewAnswer<'tenant'>>(
    `/api/view?view=tenant&fleet=prod&cluster=${cluster}&context=sim1&namespace=t200`,
  );
  expect(none).toMatchObject({ name: 't200', fleet: 'prod', line: { state: 'pending' } });
});

test('a plan is a look at the cluster, which changes nothing', async () => {
  const before = lab.cluster.audit.writes({ namespace: 'other' }).length;
  const query = `cluster=${cluster}&context=sim1&namespace=other`;
  const { plan } = await desk.ask<{ plan: { steps: { changes: unknown[] }[] } }>(`/api/tenant/plan?${query}`);
  expect(plan.steps.flatMap(({ changes }) => changes).length).toBeGreaterThan(10);
  expect(lab.cluster.audit.writes({ namespace: 'other' })).toHaveLength(before);
});

test('a stream begins with a snapshot, sends what changes, and goes on where it was broken', async () => {
  const request = { view: 'fleet', fleet: 'prod' } as const;
  const events = desk.stream(request);
  const first = await firstOf(events, ({ event }) => event === 'snapshot');
  let page = (first.data as ViewAnswer<'fleet'>).data as FleetPage;
  await desk.post('/api/acts', { fleet: 'prod', act: 'set', maxConcurrent: 7, why: 'to see a delta' });
  const isSet = (): boolean => page.progress.limits.maxConcurrent === 7;
  let last: StreamEvent = first;
  while (!isSet()) {
    last = await firstOf(events, ({ event }) => event === 'delta' || event === 'snapshot');
    page =
      last.event === 'delta'
        ? applied(page, last.data as Delta)
        : ((last.data as ViewAnswer<'fleet'>).data as FleetPage);
  }
  expect(page.progress).toEqual((await desk.ask<ViewAnswer<'fleet'>>(FLEET)).data?.progress);
  await events.return(undefined);
  const again = desk.stream(request, { 'last-event-id': last.id ?? '' });
  const next = await firstOf(again, () => true);
  expect(next.event === 'snapshot' && next.id === last.id).toBe(false);
  await again.return(undefined);
  const elsewhere = desk.stream(request, { 'last-event-id': 'of-another-server-3' });
  expect((await firstOf(elsewhere, () => true)).event).toBe('snapshot');
  await elsewhere.return(undefined);
});

test('what there is not is refused on a stream, too', async () => {
  const events = desk.stream({ view: 'fleet', fleet: 'nope' });
  const { event, data } = await firstOf(events, (one) => one.event !== 'alive');
  expect(event).toBe('refused');
  expect((data as ApiError).error.message).toMatch(/there is no fleet nope/);
});

test('who asks only for the head of a stream is sent nothing more, and holds none open', async () => {
  const { streams } = await desk.ask<Stats>('/api/stats');
  const answer = await fetch(`${desk.url}/api/stream?view=fleets`, { method: 'HEAD' });
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/event-stream']);
  expect((await desk.ask<Stats>('/api/stats')).streams).toBe(streams);
});

test('fifty who look ask Temporal as often as one does', async () => {
  const fresh = await TestDesk.open(lab);
  const request = { view: 'fleet', fleet: 'prod' } as const;
  const perLook = async (viewers: number): Promise<number> => {
    const before = await fresh.ask<Stats>('/api/stats');
    const streams = Array.from({ length: viewers }, () => fresh.stream(request));
    await Promise.all(streams.map((events) => firstOf(events, ({ event }) => event === 'snapshot')));
    // Each is told after some looks that it is alive.
    await Promise.all(streams.map((events) => firstOf(events, ({ event }) => event === 'alive')));
    const after = await fresh.ask<Stats>('/api/stats');
    expect([after.streams, after.views]).toEqual([viewers, 1]);
    await Promise.all(streams.map((events) => events.return(undefined)));
    return (after.temporal.calls - before.temporal.calls) / (after.looks - before.looks);
  };
  const [one, fifty] = [await perLook(1), await perLook(50)];
  await fresh.close();
  // A look asks for the same, whoever looks: a few calls, and not one for each of them.
  expect(one).toBeLessThan(8);
  expect(fifty).toBeLessThan(8);
});

test.each([
  ['GET', '/api/desk', { host: 'evil.example.com' }, /asked as localhost or 127\.0\.0\.1/],
  ['GET', '/', { host: 'evil.example.com:8234' }, /asked as localhost or 127\.0\.0\.1/],
  ['GET', '/api/desk', { 'sec-fetch-site': 'cross-site' }, /answers only its own page/],
  ['POST', '/api/acts', { origin: 'http://evil.example.com' }, /told something only by its own page/],
  ['POST', '/api/acts', { origin: 'null' }, /told something only by its own page/],
  ['POST', '/api/acts', { [ACT_HEADER]: '' }, /x-desk-act: 1 is missing/],
])('%s %s with %j is of another site, and refused', async (method, path, headers, why) => {
  const { request } = await import('node:http');
  const { status, text } = await new Promise<{ status: number; text: string }>((resolve, reject) => {
    const asked = request(
      desk.url + path,
      { method, headers: { [ACT_HEADER]: '1', ...headers } },
      (answer) => {
        let got = '';
        answer.on('data', (part: Buffer) => (got += part.toString()));
        answer.on('end', () => {
          resolve({ status: answer.statusCode ?? 0, text: got });
        });
      },
    );
    asked.on('error', reject);
    asked.end(method === 'POST' ? JSON.stringify({ fleet: 'prod', act: 'resume', why: 'x' }) : undefined);
  });
  expect(status).toBe(409);
  expect(text).toMatch(why);
});

test('every answer holds a browser to what the page needs, and nothing else', async () => {
  for (const path of ['/', '/fleets/prod', '/api/desk', '/api/nothing', '/nothing.js']) {
    const { headers } = await desk.get(path);
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe|http|\*/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
  }
});

test('the page comes compressed, and is not sent again where it is the same', async () => {
  const page = await desk.get('/');
  const tag = page.headers.get('etag') ?? '';
  const [asset = ''] = /\/assets\/[\w-]+\.js/.exec(await page.text()) ?? [];
  const script = await desk.get(asset, { 'accept-encoding': 'br' });
  expect(script.headers.get('content-encoding')).toBe('br');
  expect(script.headers.get('cache-control')).toContain('immutable');
  expect((await desk.get('/', { 'if-none-match': tag })).status).toBe(304);
  expect((await desk.get('/../package.json')).headers.get('content-type')).toMatch(/text/);
});

test('Temporal away is said, with what was seen last', async () => {
  const events = desk.stream({ view: 'fleet', fleet: 'prod' });
  await firstOf(events, ({ event }) => event === 'snapshot');
  const { stopDevServer } = await import('../../src/temporal/dev-server/dev-server.ts');
  await stopDevServer();
  const { data } = await firstOf(events, ({ event }) => event === 'standing');
  expect(desk.said.filter((line) => line.includes('failed'))).toEqual([]);
  expect(data).toMatchObject({
    readAt: expect.any(String),
    away: { why: expect.stringMatching(/Temporal/) },
  });
  const answer = await desk.ask<ViewAnswer<'fleet'>>(FLEET);
  expect(answer.data?.progress.total).toBe(230);
  expect(answer.standing.away?.why).toMatch(/Temporal/);
  await events.return(undefined);
});
