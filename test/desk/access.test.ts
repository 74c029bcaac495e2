import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Hono } from 'hono';
import { generate } from 'selfsigned';
import type { AccessFlags } from '../../src/cli/actions/ui-access.ts';
import { accessOf } from '../../src/cli/actions/ui-access.ts';
import { Logins } from '../../src/desk/access/logins.ts';
import { readTokens, TokenFile, whoseToken } from '../../src/desk/access/tokens.ts';
import type { Asked } from '../../src/desk/access/who.ts';
import { whoAsks } from '../../src/desk/access/who.ts';
import type { ApiError } from '../../src/desk/contract.ts';
import type { Env } from '../../src/desk/http/guard.ts';
import { onlyKnown } from '../../src/desk/http/guard.ts';

const SECRET = 'a-token-of-olga-0123456789';
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'threescale-upgrade-access-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function tokenFile(text: string, mode = 0o600): string {
  const path = join(folder, 'tokens');
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

const said: string[] = [];
const say = (line: string): void => void said.push(line);

const flags = (more: Partial<AccessFlags>): AccessFlags => ({
  host: '127.0.0.1',
  groupsHeader: 'x-forwarded-groups',
  ...more,
});

const asked = (address: string, headers: Record<string, string> = {}, cookie?: string): Asked => ({
  address,
  header: (name) => headers[name],
  cookie,
});

test('on this machine it asks for no login', () => {
  const { access, loopback } = accessOf(flags({}), say);
  expect(access.kind).toBe('open');
  expect(loopback).toBe(true);
  expect(whoAsks(access, new Logins(), asked('127.0.0.1'))).toMatchObject({ named: false, role: 'harm' });
});

test.each([
  [{ host: '0.0.0.0' }, /whoever reaches 0\.0\.0\.0 could use the desk/],
  [{ host: '0.0.0.0', tokenFile: 'x' }, /tokens would travel to 0\.0\.0\.0 in the clear/],
  [{ userHeader: 'x-user' }, /--user-header and --trusted-proxy need each other/],
  [{ trustedProxy: ['10.0.0.1'] }, /--user-header and --trusted-proxy need each other/],
  [{ userHeader: 'x user', trustedProxy: ['10.0.0.1'] }, /"x user" is no name of a header/],
  [{ userHeader: 'x-user', trustedProxy: ['10.0.0.1/33'] }, /10\.0\.0\.1\/33 is no address, and no network/],
  [{ userHeader: 'x-user', trustedProxy: ['0.0.0.0/0'] }, /0\.0\.0\.0\/0 is no address, and no network/],
  [{ userHeader: 'x-user', trustedProxy: ['10.0.0.1/'] }, /10\.0\.0\.1\/ is no address, and no network/],
  [{ userHeader: 'x-user', trustedProxy: ['here'] }, /here is no address, and no network/],
  [{ userHeader: 'x', trustedProxy: ['::1'], role: ['boss=admins'] }, /boss=admins is no role of a group/],
  [{ role: ['harm=admins'] }, /--role is about groups that a trusted proxy names/],
  [{ userHeader: 'x', trustedProxy: ['::1'], tokenFile: 'x' }, /it can be only one of them/],
  [{ tlsCert: 'x' }, /--tls-cert and --tls-key need each other/],
])('%j is refused', (more, why) => {
  expect(() => accessOf(flags(more), say)).toThrow(why);
});

test('a certificate that has run out is refused, and one that is good is not', async () => {
  const files = (cert: string, key: string) => {
    const [tlsCert, tlsKey] = [join(folder, 'tls.crt'), join(folder, 'tls.key')];
    writeFileSync(tlsCert, cert);
    writeFileSync(tlsKey, key, { mode: 0o600 });
    return flags({ tlsCert, tlsKey });
  };
  const made = (notAfterDate: Date) =>
    generate([{ name: 'commonName', value: 'desk' }], {
      ...{ algorithm: 'sha256', keyType: 'ec', notBeforeDate: new Date(0), notAfterDate },
    });
  const old = await made(new Date('2020-01-02T00:00:00Z'));
  expect(() => accessOf(files(old.cert, old.private), say)).toThrow(
    /tls\.crt has run out: it was good until Jan +2 .* 2020/,
  );
  const good = await made(new Date(Date.now() + 86_400_000));
  expect(accessOf(files(good.cert, good.private), say).tls).toEqual({ cert: good.cert, key: good.private });
  expect(() => accessOf(files(good.cert, old.private), say)).toThrow(/are no certificate and its key/);
});

