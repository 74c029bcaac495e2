import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parse, stringify } from 'yaml';
import { runCli } from '../support/run-cli.ts';
import type { SimulatedClusters } from '../support/simulated-clusters.ts';
import { openClusters } from '../support/simulated-clusters.ts';

/** Every name that Temporal's own configuration reads, and some of the tool's. */
const SECRETS = {
  TEMPORAL_ADDRESS: '127.0.0.1:1',
  TEMPORAL_API_KEY: 'S3cret-key',
  TEMPORAL_TLS_CLIENT_CERT_DATA: 'S3cret-cert',
  TEMPORAL_TLS_CLIENT_KEY_DATA: 'S3cret-tls',
  TEMPORAL_TLS_CLIENT_KEY_PATH: '/S3cret-path',
  TEMPORAL_CODEC_AUTH: 'S3cret-codec',
  TEMPORAL_GRPC_META_AUTHORIZATION: 'S3cret-meta',
  TEMPORAL_CLIENT_SECRET: 'S3cret-client',
  THREESCALE_UPGRADE_PAYLOAD_KEYS: 'S3cret-payload',
};

let clusters: SimulatedClusters;
beforeAll(async () => {
  clusters = await openClusters({ tenants: 1 });
});
afterAll(() => clusters.close());

interface Kubeconfig {
  users: { name: string; user: Record<string, unknown> }[];
  contexts: { name: string; context: { user: string } }[];
}

/** The kubeconfig with an exec plugin in place of sim1's token; the plugin keeps what it was given to see. */
function withPlugin(asUser: (exec: object) => Record<string, unknown>, env: unknown): string {
  const { folder, kubeconfig } = clusters;
  const config = parse(readFileSync(kubeconfig, 'utf8')) as Kubeconfig;
  const name = config.contexts.find((context) => context.name === 'sim1')?.context.user;
  const entry = config.users.find((user) => user.name === name);
  if (!entry) throw new Error('sim1 has no user');
  const credential = {
    apiVersion: 'client.authentication.k8s.io/v1',
    kind: 'ExecCredential',
    status: entry.user,
  };
  const script = join(folder, 'plugin.sh');
  writeFileSync(
    script,
    `#!/bin/sh\nenv > '${join(folder, 'seen')}'\ncat <<'END'\n${JSON.stringify(credential)}\nEND\n`,
    { mode: 0o755 },
  );
  entry.user = asUser({ apiVersion: 'client.authentication.k8s.io/v1', command: script, env });
  const file = join(folder, 'plugin.yaml');
  writeFileSync(file, stringify(config));
  return file;
}

test.each([
  ['an exec plugin', (exec: object) => ({ exec }), null],
  ['one with variables of its own', (exec: object) => ({ exec }), [{ name: 'MINE', value: 'kept' }]],
  ['one of the old kind', (exec: object) => ({ 'auth-provider': { name: 'exec', config: { exec } } }), []],
])('%s sees no credential of Temporal’s', async (_, asUser, env) => {
  const file = withPlugin(asUser, env);
  const flags = ['--kubeconfig', file, '--context', 'sim1', '--namespace', 'tenant-1'];
  const { exitCode, stderr } = await runCli(['check', ...flags], { ...SECRETS, HARMLESS: 'seen' });
  expect([exitCode, stderr]).toEqual([0, '']);
  const seen = readFileSync(join(clusters.folder, 'seen'), 'utf8');
  expect(seen).toContain('HARMLESS=seen');
  expect(seen).toContain('PATH=');
  expect(seen).not.toMatch(/S3cret|^TEMPORAL_|^THREESCALE_UPGRADE_/m);
  if (env?.length) expect(seen).toContain('MINE=kept');
});

test.each(['gcp', 'azure'])(
  'the command of a provider %s is not run at all: it would see them',
  async (name) => {
    const ran = join(clusters.folder, `ran-${name}`);
    const config = {
      'cmd-path': '/usr/bin/touch',
      'cmd-args': ran,
      'token-key': '{.a}',
      'expiry-key': '{.b}',
    };
    const file = withPlugin(() => ({ 'auth-provider': { name, config } }), []);
    const flags = ['--kubeconfig', file, '--context', 'sim1', '--namespace', 'tenant-1'];
    const { exitCode, stderr } = await runCli(['check', ...flags], SECRETS);
    expect(stderr).toContain(`the user of context sim1 has an auth-provider (${name}) that runs a command`);
    expect(stderr).toContain('an exec plugin');
    expect([exitCode, existsSync(ran)]).toEqual([64, false]);
  },
);
