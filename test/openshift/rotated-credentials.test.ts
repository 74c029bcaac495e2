/** Credentials of an exec plugin that live for minutes, while a worker runs for weeks. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { inspect } from 'node:util';
import { X509Certificate } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { WebSocketServer } from 'ws';
import type { Certificate } from '../../simulator/tls.ts';
import { makeCertificate } from '../../simulator/tls.ts';
import type { ScriptedApi } from '../support/scripted-api.ts';
import { json, openScriptedApi, status } from '../support/scripted-api.ts';

const folder = mkdtempSync(join(tmpdir(), 'threescale-upgrade-rotated-'));
const answer = join(folder, 'answer.json');
const calls = join(folder, 'calls');
const plugin = join(folder, 'plugin.sh');

let server: ScriptedApi;
beforeAll(async () => {
  writeFileSync(plugin, `#!/bin/sh\necho asked >> '${calls}'\ncat '${answer}'\n`, { mode: 0o755 });
  const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: plugin };
  server = await openScriptedApi({ user: { exec } });
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  writeFileSync(calls, '');
});

const asked = (): number => readFileSync(calls, 'utf8').split('\n').length - 1;
function give(statusOfCredential: object): void {
  const apiVersion = 'client.authentication.k8s.io/v1';
  writeFileSync(answer, JSON.stringify({ apiVersion, kind: 'ExecCredential', status: statusOfCredential }));
}
/** One that is past its time whenever it is looked at: the next request asks anew. */
const giveCertificate = ({ cert, key }: Certificate): void => {
  give({
    clientCertificateData: cert,
    clientKeyData: key,
    expirationTimestamp: new Date(0).toISOString(),
  });
};
const fingerprint = ({ cert }: Certificate): string => new X509Certificate(cert).fingerprint256;
const shownBy = ({ socket }: IncomingMessage): string =>
  (socket as TLSSocket).getPeerCertificate().fingerprint256;

test('a certificate that has turned is used from the next request on, and the old connection goes', async () => {
  const [first, second] = [await makeCertificate(), await makeCertificate()];
  const shown: string[] = [];
  const closed: Promise<unknown>[] = [];
  server.respond = (incoming, response) => {
    shown.push(shownBy(incoming));
    closed.push(new Promise((resolve) => incoming.socket.once('close', resolve)));
    json({ items: [] })(incoming, response);
  };
  const api = server.open();
  giveCertificate(first);
  await api.list('secrets');
  await api.list('secrets');
  giveCertificate(second);
  await api.list('secrets');
  expect(shown).toEqual([fingerprint(first), fingerprint(first), fingerprint(second)]);
  await closed[0];
});

test('what is under way while the certificate turns ends well', async () => {
  const [first, second] = [await makeCertificate(), await makeCertificate()];
  const waiting: (() => void)[] = [];
  server.respond = (incoming, response) => {
    if (shownBy(incoming) === fingerprint(second)) json({ items: [] })(incoming, response);
    else
      waiting.push(() => {
        json({ items: [{ metadata: { name: 'late' } }] })(incoming, response);
      });
  };
  const api = server.open();
  giveCertificate(first);
  const slow = api.list('secrets');
  while (waiting.length === 0) await new Promise(setImmediate);
  giveCertificate(second);
  expect(await api.list('secrets')).toEqual([]);
  waiting[0]?.();
  expect(await slow).toMatchObject([{ metadata: { name: 'late' } }]);
});

test('a command in a pod shows the certificate of its time', async () => {
  const shown: string[] = [];
  const sockets = new WebSocketServer({ noServer: true, handleProtocols: () => 'v5.channel.k8s.io' });
  server.upgrade = (incoming, socket, head) => {
    shown.push(shownBy(incoming));
    sockets.handleUpgrade(incoming, socket, head, (accepted) => {
      accepted.send(Buffer.concat([Buffer.from([3]), Buffer.from('{"status":"Success"}')]));
      accepted.close();
    });
  };
  const certificates = [await makeCertificate(), await makeCertificate()];
  for (const certificate of certificates) {
    giveCertificate(certificate);
    await server.open().exec('app-1', 'app', ['rake']);
  }
  expect(shown).toEqual(certificates.map(fingerprint));
  sockets.close();
});

/** Takes one token, and counts what it refuses. */
function takes(token: string): { refused: number } {
  const count = { refused: 0 };
  server.respond = (incoming, response) => {
    if (incoming.headers.authorization === `Bearer ${token}`) json({ items: [] })(incoming, response);
    else {
      count.refused += 1;
      status(401)(incoming, response);
    }
  };
  return count;
}

test('a token whose plugin does not say when it expires is asked for anew once it is refused', async () => {
  const api = server.open();
  give({ token: 'one' });
  takes('one');
  await api.list('secrets');
  const before = asked();
  await api.list('secrets');
  expect(asked()).toBe(before);
  give({ token: 'two' });
  const count = takes('two');
  await api.list('secrets');
  expect([asked() - before, count.refused]).toEqual([1, 1]);
  expect(await api.delete('secrets', 'x')).toBe(true);
});

test('so is one that a write is refused for, and the write is made once', async () => {
  const api = server.open();
  give({ token: 'one' });
  takes('one');
  await api.list('secrets');
  give({ token: 'two' });
  const count = takes('two');
  const before = server.requests.length;
  await api.create('secrets', { metadata: { name: 'x' } });
  expect([server.requests.length - before, count.refused]).toEqual([2, 1]);
});

test('where the plugin gives nothing better it is asked once more, and no oftener', async () => {
  const api = server.open();
  give({ token: 'wrong' });
  const count = takes('right');
  await expect(api.list('secrets')).rejects.toMatchObject({ kind: 'Unauthorized', status: 401 });
  expect(count.refused).toBe(2);
});

test('what a plugin printed is shown nowhere, and not taken for its answer the next time', async () => {
  server.respond = status(401);
  await server
    .open()
    .list('secrets')
    .catch(() => undefined);
  for (const printed of ['no JSON: S3cret', '"S3cret"', 'null']) {
    writeFileSync(answer, printed);
    const error: unknown = await server
      .open()
      .list('secrets')
      .catch((reason: unknown) => reason);
    expect(inspect(error, { depth: 20 })).not.toContain('S3cret');
    expect(error).toMatchObject({ kind: 'Unauthorized' });
  }
  give({ token: 'three' });
  takes('three');
  expect(await server.open().list('secrets')).toEqual([]);
});
