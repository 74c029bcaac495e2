import { HTTP } from 'cloudevents';
import { Webhook } from 'standardwebhooks';
import type { Receiver } from '../../src/domain/notify/receivers.ts';
import { deliverOnce } from '../../src/notify/deliver.ts';
import type { HttpReceiver } from '../support/http-receiver.ts';
import { httpReceiver } from '../support/http-receiver.ts';
import { messageOf } from '../support/notify-message.ts';
import { withEnv } from '../support/with-env.ts';

const SECRET = `whsec_${Buffer.from('a secret of the receiver and of the worker').toString('base64')}`;
const VARIABLE = 'THREESCALE_UPGRADE_NOTIFY_OPS';

let there: HttpReceiver;

beforeEach(async () => {
  there = await httpReceiver();
});

afterEach(() => there.close());

const signing = (): Receiver => ({
  name: 'ops',
  webhook: { url: there.url, secret: { env: VARIABLE } },
});
const unsigned = (): Receiver => ({ name: 'ops', webhook: { url: there.url } });

test('the body is a CloudEvent, and the signature one that another implementation verifies', async () => {
  await withEnv({ [VARIABLE]: SECRET }, () => deliverOnce({ message: messageOf(), receiver: signing() }));
  const [{ headers, body } = { headers: {}, body: '' }] = there.received;
  const verified: unknown = new Webhook(SECRET).verify(body, headers as Record<string, string>);
  expect(verified).toMatchObject({ id: 'prod_m1_on-wave-done_canary', specversion: '1.0' });
  expect(() => new Webhook(SECRET).verify(`${body} `, headers as Record<string, string>)).toThrow();
  const event = HTTP.toEvent({ headers, body });
  expect(event).toMatchObject({
    id: 'prod_m1_on-wave-done_canary',
    source: '/threescale-upgrade/fleet/prod',
    type: 'threescale-upgrade.fleet.wave-done',
    subject: 'prod/canary',
    time: '2026-11-28T01:00:00.000Z',
    data: { counts: { upgraded: 2, reverted: 1 }, wave: 'canary' },
  });
  expect((headers as Record<string, string>)['webhook-id']).toBe('prod_m1_on-wave-done_canary');
});

test('a secret that is no base64 is used as it is', async () => {
  await withEnv({ [VARIABLE]: 'plain words' }, () =>
    deliverOnce({ message: messageOf(), receiver: signing() }),
  );
  const [{ headers, body } = { headers: {}, body: '' }] = there.received;
  const verifier = new Webhook('plain words', { format: 'raw' });
  expect(verifier.verify(body, headers as Record<string, string>)).toMatchObject({ specversion: '1.0' });
});

test.each([
  ['a failure', { status: 500, body: 'SECRET-OF-THE-RECEIVER' }, { message: 'it has answered 500' }],
  ['a refusal', { status: 401 }, { message: 'it has answered 401' }],
  ['the end', { status: 410 }, { gone: true, message: 'it says that it is gone for good (410)' }],
  ['a wish for patience', { status: 429, headers: { 'retry-after': '120' } }, { afterMs: 120_000 }],
  ['a wish without sense', { status: 429, headers: { 'retry-after': 'soon' } }, { afterMs: undefined }],
] as const)('%s is told, and nothing of what was answered', async (_, answer, told) => {
  there.answers(answer);
  await expect(deliverOnce({ message: messageOf(), receiver: unsigned() })).rejects.toMatchObject(told);
});

test('a date to wait for is waited for, a day at most', async () => {
  there.answers({ status: 503, headers: { 'retry-after': 'Fri, 01 Jan 2100 00:00:00 GMT' } });
  const sent = deliverOnce({ message: messageOf(), receiver: unsigned() });
  await expect(sent).rejects.toMatchObject({ afterMs: 86_400_000 });
});

test('a redirect is not followed', async () => {
  const other = await httpReceiver();
  there.answers({ status: 307, headers: { location: other.url } });
  const sent = deliverOnce({ message: messageOf(), receiver: unsigned() });
  await expect(sent).rejects.toThrow('it leads elsewhere, which is not followed (307)');
  expect(other.received).toEqual([]);
  await other.close();
});

test('one that is not there is told by a code, without its address', async () => {
  await there.close();
  const url = there.url.replace('/hook', '/services/T0/B0/secretpath');
  const sent = withEnv({ [VARIABLE]: url }, () =>
    deliverOnce({ message: messageOf(), receiver: { name: 'chat', slack: { url: { env: VARIABLE } } } }),
  );
  await expect(sent).rejects.toThrow('it cannot be reached (ECONNREFUSED)');
  await expect(sent).rejects.not.toThrow(/secretpath|127\.0\.0\.1/);
  there = await httpReceiver();
});

test('a secret that the worker lacks is named', async () => {
  const sent = deliverOnce({ message: messageOf(), receiver: signing() });
  await expect(sent).rejects.toThrow(`the worker lacks the variable ${VARIABLE}`);
  expect(there.received).toEqual([]);
});

test.each([
  ['another variable', { webhook: { url: { env: 'AWS_SECRET_ACCESS_KEY' } } }],
  ['the cluster’s metadata', { webhook: { url: 'http://169.254.169.254/latest' } }],
  ['a path for a secret', { slack: { url: { file: '../../etc/passwd' } } }],
  ['a path for a command', { command: '../../bin/sh' }],
  ['two kinds at once', { command: 'page', slack: { url: { file: 'chat' } } }],
] as const)('%s is refused for good, whoever names it', async (_, given) => {
  const receiver: Receiver = { name: 'evil', ...given };
  await expect(deliverOnce({ message: messageOf(), receiver })).rejects.toMatchObject({ gone: true });
});
