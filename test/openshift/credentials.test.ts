/** What a kubeconfig's user shows, as client-go finds it: tokens of files, and of plugins. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IncomingMessage } from 'node:http';
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import { WebSocketServer } from 'ws';
import type { ScriptedApi } from '../support/scripted-api.ts';
import { json, openScriptedApi, status } from '../support/scripted-api.ts';

const folder = mkdtempSync(join(tmpdir(), 'threescale-upgrade-credentials-'));
const tokenFile = join(folder, 'token');
const opened: ScriptedApi[] = [];
afterAll(async () => {
  for (const server of opened) await server.close();
  rmSync(folder, { recursive: true });
});

let seen: IncomingMessage['headers'][] = [];
beforeEach(() => {
  seen = [];
  rmSync(tokenFile, { force: true });
});

async function open(user: object): Promise<ScriptedApi> {
  const server = await openScriptedApi({ user });
  server.respond = (incoming, response) => {
    seen.push(incoming.headers);
    json({ items: [] })(incoming, response);
  };
  opened.push(server);
  return server;
}

async function failureOf(user: object): Promise<string> {
  const server = await open(user);
  return server
    .open()
    .list('secrets')
    .then(
      () => 'it was answered',
      (error: unknown) => (error as Error).message,
    );
}

const shown = (): (string | undefined)[] => seen.map(({ authorization }) => authorization);

describe('a token’s file', () => {
  test('is read, without the line feed at its end, and anew as it rotates', async () => {
    const api = (await open({ tokenFile })).open();
    writeFileSync(tokenFile, 'one\n');
    await api.list('secrets');
    writeFileSync(tokenFile, 'two\n');
    await api.list('secrets');
    expect(shown()).toEqual(['Bearer one', 'Bearer two']);
  });

  test('goes before a token, which does where the file cannot be read', async () => {
    const api = (await open({ token: 'kept', tokenFile })).open();
    await api.list('secrets');
    writeFileSync(tokenFile, 'of-file');
    await api.list('secrets');
    rmSync(tokenFile);
    await api.list('secrets');
    expect(shown()).toEqual(['Bearer kept', 'Bearer of-file', 'Bearer of-file']);
  });

  test('may be beside the kubeconfig', async () => {
    const server = await open({ tokenFile: 'token' });
    writeFileSync(join(server.folder, 'token'), 'beside');
    await server.open().list('secrets');
    expect(shown()).toEqual(['Bearer beside']);
  });

  test('that rotates as its token is refused is read once more', async () => {
    const server = await open({ tokenFile });
    writeFileSync(tokenFile, 'old');
    server.respond = (incoming, response) => {
      seen.push(incoming.headers);
      writeFileSync(tokenFile, 'new');
      const isNew = incoming.headers.authorization === 'Bearer new';
      (isNew ? json({ items: [] }) : status(401))(incoming, response);
    };
    await server.open().list('secrets');
    expect(shown()).toEqual(['Bearer old', 'Bearer new']);
  });

  test('is named where it is missing, or empty', async () => {
    expect(await failureOf({ tokenFile })).toMatch(
      /user scripted of .*kubeconfig\.yaml names .*\/token as its tokenFile, which cannot be read: ENOENT$/,
    );
    writeFileSync(tokenFile, ' \n');
    expect(await failureOf({ tokenFile })).toContain('which is empty');
    expect(seen).toEqual([]);
  });

  test('is shown by a command in a pod as well', async () => {
    const server = await open({ tokenFile });
    const sockets = new WebSocketServer({ noServer: true, handleProtocols: () => 'v5.channel.k8s.io' });
    server.upgrade = (incoming, socket, head) => {
      seen.push(incoming.headers);
      sockets.handleUpgrade(incoming, socket, head, (accepted) => {
        accepted.send(Buffer.concat([Buffer.from([3]), Buffer.from('{"status":"Success"}')]));
        accepted.close();
      });
    };
    writeFileSync(tokenFile, 'of-file');
    await server.open().exec('app-1', 'app', ['rake']);
    expect(shown()).toEqual(['Bearer of-file']);
    sockets.close();
  });
});

test('who is somebody else says so with every name, group and mark', async () => {
  const server = await open({
    token: 't',
    as: 'jo',
    'as-uid': '7',
    'as-groups': ['a', 'b'],
    'as-user-extra': { 'example.com/scopes': ['x', 'y'] },
  });
  await server.open().list('secrets');
  expect(seen[0]).toMatchObject({
    'impersonate-user': 'jo',
    'impersonate-uid': '7',
    'impersonate-group': 'a, b',
    'impersonate-extra-example.com%2fscopes': 'x, y',
  });
});

describe('an exec plugin', () => {
  const apiVersion = 'client.authentication.k8s.io/v1';
  const script = (name: string, lines: string, where = folder): string => {
    const path = join(where, name);
    writeFileSync(path, `#!/bin/sh\n${lines}\n`, { mode: 0o755 });
    return path;
  };
  const gives = (credential: object, version = apiVersion): string =>
    `cat <<'END'\n${JSON.stringify({ apiVersion: version, kind: 'ExecCredential', status: credential })}\nEND`;
  const by = (command: string, more: object = {}): object => ({ exec: { apiVersion, command, ...more } });

  test('is run by a path relative to the kubeconfig', async () => {
    const server = await open(by('./bin/plugin'));
    mkdirSync(join(server.folder, 'bin'));
    script('plugin', gives({ token: 'beside' }), join(server.folder, 'bin'));
    await server.open().list('secrets');
    expect(shown()).toEqual(['Bearer beside']);
  });

  test('is told what client-go tells it', async () => {
    const asked = join(folder, 'asked');
    const command = script(
      'asks',
      `printf %s "$KUBERNETES_EXEC_INFO" > '${asked}'\n${gives({ token: 't' })}`,
    );
    const server = await open(by(command, { provideClusterInfo: true }));
    await server.open().list('secrets');
    expect(JSON.parse(readFileSync(asked, 'utf8'))).toMatchObject({
      apiVersion,
      kind: 'ExecCredential',
      spec: {
        interactive: false,
        cluster: {
          server: expect.stringMatching(/^https:\/\/127\.0\.0\.1:\d+$/),
          'certificate-authority-data': expect.any(String),
        },
      },
    });
  });

  test('is run once for all that ask at the same time', async () => {
    const ran = join(folder, 'ran');
    const command = script('slow', `echo x >> '${ran}'\nsleep 0.3\n${gives({ token: 't' })}`);
    const server = await open(by(command));
    const api = server.open();
    await Promise.all([api.list('secrets'), api.list('secrets'), api.list('configmaps')]);
    expect([readFileSync(ran, 'utf8'), seen.length]).toEqual(['x\n', 3]);
  });

  test('that is not there is named, with its own hint', async () => {
    const installHint = 'Get it with:\n  brew install \u001b[2Jplug';
    expect(await failureOf(by('/no/such/plugin', { installHint }))).toMatch(
      /the plugin \/no\/such\/plugin is not there\. Its own hint: Get it with: +brew install plug$/,
    );
    expect(await failureOf(by('no-such-plugin'))).toMatch(/the plugin no-such-plugin is not there$/);
  });

  test('that may not be run is named', async () => {
    const path = join(folder, 'closed');
    writeFileSync(path, '', { mode: 0o644 });
    expect(await failureOf(by(path))).toMatch(/the plugin .*closed cannot be run: EACCES$/);
  });

  test('that fails says why, in its own words, and shows no credential in them', async () => {
    const command = script(
      'fails',
      [
        'echo "{\\"token\\": \\"Out-S3cret-1\\"}"',
        'echo "cannot log in to https://me:S3cret@idp.example.com/realms/eu-west-1: the account expired" >&2',
        'echo "sent: $GIVEN, $1, Out-S3cret-1, Bearer S3cret, password=S3cret {\\"client_secret\\": \\"S3cret\\"}" >&2',
        'echo "got: eyJhbGciOiJSUzI1NiJ9.S3cret.S3cret sha256~S3cret AKIA7XS3cretS3cretS3cret1" >&2',
        'exit 3',
      ].join('\n'),
    );
    const env = [{ name: 'GIVEN', value: 'Given-S3cret-2' }];
    const message = await failureOf(by(command, { env, args: ['--client-secret=Arg-S3cret-3'] }));
    expect(message).toMatch(
      /the plugin .*fails failed with exit code 3: cannot log in to https:\/\/…@idp\.example\.com\/realms\/eu-west-1: the account expired sent: …/,
    );
    expect(message).not.toContain('S3cret');
  });

  test('that fails with a megabyte of words is told of in time', async () => {
    for (const word of ['=', 'a', 'a1', '://', 'token:']) {
      const loud = script('loud', `yes '${word}' | tr -d '\\n' | head -c 900000 >&2; exit 1`);
      const before = performance.now();
      expect((await failureOf(by(loud))).length).toBeLessThan(800);
      expect(performance.now() - before).toBeLessThan(10_000);
    }
  });

  test.each([
    ['nothing', 'true', 'does not answer with an ExecCredential'],
    ['something else', 'echo S3cret', 'does not answer with an ExecCredential'],
    [
      'another version',
      gives({ token: 'S3cret' }, 'client.authentication.k8s.io/v1beta1'),
      'another version than',
    ],
    ['no credential', gives({}), 'neither a token nor a certificate'],
    ['half a credential', gives({ clientCertificateData: 'S3cret' }), 'one of certificate and key'],
    ['no reason', 'exit 1', 'failed with exit code 1, and does not say why'],
  ])('that gives %s is told so', async (name, lines, said) => {
    const message = await failureOf(by(script(name.replaceAll(' ', '-'), lines)));
    expect(message).toContain(said);
    expect(message).not.toContain('S3cret');
  });

  test('that needs a terminal is told that there is none', async () => {
    expect(await failureOf(by(script('asks-you', 'read x'), { interactiveMode: 'Always' }))).toContain(
      'needs a terminal (interactiveMode: Always)',
    );
  });

  test('gives no token where the kubeconfig has one', async () => {
    const command = script('beaten', gives({ token: 'of-plugin' }));
    await (await open({ token: 'own', ...by(command) })).open().list('secrets');
    expect(shown()).toEqual(['Bearer own']);
  });

  test('is not run where the kubeconfig has credentials of another sort, as in client-go', async () => {
    const command = script('broken', 'exit 7');
    await (await open({ username: 'me', password: 'own', ...by(command) })).open().list('secrets');
    expect(shown()).toEqual([`Basic ${Buffer.from('me:own').toString('base64')}`]);
  });

  test('whose credentials end at no time is told so', async () => {
    const command = script('timeless', gives({ token: 'S3cret', expirationTimestamp: 'soon' }));
    expect(await failureOf(by(command))).toContain('gives an expirationTimestamp that is none');
  });

  test.each([
    'ya29.a0AfH6SMBx7Q1zS3cretS3cretS3cret',
    'hvs.CAESIJ8S3cretS3cretS3cretS3cret12',
    '0.AXoAS3cretS3cretS3cretS3cret12.AbCd',
    'session:Ab1234S3cretS3cretS3cretS3cret',
  ])('that prints %s shows none of it', async (token) => {
    const message = await failureOf(by(script('prints', `echo 'cached ${token} was rejected' >&2; exit 1`)));
    expect(message).toMatch(/cached (session:)?… was rejected/);
    expect(message).not.toContain('S3cret');
  });
});
