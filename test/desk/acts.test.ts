import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Act, ActAnswer, ActPreview, ActRequest, DeskInfo } from '../../src/desk/contract.ts';
import { readTokens } from '../../src/desk/access/tokens.ts';
import type { FleetJournalEntry } from '../../src/domain/fleet/tenant/entry.ts';
import type { FleetProgress } from '../../src/domain/fleet/show/progress.ts';
import type { TenantLine } from '../../src/domain/fleet/show/tenant-lines.ts';
import { setLogLevel } from '../../src/worker/worker.ts';
import { firstOf, messageOf, startStanding, TestDesk, writeFleet } from '../support/desk-server.ts';
import { runFleet } from '../support/fleet-cli.ts';
import { secretFile } from '../support/secret-file.ts';
import type { Lab } from '../support/lab.ts';
import { openLab } from '../support/lab.ts';

const TENANTS = ['a', 'b', 'c', 'd', 'e', 'f'];
const WAVES = `waves:
  - { name: first, select: { tenants: [a, b, c] } }
  - { name: rest, select: { rest: true }, approval: required }`;
const BUDGET = 'failureBudget: { failed: 3, blocked: 6 }';

let lab: Lab;
let desk: TestDesk;
let number = 0;
let fleet: string;
let file: string;

beforeAll(async () => {
  setLogLevel('ERROR');
  lab = await openLab();
  desk = await TestDesk.open(lab);
});
afterAll(async () => {
  await desk.close();
  await lab.close();
});

/** A fleet for each test: it is paused, and one of its tenants has failed. */
beforeEach(async () => {
  number += 1;
  fleet = `fleet-${number}`;
  file = writeFleet(lab, fleet, `${WAVES}\n${BUDGET}`, TENANTS);
  await startStanding(lab, file, [
    { state: 'upgraded' },
    { state: 'reverted', failure: { type: 'RolloutFailed', message: 'it broke' } },
  ]);
});

const progress = async (): Promise<FleetProgress> =>
  JSON.parse((await runFleet('status', fleet, '-o', 'json')).out) as FleetProgress;
const states = async (): Promise<Record<string, string>> => {
  const lines = JSON.parse((await runFleet('list', fleet, '-o', 'json')).out) as TenantLine[];
  return Object.fromEntries(lines.map(({ name, state }) => [name, state]));
};
const journal = async (event: FleetJournalEntry['event']): Promise<FleetJournalEntry | undefined> =>
  (await progress()).journal.findLast((entry) => entry.event === event);

async function preview(act: Act): Promise<ActPreview> {
  const answer = await desk.post('/api/acts/preview', act);
  expect(answer.status).toBe(200);
  return (await answer.json()) as ActPreview;
}

const SAID = { by: 'olga', why: 'change 4711' };

async function say(act: Act, more: Partial<ActRequest> = {}): Promise<ActAnswer> {
  const { seen, confirm } = await preview(act);
  const named = confirm === undefined ? {} : { confirm };
  const answer = await desk.post('/api/acts', { ...act, ...SAID, seen, ...named, ...more });
  const text = await answer.text();
  expect([answer.status, text]).toEqual([200, expect.any(String)]);
  return JSON.parse(text) as ActAnswer;
}

const BY_OLGA = { by: 'olga', why: 'change 4711', via: expect.stringMatching(/^desk of /) };

test('a pause and its end', async () => {
  expect(await say({ fleet, act: 'resume' })).toMatchObject({ done: true, said: `${fleet}: asked to go on` });
  expect(await journal('resumed')).toMatchObject({ actor: BY_OLGA });
  expect(await say({ fleet, act: 'pause', newOnly: true })).toMatchObject({ done: true });
  expect(await journal('paused')).toMatchObject({ actor: BY_OLGA });
  expect((await progress()).paused).toMatchObject({ ...BY_OLGA, newOnly: true });
});

test('a wave is approved, once', async () => {
  const act = { fleet, act: 'approve', wave: 'rest' } as const;
  expect(await preview(act)).toMatchObject({ tenants: 3, names: ['d', 'e', 'f'], harmful: false });
  await say(act);
  expect(await journal('approved')).toMatchObject({ actor: BY_OLGA, detail: 'rest' });
  const again = await desk.post('/api/acts/preview', act);
  expect(again.status).toBe(409);
  expect(await messageOf(again)).toBe('wave rest was approved by olga already');
});

