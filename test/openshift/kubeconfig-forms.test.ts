/**
 * Kubeconfigs form by form, as client-go reads and refuses them: clientcmd/loader.go, client_config.go and validation.go, and
 * https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/. Where kubectl is on this machine, it
 * is asked as well: what it refuses we refuse, and what it takes we take.
 */
import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readKubeconfig } from '../../src/openshift/kubeconfig/kubeconfig-files.ts';
import { Clusters } from '../../src/openshift/clusters.ts';
import type { KubeconfigUser } from '../../src/openshift/kubeconfig/kubeconfig-entries.ts';
import { KubeconfigError, selectContext } from '../../src/openshift/kubeconfig/kubeconfig.ts';
import { requireUsable } from '../../src/openshift/kubeconfig/usable-context.ts';
import { KubeconfigFiles, oneContext } from '../support/kubeconfig-files.ts';

const files = new KubeconfigFiles();
beforeAll(() => {
  files.write('here.pem', 'PEM');
  files.write('token', 'of-file');
});
afterAll(() => {
  files.remove();
});

function used(...names: readonly string[]): KubeconfigUser {
  files.list(...names);
  const { config } = readKubeconfig();
  const selected = selectContext(config, config.getCurrentContext());
  requireUsable(selected);
  return selected.getCurrentUser() as KubeconfigUser;
}

function refused(...names: readonly string[]): string {
  try {
    return `taken: ${JSON.stringify(used(...names))}`;
  } catch (error) {
    if (!(error instanceof KubeconfigError)) throw error;
    return error.message;
  }
}

const hasKubectl = spawnSync('kubectl', ['version', '--client']).status === 0;
/** What kubectl says before it asks the server; undefined: it asks it. */
function kubectlRefuses(...names: readonly string[]): string | undefined {
  files.list(...names);
  const asked = ['get', '--raw', '/', '--request-timeout=1s', '--server=https://127.0.0.1:1'];
  const { stderr } = spawnSync('kubectl', asked, {
    encoding: 'utf8',
    env: { ...process.env, HOME: files.folder },
  });
  return /127\.0\.0\.1:1\b|getting credentials/.test(stderr) ? undefined : stderr;
}

const EXEC = {
  apiVersion: 'client.authentication.k8s.io/v1',
  command: './plugin',
  interactiveMode: 'Never',
};
const PEM = Buffer.from('PEM').toString('base64');

describe('several files of $KUBECONFIG', () => {
  beforeAll(() => {
    files.write('whole.yaml', oneContext({ token: 'of-whole' }));
    files.write('users.yaml', { users: [{ name: 'u', user: { tokenFile: 'token' } }] });
    files.write('deep/users.yaml', { users: [{ name: 'u', user: { exec: EXEC } }] });
    files.write('empty.yaml', '');
    files.write('nothing.yaml', '# nothing\n---\n');
    files.write('contexts.yaml', {
      contexts: [{ name: 'other', context: { cluster: 'c', user: 'u', namespace: 'shop' } }],
      'current-context': 'other',
    });
    files.write('user-less.yaml', { ...oneContext({}), users: null });
    files.write('password.yaml', {
      users: [{ name: 'u', user: { username: 'me', password: 'of-password' } }],
    });
  });

  test.each([
    ['one that is missing', ['none.yaml', 'whole.yaml'], { token: 'of-whole' }],
    ['one that is missing at the end', ['whole.yaml', 'none.yaml', ''], { token: 'of-whole' }],
    ['an empty one', ['empty.yaml', 'whole.yaml'], { token: 'of-whole' }],
    ['one of nothing but a comment', ['nothing.yaml', 'whole.yaml'], { token: 'of-whole' }],
    ['one of users only', ['users.yaml', 'user-less.yaml'], { tokenFile: files.path('token') }],
    ['one of contexts only', ['whole.yaml', 'contexts.yaml'], { token: 'of-whole' }],
    [
      'a user twice: the first, and nothing of the second',
      ['password.yaml', 'whole.yaml'],
      { username: 'me' },
    ],
    ['a user twice, the other way round', ['whole.yaml', 'password.yaml'], { token: 'of-whole' }],
    [
      'a relative path of a file elsewhere',
      ['deep/users.yaml', 'whole.yaml'],
      { exec: { command: files.path('deep/plugin') } },
    ],
  ])('%s', (_, names, user) => {
    expect(used(...names)).toMatchObject(user);
    if (!('token' in user)) expect(used(...names)).not.toHaveProperty('token');
    if (hasKubectl) expect(kubectlRefuses(...names)).toBeUndefined();
  });

  test.each([
    [['whole.yaml', 'contexts.yaml'], 'k'],
    [['contexts.yaml', 'whole.yaml'], 'other'],
    [['users.yaml', 'contexts.yaml', 'whole.yaml'], 'other'],
  ])('of %j the current context is the first one’s that has one', (names, context) => {
    files.list(...names);
    expect(readKubeconfig().config.getCurrentContext()).toBe(context);
    if (!hasKubectl) return;
    const { stdout } = spawnSync('kubectl', ['config', 'current-context'], {
      encoding: 'utf8',
      env: process.env,
    });
    expect(stdout.trim()).toBe(context);
  });

  test('none that names a cluster', () => {
    expect(refused('users.yaml', 'contexts.yaml')).toMatch(
      /users\.yaml, .*contexts\.yaml together name no clusters/,
    );
    expect(refused('empty.yaml')).toContain('empty.yaml is not a kubeconfig: it names no clusters');
  });
});