test('a token file says who may what, each token as it is or as its digest', () => {
  const digest = createHash('sha256').update('another-token-of-paul').digest('hex');
  const tokens = readTokens(tokenFile(`# people\nharm olga ${SECRET}\n\nlook paul sha256:${digest}\n`));
  expect(tokens.map(({ role, name }) => [role, name])).toEqual([
    ['harm', 'olga'],
    ['look', 'paul'],
  ]);
  expect(JSON.stringify(tokens)).not.toContain(SECRET);
  expect(whoseToken(tokens, SECRET)?.name).toBe('olga');
  expect(whoseToken(tokens, 'another-token-of-paul')?.name).toBe('paul');
  expect(whoseToken(tokens, 'somebody-elses-token')).toBeUndefined();
});

test.each([
  ['', /holds no token/],
  ['boss olga 0123456789abcdef\n', /tokens:1: the line begins with none of look, operate and harm/],
  ['\nlook olga\n', /tokens:2: the line is not a role, a name and a token/],
  ['look olga short\n', /tokens:1: the token is shorter than 16 characters/],
  [`look olga ${SECRET}\nharm olga ${SECRET}x\n`, /names olga twice/],
])('a token file with %j is refused, without its secret', (text, why) => {
  expect(() => readTokens(tokenFile(text))).toThrow(why);
  try {
    readTokens(tokenFile(text));
  } catch (error) {
    expect(String(error)).not.toContain(SECRET);
  }
});

test('a token file that others can read is not used', () => {
  expect(() => readTokens(tokenFile(`look olga ${SECRET}\n`, 0o644))).toThrow(/is open to others \(0644\)/);
});

test('a cookie stands for a token until its owner logs out', () => {
  const tokens = readTokens(tokenFile(`operate olga ${SECRET}\n`));
  const access = { kind: 'tokens', tokens: { now: tokens } } as const;
  const logins = new Logins();
  const [token] = tokens;
  if (!token) throw new Error('no token');
  const cookie = logins.add(token);
  expect(whoAsks(access, logins, asked('10.0.0.7'))).toBeUndefined();
  expect(whoAsks(access, logins, asked('10.0.0.7', {}, 'guessed'))).toBeUndefined();
  const who = whoAsks(access, logins, asked('10.0.0.7', {}, cookie));
  expect(who).toMatchObject({ name: 'olga', named: true, role: 'operate' });
  expect(who?.how).toMatch(/token of olga, from 10\.0\.0\.7$/);
  expect(whoAsks(access, logins, asked('::1', { authorization: `Bearer ${SECRET}` }))?.name).toBe('olga');
  logins.remove(cookie);
  expect(whoAsks(access, logins, asked('10.0.0.7', {}, cookie))).toBeUndefined();
});

test('who is taken out of the token file is known no more, and whose line changes may what it says now', () => {
  const path = tokenFile(`harm olga ${SECRET}\nlook ann ${SECRET}-of-ann\n`);
  const tokens = new TokenFile(path, say);
  const access = { kind: 'tokens', tokens } as const;
  const logins = new Logins();
  const cookies = tokens.now.map((token) => logins.add(token));
  const roles = () => cookies.map((one) => whoAsks(access, logins, asked('10.0.0.7', {}, one))?.role);
  expect(roles()).toEqual(['harm', 'look']);
  tokenFile(`operate ann ${SECRET}-of-ann\n`);
  expect(roles()).toEqual([undefined, 'operate']);
  expect(whoAsks(access, logins, asked('::1', { authorization: `Bearer ${SECRET}` }))).toBeUndefined();
  tokenFile('boss ann\n');
  expect(roles()).toEqual([undefined, undefined]);
  rmSync(path);
  expect(roles()).toEqual([undefined, undefined]);
  tokenFile(`harm olga ${SECRET}\n`);
  expect(roles()).toEqual(['harm', undefined]);
  expect(
    said.filter((line) => line.startsWith('nobody may log in until the token file is mended')),
  ).toHaveLength(2);
  expect(said.join(' ')).not.toContain(SECRET);
});