test('tenants are left out, and tried again: as many as it said before', async () => {
  const one = { fleet, act: 'skip', choice: { tenants: ['d'] } } as const;
  expect(await preview(one)).toMatchObject({ tenants: 1, harmful: false, role: 'operate' });
  expect(await say(one)).toMatchObject({ done: true, said: `${fleet}: skips 1 tenant: d` });
  expect(await journal('skipped')).toMatchObject({ actor: BY_OLGA });
  const wave = { fleet, act: 'skip', choice: { wave: 'rest' } } as const;
  expect(await preview(wave)).toMatchObject({ tenants: 2, names: ['e', 'f'], harmful: true, confirm: fleet });
  await say(wave);
  const retry = { fleet, act: 'retry', choice: { all: true } } as const;
  expect(await preview(retry)).toMatchObject({ tenants: 1, names: ['b'] });
  await say(retry);
  expect(await journal('retried')).toMatchObject({ actor: BY_OLGA, detail: expect.stringContaining('b') });
  expect(await states()).toEqual({
    a: 'upgraded',
    b: 'pending',
    c: 'pending',
    d: 'skipped',
    e: 'skipped',
    f: 'skipped',
  });
});

test('limits are set, and what is no number is refused as the command refuses it', async () => {
  const act = { fleet, act: 'set', maxConcurrent: 2, failed: '50%' } as const;
  expect((await preview(act)).consequences).toEqual([
    'The limits change at once. What is in flight above a lower limit finishes.',
    'In flight at once: 10 → 2.',
    expect.stringContaining('failed 3, blocked 6'),
  ]);
  await say(act);
  const { limits } = await progress();
  expect(limits).toMatchObject({ maxConcurrent: 2, failureBudget: { failed: '3 (50% of 6)' } });
  expect(await journal('settings-changed')).toMatchObject({ actor: BY_OLGA });
  const wrong = await desk.post('/api/acts/preview', { ...act, failed: 'some' });
  expect(wrong.status).toBe(400);
  expect(await messageOf(wrong)).toMatch(/failed some: Use a number of tenants/);
});

test('a file is applied after its difference was shown, and only while that stands', async () => {
  const text = readFileSync(file, 'utf8')
    .replace('failed: 3', 'failed: 4')
    .replace(/.*name: f,.*\n/, '');
  const act = { fleet, act: 'apply', file: text } as const;
  const { diff, seen, tenants } = await preview(act);
  expect(tenants).toBe(1);
  expect(diff?.lines.join('\n')).toMatch(/- 1 tenant less: f \(wave rest\)[\s\S]*failed 3.*→.*failed 4/);
  const blind = await desk.post('/api/acts', { ...act, ...SAID });
  expect(await messageOf(blind)).toMatch(/only after a look/);
  await say({ fleet, act: 'set', maxConcurrent: 3 });
  const late = await desk.post('/api/acts', { ...act, ...SAID, seen });
  expect(await messageOf(late)).toMatch(/things have moved/);
  expect((await say(act)).said).toMatch(/runs with .* now/);
  expect(await progress()).toMatchObject({ total: 5, limits: { failureBudget: { failed: '4' } } });
  expect(await journal('inventory-changed')).toMatchObject({ actor: BY_OLGA });
});

test.each([
  ['name: [', /fleet\.yaml:\d/],
  ['name: other\n', /fleet/],
  ['name: x\nfreezes: [{ calendar: /etc/passwd }]\n', /names calendars is not taken from a page/],
])('the file %j is refused in words, and shows nothing of this machine', async (text, why) => {
  const answer = await desk.post('/api/acts/preview', { fleet, act: 'apply', file: text });
  expect(answer.status).toBe(400);
  const message = await messageOf(answer);
  expect(message).toMatch(why);
  expect(message).not.toMatch(/root:|tmp/);
});

