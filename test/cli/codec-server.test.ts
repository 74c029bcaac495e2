import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { chmodSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { keyLine, writeKeyFile } from '../support/key-file.ts';
import { MAIN, runCli } from '../support/run-cli.ts';

/** Until it says that it is ready; then its address, and what becomes of it. */
async function start(args: readonly string[], env: Record<string, string>) {
  const child = spawn(process.execPath, [MAIN, 'codec-server', '--port', '0', ...args], {
    env: { ...process.env, NODE_OPTIONS: '', NO_COLOR: '1', ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  let said = '';
  await new Promise<void>((resolve, reject) => {
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes('codec server ready')) resolve();
    });
    void ended.then(() => {
      reject(new Error(said));
    });
  });
  return { child, ended, said: () => said, url: /http:\S+:\d+/.exec(said)?.[0] ?? '' };
}

test('it says where it is and what it reads, answers, and SIGTERM ends it with 0', async () => {
  const keyFile = writeKeyFile([keyLine('k1')]);
  const server = await start([], { THREESCALE_UPGRADE_KEY_FILE: keyFile, TEMPORAL_NAMESPACE: 'default' });
  expect(server.said()).toContain(`keys of ${keyFile}; for pages of http://127.0.0.1:8233`);
  const payloads = [{ metadata: { encoding: 'anNvbi9wbGFpbg==' }, data: 'Ing0NzExIg==' }];
  const answer = await fetch(`${server.url}/encode`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ payloads }),
  });
  expect(await answer.text()).toContain(Buffer.from('binary/encrypted').toString('base64'));
  server.child.kill('SIGTERM');
  expect(await server.ended).toBe(0);
});

test('a token that is asked for is needed', async () => {
  const token = writeKeyFile(['0123456789abcdef']);
  const server = await start(['--token-file', token, '--origin', 'https://temporal.example.com/'], {});
  expect(server.said()).toContain('for pages of https://temporal.example.com');
  const ask = (headers: Record<string, string>) =>
    fetch(`${server.url}/decode`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: '{"payloads": []}',
    });
  expect((await ask({})).status).toBe(401);
  expect((await ask({ authorization: 'Bearer 0123456789abcdef' })).status).toBe(200);
  server.child.kill('SIGTERM');
  expect(await server.ended).toBe(0);
});

test('a port that is taken, and a host that others reach, are told with what to type', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const address = other.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const taken = await runCli(['codec-server', '--port', String(port)]);
  expect([taken.exitCode, taken.stderr]).toEqual([
    64,
    expect.stringContaining(`port ${port} of 127.0.0.1 is taken`),
  ]);
  expect(taken.stderr).toContain('--port');
  other.close();
  const open = await runCli(['codec-server', '--host', '0.0.0.0']);
  expect([open.exitCode, open.stderr]).toEqual([64, expect.stringContaining('--token-file')]);
});

test.each([
  ['an origin for all', ['--origin', '*'], 'Use an origin'],
  ['a page instead of an origin', ['--origin', 'https://a.example.com/ui'], 'Use an origin'],
  ['a port that is none', ['--port', '70000'], 'Use a port'],
  ['a token that is too short', ['--token-file', writeKeyFile(['short'])], 'openssl rand -hex 32'],
])('%s is refused', async (_, args, said) => {
  const { exitCode, stderr } = await runCli(['codec-server', '--port', '0', ...args]);
  expect([exitCode, stderr]).toEqual([64, expect.stringContaining(said)]);
});

test('keys that others can read are refused by every command, before anything is started', async () => {
  const keyFile = writeKeyFile([keyLine('k1')]);
  chmodSync(keyFile, 0o644);
  const env = { THREESCALE_UPGRADE_KEY_FILE: keyFile, TEMPORAL_ADDRESS: '127.0.0.1:1' };
  for (const command of [
    ['codec-server', '--port', '0'],
    ['fleet', 'list'],
  ]) {
    const { exitCode, stderr } = await runCli(command, env);
    expect([exitCode, stderr]).toEqual([64, expect.stringContaining(`chmod 600 ${keyFile}`)]);
  }
});
