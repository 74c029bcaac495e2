import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, afterEach, expect, test } from '@jest/globals';
import { describeFailure } from '../../activities/boundary.ts';
import { readKubeconfig } from '../../src/openshift/kubeconfig/kubeconfig-files.ts';
import { readConfiguration } from '../../src/temporal/connection.ts';
import { EncryptionKeys } from '../../src/temporal/codec/encryption-keys.ts';
import { writeKeyFile } from '../support/key-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'threescale-upgrade-unparsed-'));
const before = { ...process.env };
afterEach(() => {
  process.env = { ...before };
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** All that a log, a terminal or a history may get of what reading it throws, causes and hints and all. */
function printed(read: () => unknown): string {
  try {
    read();
    return 'it was read';
  } catch (error) {
    return `${inspect(error, { depth: 20 })} ${JSON.stringify(describeFailure(error))}`;
  }
}

const SECRET = 'S3cret';

test.each([
  '!S3cret',
  '!S3cret2024 x',
  '!S3cret!x y',
  '!<S3cret> x',
  '!!S3cret x',
  '!!binary S3cret?',
  '!!int S3cret',
  '!!float S3cret',
  '!!bool S3cret',
  '!!null S3cret',
  '!!set S3cret',
  '!!set {S3cret, b}',
  '!!omap [S3cret]',
  '!!timestamp S3cret',
  '!!merge S3cret',
  '!!map S3cret',
  '*S3cret',
  '&S3cret [*S3cret]',
  '|S3cret',
  '>S3cret',
  '@S3cret',
  '`S3cret',
  '%S3cret',
  '- S3cret',
  '? S3cret',
  'a: b: S3cret',
  '{S3cret',
  '[S3cret',
  '"S3cret',
  "'S3cret",
  '"\\S3cret"',
  '"a" S3cret',
  'a\nS3cret',
  '"\u007f"\n    S3cret: *x',
])('a kubeconfig with %j shows no line of its own', (value) => {
  const file = join(folder, 'config');
  const user = `  user:\n    token: ${SECRET}\n    password: ${value}\n    username: ${SECRET}\n`;
  writeFileSync(file, `clusters: []\ncontexts: []\nusers:\n- name: u\n${user}`);
  const text = printed(() => readKubeconfig(file));
  expect(text).toMatch(/config(:\d+:\d+)? does not parse/);
  expect(text).not.toContain(SECRET);
});

test.each([
  ['users[0].name is missing', `users: [{user: {token: ${SECRET}}}]`],
  ['users[0] must be a map', `users: [null, {user: {token: ${SECRET}}}]`],
  [
    'clusters[0].cluster.server must be text',
    `users: []\nclusters: [{name: c, cluster: {server: [${SECRET}]}}]`,
  ],
])('a kubeconfig that parses and is none says: %s', (said, content) => {
  const file = join(folder, 'none');
  writeFileSync(file, `contexts: []\n${content.includes('clusters') ? '' : 'clusters: []\n'}${content}\n`);
  const text = printed(() => readKubeconfig(file));
  expect(text).toContain(said);
  expect(text).not.toContain(SECRET);
});

test('what a kubeconfig may hold by YAML’s rules is read as it was', () => {
  const file = join(folder, 'fine');
  writeFileSync(
    file,
    'clusters: []\ncontexts: []\nusers:\n- name: u\n  user: &u {token: !!str 2024-01-01, password: "a\\u2028b"}\n- {name: v, user: *u}\n',
  );
  const { config } = readKubeconfig(file);
  expect(config.getUser('v')).toMatchObject({ token: '2024-01-01', password: 'a\u2028b' });
});

const KEY = `api_key = "${SECRET}"`;
test.each([
  ['an end that is missing', `[profile.default]\n${KEY}\naddress = "a`, 'temporal.toml:3:11 does not parse'],
  ['a value without quotes', `[profile.default]\n${KEY}\nnamespace = ${SECRET}\n`, 'does not parse'],
  ['an escape that is none', `[profile.default]\napi_key = "\\${SECRET}"\n`, 'does not parse'],
  ['a key twice', `[profile.default]\n${KEY}\n${KEY}\n`, 'does not parse'],
  ['no table', `${SECRET} = 1\n`, 'another shape'],
  ['a profile that is none', `profile = "${SECRET}"\n`, 'cannot be read'],
  [
    'a key in place of its path',
    `[profile.default]\naddress = "a"\ntls = {client_key_path = "/${SECRET}"}\n`,
    'ENOENT',
  ],
  [
    'a key and its path',
    `[profile.default]\ntls = {client_key_path = "/a", client_key_data = "${SECRET}"}\n`,
    'Cannot specify both client_key_path and client_key_data',
  ],
  [
    'an API key of two lines',
    `[profile.default]\naddress = "a"\napi_key = "${SECRET}\\n"\n`,
    'cannot be sent',
  ],
  [
    'a header of two lines',
    `[profile.default]\naddress = "a"\ngrpc_meta = {authorization = "${SECRET}\\n"}\n`,
    'the header authorization',
  ],
])('Temporal’s configuration with %s shows no line of its own', (_, toml, said) => {
  const file = join(folder, 'temporal.toml');
  writeFileSync(file, toml);
  Reflect.deleteProperty(process.env, 'TEMPORAL_ADDRESS');
  process.env['TEMPORAL_CONFIG_FILE'] = file;
  if (toml.startsWith('profile')) process.env['TEMPORAL_PROFILE'] = 'mine';
  const text = printed(readConfiguration);
  expect(text).toContain(said);
  expect(text).not.toContain(SECRET);
});

test('an API key from the environment that cannot be sent is not shown either', () => {
  process.env['TEMPORAL_CONFIG_FILE'] = join(folder, 'none.toml');
  process.env['TEMPORAL_ADDRESS'] = '127.0.0.1:1';
  process.env['TEMPORAL_API_KEY'] = `${SECRET}\n`;
  const text = printed(readConfiguration);
  expect(text).toContain('cannot be sent');
  expect(text).not.toContain(SECRET);
});

test.each(['k1 S3cret', 'k1: S3cret', 'S3cret: S3cret', `k1: ${'S3cret'.repeat(10)}`, 'off S3cret'])(
  'a file of keys with the line %s shows nothing of it',
  (line) => {
    const text = printed(() => new EncryptionKeys(writeKeyFile([line])));
    expect(text).toContain('line 1');
    expect(text).not.toContain(SECRET);
  },
);
