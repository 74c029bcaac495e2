import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { KubeConfig } from '@kubernetes/client-node';
import { readKubeconfig } from '../../src/openshift/kubeconfig/kubeconfig-files.ts';
import {
  clusterIdentity,
  KubeconfigError,
  selectContext,
} from '../../src/openshift/kubeconfig/kubeconfig.ts';

const folder = mkdtempSync(join(tmpdir(), 'threescale-upgrade-kubeconfig-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

test.each([
  ['taken for an alias', 'password: *S3cret', 'an alias (*…) that leads nowhere'],
  ['taken for the head of a text', 'password: |S3cret', ':3:14 does not parse'],
  ['with an escape that is none', 'password: "\\S3cret"', ':3:14 does not parse'],
  ['that something follows', 'password: "a" S3cret', ':3:17 does not parse'],
])('a password %s is not shown', (_, line, said) => {
  const file = join(folder, 'config');
  writeFileSync(file, `clusters: []\nusers:\n  ${line}\n`);
  const message = (): string => {
    try {
      readKubeconfig(file);
      return 'it was loaded';
    } catch (error) {
      return error instanceof KubeconfigError ? `${error.message} ${error.hint}` : String(error);
    }
  };
  expect(message()).toContain(said);
  expect(message()).not.toContain('S3cret');
});

test.each([
  ['https://API.example.com:443/', 'api.example.com'],
  ['https://api.example.com:6443', 'api.example.com:6443'],
  ['https://hub.example.com/clusters/one/', 'hub.example.com/clusters/one'],
])('the cluster at %s is %s', (server, identity) => {
  const config = new KubeConfig();
  config.loadFromClusterAndUser({ name: 'c', server, skipTLSVerify: false }, { name: 'u' });
  expect(clusterIdentity(config)).toBe(identity);
});

test('a $KUBECONFIG of which no file is there is said so', () => {
  const before = process.env['KUBECONFIG'];
  process.env['KUBECONFIG'] = join(folder, 'none');
  try {
    expect(() => readKubeconfig()).toThrow(KubeconfigError);
  } finally {
    if (before === undefined) Reflect.deleteProperty(process.env, 'KUBECONFIG');
    else process.env['KUBECONFIG'] = before;
  }
});

test('a context whose user is not there is refused: it would speak as nobody', () => {
  const file = join(folder, 'nobody');
  writeFileSync(
    file,
    'clusters: [{name: c, cluster: {server: "https://a"}}]\nusers: []\ncontexts: [{name: x, context: {cluster: c, user: u}}]\n',
  );
  expect(() => selectContext(readKubeconfig(file).config, 'x')).toThrow('names the user u');
});

test.each(['http://me:S3cret@host', 'me:S3cret@host', 'https://me:S3cr@et@ host', 'http://S3cret\n@host'])(
  'a server with a password in it that is no URL is said without it: %j',
  (server) => {
    const config = new KubeConfig();
    config.loadFromClusterAndUser({ name: 'c', server, skipTLSVerify: false }, { name: 'u' });
    expect(() => clusterIdentity(config)).toThrow('which is no https:// URL');
    expect(() => clusterIdentity(config)).not.toThrow(/S3cr/);
  },
);
