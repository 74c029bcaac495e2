import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { REDACTED, Redaction } from '../../src/procedure/evidence/redaction.ts';
import { plainText } from '../../src/domain/text/plain-text.ts';

const PASSWORD = 'p&ss "w<rd>/1%';
const line = (text: string, ...values: string[]): string => new Redaction(values).line(text);

test.each([
  ['as it is', PASSWORD],
  ['in a URL', encodeURIComponent(PASSWORD)],
  ['in a form', encodeURIComponent(PASSWORD).replaceAll('%20', '+')],
  ['in JSON', JSON.stringify(PASSWORD).slice(1, -1)],
  ['in HTML', 'p&amp;ss &quot;w&lt;rd&gt;/1%'],
  ['in base64', Buffer.from(PASSWORD).toString('base64')],
  ['in base64 for URLs', Buffer.from(PASSWORD).toString('base64url')],
  ['in hex', Buffer.from(PASSWORD).toString('hex')],
  ['in capitals', PASSWORD.toUpperCase()],
  ['with what nobody sees in it', `${PASSWORD.slice(0, 5)}\u200b\u001b[31m${PASSWORD.slice(5)}`],
])('a known value is taken out %s', (_, written) => {
  const redacted = line(`could not log in with ${written} at all`, PASSWORD);
  expect(redacted).toBe(`could not log in with ${REDACTED} at all`);
});

test('a value is taken out also where it is a word, or short, and stands alone', () => {
  expect(
    line('user system has secret and code 2.4, systems and secretary have none', 'system', 'secret', '2.4'),
  ).toBe(`user ${REDACTED} has ${REDACTED} and code ${REDACTED}, systems and secretary have none`);
});

test('what a URL carries is taken out on its own too, and so is every text of a document and every line of a file', () => {
  const url = 'mysql2://root:wonderful@system-mysql/system?token=marvellous';
  expect(line('Access denied for root with wonderful and marvellous', url)).toBe(
    `Access denied for ${REDACTED} with ${REDACTED} and ${REDACTED}`,
  );
  const config = JSON.stringify({ auths: { 'registry.example.com': { password: 'wonderful' } } });
  expect(line('refused wonderful', config)).toBe(`refused ${REDACTED}`);
  expect(line('refused wonderful and splendid', 'host = a\npassword = wonderful\nsplendid')).toBe(
    `refused ${REDACTED} and ${REDACTED}`,
  );
});

test('a value that is within another is no way to tell the rest of that', () => {
  expect(line('it is wonderfullest', 'wonderful', 'wonderfullest')).toBe(`it is ${REDACTED}`);
});

test.each([
  'Authorization: Bearer abcdefgh',
  'authorization: Basic dXNlcjpwYXNz',
  'https://joe:abcdefgh@db.example.com/x',
  'https://joe:abc@defgh@db.example.com/x',
  'redis://:abcdefgh@redis:6379',
  'GET /admin?user_key=abcdefgh',
  'password=abcdefgh',
  'DB_PASSWORD: abcdefgh',
  '"password"=>"abcdefgh"',
  '{"access_token":"abcdefgh"}',
  "password: 'abcdefgh'",
  'the password is abcdefgh',
  'joe@abcdefgh.example.com',
  '-----BEGIN RSA PRIVATE KEY----- abcdefgh',
])('what looks like a credential is taken out: %s', (text) => {
  expect(line(text)).toContain(REDACTED);
  expect(line(text)).not.toMatch(/abcdefgh|dXNlcjpwYXNz/);
});

test.each([
  'ghp_16C7e42F292c6912E7710c838347Ae178B4a',
  '550e8400-e29b-41d4-a716-446655440000',
  'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJqb2UifQ.sflKxwRJSMeKKF2QT4fw',
  'a1b2c3d4',
  'xKjdPqWzTbnM',
  '4929123456789012',
  'AKIAIOSFODNN7EXAMPLE',
])('what looks generated is taken out: %s', (text) => {
  expect(line(`it was ${text} then`)).toMatch(/^it was (\[redacted\]|[a-z0-9]{4}|[-.])+ then$/);
});

test.each([
  'PG::ConnectionBad: could not connect to server: Connection refused',
  'Is the server running on host "system-postgresql" (172.30.1.2) and accepting TCP/IP connections on port 5432?',
  'ActiveRecord::PendingMigrationError: Migrations are pending; run bin/rake db:migrate RAILS_ENV=production',
  '/opt/system/vendor/bundle/gems/activerecord-4.2.10/lib/connection_adapters.rb:128:in `rescue in connect',
  'Back-off pulling image "registry.access.redhat.com/3scale-amp24/system:1.7"',
  '2018-12-03T10:11:12Z [ERROR] OOMKilled after 3600 seconds, exit code 137',
  'Liveness probe failed: dial tcp 10.128.2.15:9306: getsockopt: connection refused',
])('what an operator needs stays: %s', (text) => {
  expect(line(text)).toBe(text);
});

test('names of objects stay, also where a value is the same', () => {
  expect(
    new Redaction(['zync', 'wonderful'], ['zync', 'zync-3']).line('pod zync-3 of zync has wonderful'),
  ).toBe(`pod zync-3 of zync has ${REDACTED}`);
});

test('a name with a value in it stays whole, and what only begins with it does not hide a value', () => {
  const redaction = new Redaction(['system', 'app-2 secret'], ['system-app', 'tenant']);
  expect(redaction.line('rollout of tenant/system-app-2, pod system-app-2-hook-pre, user system')).toBe(
    `rollout of tenant/system-app-2, pod system-app-2-hook-pre, user ${REDACTED}`,
  );
  expect(redaction.line('system-app-2 secret')).toBe(REDACTED);
});

test('a line that nobody reads is not looked through, nor shown', () => {
  expect(line('a'.repeat(100_000))).toBe('[a line of 100000 characters]');
});

test('whatever a value is, and whatever stands around it, it is not in the line', () => {
  fc.assert(
    fc.property(
      fc.string({ minLength: 8, unit: 'binary' }),
      fc.string(),
      fc.string(),
      (value, before, after) => {
        const known = plainText(value);
        fc.pre(known.length >= 8 && !known.includes('['));
        expect(line(`${before}${value}${after}`, value).toLowerCase()).not.toContain(known.toLowerCase());
      },
    ),
  );
});
