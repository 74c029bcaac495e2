/** What `dev` says of a server that does not start, and of one that is to be fetched first. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { runCli } from '../support/run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'threescale-upgrade-dev-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const CONFIG = `apiVersion: v1
kind: Config
current-context: none
contexts: [{ name: none, context: { cluster: none, user: none } }]
clusters: [{ name: none, cluster: { server: 'https://127.0.0.1:1' } }]
users: [{ name: none, user: { token: t } }]
`;
const kubeconfig = join(folder, 'kubeconfig.yaml');
writeFileSync(kubeconfig, CONFIG);

let count = 0;
/** On a machine of its own, where `temporal` is what is written there. */
function dev(temporal: string | undefined, ...flags: string[]) {
  const bin = join(folder, `bin-${(count += 1)}`);
  mkdirSync(bin);
  if (temporal !== undefined) {
    writeFileSync(join(bin, 'temporal'), temporal);
    chmodSync(join(bin, 'temporal'), 0o755);
  }
  return runCli(['dev', '--kubeconfig', kubeconfig, ...flags], {
    PATH: bin,
    THREESCALE_UPGRADE_HOME: join(folder, `home-${count}`),
    XDG_CACHE_HOME: join(folder, `cache-${count}`),
    TEMPORAL_CONFIG_FILE: join(folder, 'none.toml'),
    // Nothing is fetched by a test.
    HTTPS_PROXY: 'http://127.0.0.1:1',
    https_proxy: 'http://127.0.0.1:1',
  });
}

test('it ends where its server does not start, with the reason', async () => {
  const { exitCode, stderr } = await dev(
    '#!/bin/sh\necho "Error: write temporal.db: no space left on device" >&2\nexit 1\n',
    '--ui-port',
    '28236',
  );
  expect(exitCode).toBe(6);
  expect(stderr).toContain('does not start: it ended with exit code 1: the disk is full');
  expect(stderr).toContain('server.log');
});

test('a port of the UI that is taken is named before anything is started', async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  const { port } = taken.address() as AddressInfo;
  const { exitCode, stderr } = await dev('#!/bin/sh\nexit 1\n', '--ui-port', String(port));
  taken.close();
  expect(exitCode).toBe(6);
  expect(stderr).toContain(`port ${port} of 127.0.0.1, where the UI is to be, is taken`);
  expect(stderr).toContain('threescale-upgrade dev --ui-port');
});

test('where there is no server, it says at once what it fetches, from where, and how to avoid it', async () => {
  const { exitCode, stderr } = await dev(undefined);
  const [, first] = stderr.split('\n');
  expect(first).toContain('is fetched from https://temporal.download');
  expect(first).toContain('once, about 60 MB');
  expect(first).toContain('export TEMPORAL_ADDRESS=HOST:7233');
  expect(stderr).toContain('none can be had');
  expect(exitCode).toBe(6);
});