/** What kubectl is not asked about: it takes it, and we say why not, or the other way round. */
const OTHERWISE = 'otherwise than kubectl';

test.each([
  [
    'a certificate authority that is missing',
    {},
    { 'certificate-authority': 'no.pem' },
    'cluster c of FILE names FOLDER/no.pem as its certificate-authority, which cannot be read: ENOENT',
  ],
  [
    'a client certificate that is missing',
    { 'client-certificate': 'no.pem', 'client-key': 'here.pem' },
    {},
    'user u of FILE names FOLDER/no.pem as its client-certificate',
  ],
  [
    'a client key that is missing',
    { 'client-certificate-data': PEM, 'client-key': '/no/key.pem' },
    {},
    'user u of FILE names /no/key.pem as its client-key',
  ],
  [
    'a client certificate without a key',
    { 'client-certificate': 'here.pem' },
    {},
    'has a client-certificate, and no client-key',
  ],
  [
    'two ways to log in',
    { token: 'S3cret', username: 'S3cret', password: 'S3cret' },
    {},
    'has two ways to log in: token, username and password',
  ],
  ['nothing to log in with', { 'token-file': 'token' }, {}, 'user u of FILE has nothing to log in with'],
  [
    'groups of nobody',
    { token: 't', 'as-groups': ['g'] },
    {},
    'has as-uid, as-groups or as-user-extra, and no as',
  ],
  [
    'a plugin and a provider',
    { exec: EXEC, 'auth-provider': { name: 'oidc' } },
    {},
    'has an exec plugin and an auth-provider',
  ],
  [
    'a plugin without a command',
    { exec: { ...EXEC, command: '' } },
    {},
    'has an exec plugin without a command',
  ],
  [
    'a plugin without a version',
    { exec: { ...EXEC, apiVersion: '' } },
    {},
    'has an exec plugin whose apiVersion',
  ],
  [
    'a plugin of an unknown version',
    { exec: { ...EXEC, apiVersion: 'v1' } },
    {},
    'has an exec plugin whose apiVersion',
    OTHERWISE,
  ],
  [
    'a proxy of an unknown kind',
    {},
    { 'proxy-url': 'ftp://me:S3cret@proxy' },
    'cluster c of FILE has a proxy-url that is no URL of',
  ],
  [
    'a proxy without a scheme',
    {},
    { 'proxy-url': 'S3cret:3128' },
    'cluster c of FILE has a proxy-url that is no URL of',
  ],
  [
    'a token that is a number',
    { token: 123 },
    {},
    'users[0].user.token must be text; a number, true and false must be quoted',
  ],
  [
    'arguments that are no list',
    { exec: { ...EXEC, args: 'S3cret' } },
    {},
    'users[0].user.exec.args must be a list',
  ],
  [
    'an authority that is no flag',
    {},
    { 'insecure-skip-tls-verify': 'S3cret' },
    'clusters[0].cluster.insecure-skip-tls-verify must be true or false',
  ],
])('refused: %s', (_, user, cluster, said, otherwise = '') => {
  const path = files.write('one.yaml', oneContext(user, cluster));
  const message = refused('one.yaml');
  expect(message).toContain(said.replace('FILE', path).replace('FOLDER', files.folder));
  expect(message).not.toContain('S3cret');
  if (hasKubectl && otherwise === '') expect(kubectlRefuses('one.yaml')).toEqual(expect.any(String));
});