test('nobody guesses on', () => {
  const logins = new Logins();
  for (let wrong = 0; wrong < 9; wrong += 1) logins.noteWrong('10.0.0.7');
  expect(logins.mustWait('10.0.0.7')).toBe(false);
  logins.noteWrong('10.0.0.7');
  expect(logins.mustWait('10.0.0.7')).toBe(true);
  expect(logins.mustWait('10.0.0.8')).toBe(false);
});

test('a token in a header is guessed no more often than at the login, and no cookie makes a wrong one good', async () => {
  const tokens = readTokens(tokenFile(`look ann ${SECRET}\n`));
  const [token] = tokens;
  if (!token) throw new Error('no token');
  const logins = new Logins();
  const app = new Hono<Env>();
  app.use(
    onlyKnown({ access: { kind: 'tokens', tokens: { now: tokens } }, logins, loopback: false, tls: true }),
  );
  app.get('/api/desk', (c) => c.json({}));
  const status = async (headers: Record<string, string>, remoteAddress = '10.0.0.7'): Promise<number> => {
    const incoming = { socket: { remoteAddress, remotePort: 1, remoteFamily: 'IPv4' } };
    return (await app.request('/api/desk', { headers }, { incoming })).status;
  };
  const right = { authorization: `Bearer ${SECRET}` };
  const cookie = `desk=${logins.add(token)}`;
  expect(await status(right)).toBe(200);
  expect(await status({ cookie, authorization: 'Basic b2xnYTp4' })).toBe(200);
  for (let guess = 0; guess < 10; guess += 1)
    expect(await status({ cookie, authorization: `Bearer guess-${guess}` })).toBe(401);
  expect(await status(right)).toBe(429);
  expect(await status(right, '10.0.0.8')).toBe(200);
  expect(await status({ cookie })).toBe(200);
});

test('a header is believed of the trusted proxy only, and a group gives its highest role', () => {
  const { access } = accessOf(
    flags({
      host: '0.0.0.0',
      userHeader: 'X-Forwarded-User',
      trustedProxy: ['10.1.0.0/16', 'fd00::/8'],
      role: ['operate=upgraders', 'harm=admins'],
    }),
    say,
  );
  const who = (address: string, groups?: string) =>
    whoAsks(
      access,
      new Logins(),
      asked(address, { 'x-forwarded-user': 'olga', ...(groups ? { 'x-forwarded-groups': groups } : {}) }),
    );
  expect(who('10.2.0.1')).toBeUndefined();
  expect(who('unknown')).toBeUndefined();
  expect(who('10.1.2.3')).toMatchObject({ name: 'olga', named: true, role: 'look' });
  expect(who('::ffff:10.1.2.3', 'people, upgraders')?.role).toBe('operate');
  expect(who('fd00::1', 'upgraders,admins')?.role).toBe('harm');
  expect(whoAsks(access, new Logins(), asked('10.1.2.3'))).toBeUndefined();
});

test('who comes past the proxy is told so, and is not asked for a token', async () => {
  const { access } = accessOf(flags({ userHeader: 'x-user', trustedProxy: ['10.1.0.0/16'] }), say);
  const app = new Hono<Env>();
  app.use(onlyKnown({ access, logins: new Logins(), loopback: false, tls: true }));
  const incoming = { socket: { remoteAddress: '10.2.0.1', remotePort: 1, remoteFamily: 'IPv4' } };
  const answer = await app.request('/api/desk', { headers: { 'x-user': 'olga' } }, { incoming });
  expect(answer.status).toBe(403);
  expect(((await answer.json()) as ApiError).error).toMatchObject({
    kind: 'refused',
    message: 'this desk is reached through its proxy only, which says who asks',
  });
});