test('what cannot be taken back wants its name typed; then it is done, and stands in the report', async () => {
  const act = { fleet, act: 'abort', ending: 'finish' } as const;
  const { seen, confirm, harmful } = await preview(act);
  expect([confirm, harmful]).toEqual([fleet, true]);
  const unnamed = await desk.post('/api/acts', { ...act, ...SAID, seen });
  expect(unnamed.status).toBe(409);
  expect(await messageOf(unnamed)).toBe(`abort cannot be taken back: the name ${fleet} has to be typed`);
  const silent = await desk.post('/api/acts', { ...act, by: 'olga', why: ' ', seen, confirm });
  expect(await messageOf(silent)).toBe('a reason is needed');
  expect((await progress()).phase).toBe('paused');
  await say(act);
  const ended = await runFleet('status', fleet, '--wait', '-o', 'json');
  expect((JSON.parse(ended.out) as FleetProgress).phase).toBe('ended');
  const { out } = await runFleet('report', fleet, '--summary');
  expect(out).toMatch(/\| abort-requested \| olga \| change 4711 \| finish \| desk of /);
  const late = await desk.post('/api/acts/preview', { fleet, act: 'pause' });
  expect(await messageOf(late)).toBe(`the fleet ${fleet} has ended: pause says nothing to it`);
});

test('tenants are taken back by the fleet’s name', async () => {
  const act = { fleet, act: 'revert', choice: { wave: 'rest' } } as const;
  expect(await preview(act)).toMatchObject({ tenants: 3, harmful: true, confirm: fleet });
  await say(act);
  expect(await journal('reverting')).toMatchObject({ actor: BY_OLGA });
  expect(await states()).toMatchObject({ d: 'skipped', e: 'skipped', f: 'skipped' });
});

test('nothing is said on a desk that only looks, and nothing beyond one’s role', async () => {
  const looking = await TestDesk.open(lab, { allowActions: false });
  const act = { fleet, act: 'approve', wave: 'rest', why: 'x' };
  for (const path of ['/api/acts', '/api/acts/preview']) {
    const answer = await looking.post(path, act);
    expect(answer.status).toBe(403);
    expect(await messageOf(answer)).toMatch(/only looks: it was started without --allow-actions/);
  }
  expect((await looking.ask<DeskInfo>('/api/desk')).readOnly).toMatch(/only looks/);
  await looking.close();

  const path = secretFile(lab.folder, 'look ann ann-ann-ann-ann-ann\noperate bob bob-bob-bob-bob-bob\n');
  const closed = await TestDesk.open(lab, { access: { kind: 'tokens', tokens: { now: readTokens(path) } } });
  expect((await closed.get('/api/desk')).status).toBe(401);
  expect((await closed.get('/')).status).toBe(200);
  expect((await closed.post('/api/login', { token: 'wrong-wrong-wrong-wrong' })).status).toBe(401);
  const login = async (token: string): Promise<Record<string, string>> => {
    const answer = await closed.post('/api/login', { token });
    const cookie = answer.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/HttpOnly; SameSite=Strict/);
    return { cookie: cookie.split(';')[0] ?? '' };
  };
  const [ann, bob] = [await login('ann-ann-ann-ann-ann'), await login('bob-bob-bob-bob-bob')];
  expect(await messageOf(await closed.post('/api/acts', act, ann))).toMatch(/your role is look/);
  const abort = { fleet, act: 'abort', ending: 'finish', why: 'x', confirm: fleet };
  const refused = await closed.post('/api/acts', abort, bob);
  expect(refused.status).toBe(403);
  expect(await messageOf(refused)).toBe('abort takes the role harm, and yours is operate');
  expect((await closed.post('/api/acts', { ...act, by: 'somebody else' }, bob)).status).toBe(200);
  expect(await journal('approved')).toMatchObject({
    actor: { by: 'bob', via: expect.stringMatching(/token of bob, from /) },
  });
  const open = closed.stream({ view: 'fleets' }, bob);
  await firstOf(open, ({ event }) => event === 'snapshot');
  await closed.post('/api/logout', {}, bob);
  expect((await closed.get('/api/desk', bob)).status).toBe(401);
  const last = await firstOf(open, ({ event }) => event === 'refused');
  expect(last.data).toMatchObject({ error: { kind: 'login' } });
  expect((await open.next()).done).toBe(true);
  await closed.close();
});

test('what is no act is refused, however it is sent', async () => {
  for (const act of [{ fleet, act: 'fly' }, { fleet }, 'pause', null, { fleet, act: 'pause', more: 1 }]) {
    const answer = await desk.post('/api/acts', act);
    expect(answer.status).toBe(400);
  }
  const large = { fleet, act: 'apply', file: 'x'.repeat(9_000_000) };
  expect((await desk.post('/api/acts/preview', large)).status).toBe(413);
});