test.each([
  [
    'data beside a file that is there',
    { 'client-certificate': 'here.pem', 'client-certificate-data': PEM, 'client-key-data': PEM },
    {},
    { certData: PEM },
    OTHERWISE,
  ],
  [
    'a file by a path relative to the kubeconfig',
    { 'client-certificate': './here.pem', 'client-key': 'here.pem' },
    {},
    { certFile: files.path('here.pem'), keyFile: files.path('here.pem') },
    OTHERWISE,
  ],
  [
    'a token’s file beside a token',
    { token: 't', tokenFile: '/run/token' },
    {},
    { token: 't', tokenFile: '/run/token' },
  ],
  ['a plugin on PATH', { exec: { ...EXEC, command: 'plugin' } }, {}, { exec: { command: 'plugin' } }],
  [
    'a plugin by an absolute path',
    { exec: { ...EXEC, command: '/opt/plugin' } },
    {},
    { exec: { command: '/opt/plugin' } },
  ],
  [
    'a plugin in a folder above',
    { exec: { ...EXEC, command: '../bin/plugin' } },
    {},
    { exec: { command: files.path('../bin/plugin') } },
  ],
  [
    'a plugin that does not say whether it needs a terminal',
    { exec: { ...EXEC, interactiveMode: null } },
    {},
    { exec: { command: files.path('plugin') } },
    OTHERWISE,
  ],
  [
    'a user who is somebody else',
    { token: 't', as: 'a', 'as-groups': ['g'], 'as-uid': '1', 'as-user-extra': { 'a/b': ['x'] } },
    {},
    {
      impersonateUser: 'a',
      impersonateGroups: ['g'],
      impersonateUid: '1',
      impersonateExtra: { 'a/b': ['x'] },
    },
  ],
  [
    'fields that are null',
    { token: 't', exec: null, tokenFile: null, username: null },
    { extensions: null },
    { token: 't' },
  ],
  ['fields that nobody knows', { token: 't', future: { a: 1 } }, { future: [1] }, { token: 't' }],
  ['a proxy of SOCKS', { token: 't' }, { 'proxy-url': 'socks5://127.0.0.1:9' }, { token: 't' }],
])('taken: %s', (_, user, cluster, expected, otherwise = '') => {
  files.write('one.yaml', oneContext(user, cluster));
  expect(used('one.yaml')).toMatchObject(expected);
  if (hasKubectl && otherwise === '') expect(kubectlRefuses('one.yaml')).toBeUndefined();
});

test('an entry that nobody uses may lack what it needs, and one name may not stand twice', () => {
  const whole = oneContext({ token: 't' }) as { clusters: object[] };
  files.write('one.yaml', {
    ...whole,
    clusters: [...whole.clusters, { name: 'bare', cluster: {} }, { name: 'null' }],
  });
  expect(used('one.yaml')).toMatchObject({ token: 't' });
  if (hasKubectl) expect(kubectlRefuses('one.yaml')).toBeUndefined();
  files.write('one.yaml', { ...whole, clusters: [...whole.clusters, ...whole.clusters] });
  expect(refused('one.yaml')).toContain('clusters has two of the name c');
  if (hasKubectl) expect(kubectlRefuses('one.yaml')).toContain('duplicate name');
});

test('a context without a user is refused: nobody may do anything', () => {
  files.write('one.yaml', { ...oneContext({}), contexts: [{ name: 'k', context: { cluster: 'c' } }] });
  expect(refused('one.yaml')).toBe('context k names no user');
  if (hasKubectl) expect(kubectlRefuses('one.yaml')).toEqual(expect.any(String));
});

test('who only names a tenant needs no credentials', () => {
  const path = files.write(
    'one.yaml',
    oneContext({ 'client-certificate': 'no.pem', 'client-key': 'no.pem' }),
  );
  const clusters = new Clusters(path);
  const tenant = clusters.tenant('k', 'shop');
  expect(tenant.cluster).toBe('api.example.com:6443');
  expect(() => clusters.open(tenant)).toThrow('names');
});

test('merge keys of YAML are followed', () => {
  files.write(
    'one.yaml',
    'x: &x {token: t}\nclusters: [{name: c, cluster: {server: "https://a"}}]\nusers: [{name: u, user: {<<: *x}}]\ncontexts: [{name: k, context: {cluster: c, user: u}}]\ncurrent-context: k\n',
  );
  expect(used('one.yaml')).toMatchObject({ token: 't' });
  if (hasKubectl) expect(kubectlRefuses('one.yaml')).toBeUndefined();
});
