/** The way to Temporal, by commands and by workers: through proxies, with TLS, and where it is not as it was configured. */
import { writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import type { Server } from 'node:tls';
import { createServer } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { stopDevServer } from '../../src/temporal/dev-server/dev-server.ts';
import { makeSigned } from '../support/authority.ts';
import { CliProcess } from '../support/cli-process.ts';
import type { Lab } from '../support/lab.ts';
import { openLab } from '../support/lab.ts';
import type { OpenProxy } from '../support/open-proxy.ts';
import { openProxy } from '../support/open-proxy.ts';
import type { CliResult } from '../support/run-cli.ts';
import { runCli } from '../support/run-cli.ts';

let lab: Lab;
let port: number;
let authority: string;
/** The same server by TLS, and by TLS with a certificate of the client. */
const fronts: Server[] = [];
let tls: string;
let mutual: string;
beforeAll(async () => {
  lab = await openLab({ worker: false });
  port = Number(lab.target.address.split(':')[1]);
  const signed = await makeSigned();
  authority = join(lab.folder, 'authority.pem');
  writeFileSync(authority, signed.authority);
  tls = await front({ key: signed.key, cert: signed.cert });
  mutual = await front({ key: signed.key, cert: signed.cert, requestCert: true, ca: signed.authority });
});
afterAll(async () => {
  for (const server of fronts) server.close();
  await lab.close();
});

const opened: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});

async function front(options: object): Promise<string> {
  const server = createServer({ ...options, ALPNProtocols: ['h2'] }, (socket: Duplex) => {
    const target = connect(port, '127.0.0.1');
    socket.pipe(target).pipe(socket);
    socket.on('error', () => target.destroy());
    target.on('error', () => socket.destroy());
  });
  server.unref();
  fronts.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function proxy(login?: string, to = port): Promise<OpenProxy> {
  const made = await openProxy({ to, ...(login === undefined ? {} : { login }) });
  opened.push(made);
  return made;
}

/** Nothing of this machine's. */
const OWN = {
  HTTPS_PROXY: '',
  https_proxy: '',
  NO_PROXY: '',
  no_proxy: '',
  SSL_CERT_FILE: '',
  NODE_EXTRA_CA_CERTS: '',
};
const FAR = { TEMPORAL_ADDRESS: 'temporal.far.example:7233' };
const list = (env: Record<string, string>): Promise<CliResult> =>
  runCli(['fleet', 'list'], { ...OWN, ...env });

async function works(env: Record<string, string>): Promise<void> {
  const worker = new CliProcess(['worker', '--kubeconfig', lab.kubeconfig], { ...OWN, ...env });
  // It goes before its proxy does.
  opened.unshift({ close: () => worker.kill('SIGKILL') });
  const [listed] = await Promise.all([list(env), worker.says('worker ready')]);
  expect([listed.exitCode, listed.stderr]).toEqual([0, expect.stringContaining('no fleets')]);
}

describe('a command and a worker reach Temporal', () => {
  test.each(['HTTPS_PROXY', 'https_proxy'])('by %s, with a name and a password', async (name) => {
    const made = await proxy('me:S3cret');
    await works({ ...FAR, [name]: `http://me:S3cret@${made.address}` });
    expect(new Set(made.asked)).toEqual(new Set(['temporal.far.example:7233']));
  });

  test('by a proxy and TLS', async () => {
    const made = await proxy(undefined, Number(tls.split(':')[1]));
    await works({
      TEMPORAL_ADDRESS: 'temporal.far.example:443',
      HTTPS_PROXY: made.address,
      TEMPORAL_TLS: 'true',
      TEMPORAL_TLS_SERVER_NAME: 'localhost',
      TEMPORAL_TLS_SERVER_CA_CERT_PATH: authority,
    });
    expect(new Set(made.asked)).toEqual(new Set(['temporal.far.example:443']));
  });

  test.each(['SSL_CERT_FILE', 'NODE_EXTRA_CA_CERTS'])('by TLS that %s vouches for', async (name) => {
    await works({ TEMPORAL_ADDRESS: tls, TEMPORAL_TLS: 'true', [name]: authority });
  });

  test('on loopback without a proxy, whatever the environment says', async () => {
    const made = await proxy();
    const names = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy', 'grpc_proxy', 'ALL_PROXY'];
    const all = Object.fromEntries(names.map((name) => [name, `http://${made.address}`]));
    await works({ ...all, TEMPORAL_ADDRESS: lab.target.address });
    await works({ ...all, TEMPORAL_ADDRESS: `localhost:${port}` });
    expect(made.asked).toEqual([]);
  });
});

test('the embedded Temporal starts, and is reached, whatever the environment says of proxies', async () => {
  const made = await proxy();
  const home = join(lab.folder, 'proxied');
  const url = `http://${made.address}`;
  // What only says or looks starts none where nothing was ever kept.
  await lab.simulator.install('sim1', 'proxied');
  const tenant = ['--context', 'sim1', '-n', 'proxied', '--kubeconfig', lab.kubeconfig];
  const { exitCode, stderr } = await runCli(['start', ...tenant, '--yes', '--why', 'to start it'], {
    ...OWN,
    THREESCALE_UPGRADE_HOME: home,
    ...{ http_proxy: url, https_proxy: url, grpc_proxy: url, HTTP_PROXY: url, HTTPS_PROXY: url },
  });
  expect([exitCode, stderr]).toEqual([0, expect.stringContaining('Temporal dev server started')]);
  expect(made.asked).toEqual([]);
  const before = process.env['THREESCALE_UPGRADE_HOME'];
  process.env['THREESCALE_UPGRADE_HOME'] = home;
  expect(await stopDevServer()).toBe(true);
  process.env['THREESCALE_UPGRADE_HOME'] = before;
});

describe('said in one way, at once', () => {
  const PLAIN = (): Record<string, string> => ({ TEMPORAL_ADDRESS: lab.target.address });
  const TLS = (): Record<string, string> => ({ TEMPORAL_ADDRESS: tls });
  test.each([
    [
      'TLS, and a server that speaks none',
      () => ({ ...PLAIN(), TEMPORAL_TLS: 'true' }),
      'speaks no TLS, and TLS is configured',
      'Unset TEMPORAL_TLS',
    ],
    [
      'an API key, and a server without TLS',
      () => ({ ...PLAIN(), TEMPORAL_API_KEY: 'S3cret' }),
      'speaks no TLS, and an API key is configured',
      'Unset TEMPORAL_API_KEY',
    ],
    [
      'no TLS, and a server that speaks it',
      TLS,
      'speaks TLS, and none is configured',
      'Set TEMPORAL_TLS=true',
    ],
    [
      'nobody who vouches for it',
      () => ({ ...TLS(), TEMPORAL_TLS: 'true' }),
      'shows a certificate that is not trusted: UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      'TEMPORAL_TLS_SERVER_CA_CERT_PATH',
    ],
    [
      'another name',
      () => ({ ...TLS(), SSL_CERT_FILE: authority, TEMPORAL_TLS_SERVER_NAME: 'elsewhere' }),
      'not trusted: ERR_TLS_CERT_ALTNAME_INVALID',
      'TEMPORAL_TLS_SERVER_NAME',
    ],
    [
      'no certificate of the client',
      () => ({ TEMPORAL_ADDRESS: mutual, TEMPORAL_TLS: 'true', SSL_CERT_FILE: authority }),
      'asks for a certificate of the client, and none is configured',
      'TEMPORAL_TLS_CLIENT_CERT_PATH',
    ],
    [
      'half of a certificate',
      () => ({ ...TLS(), TEMPORAL_TLS_CLIENT_CERT_DATA: 'S3cret' }),
      'names the client’s certificate, and no key',
      'Set both',
    ],
    [
      'a proxy that is not there',
      () => ({ ...FAR, HTTPS_PROXY: '127.0.0.1:1' }),
      'cannot be reached through the proxy 127.0.0.1:1: connect ECONNREFUSED',
      'NO_PROXY',
    ],
    [
      'a proxy of SOCKS',
      () => ({ ...FAR, HTTPS_PROXY: 'socks5://me:S3cret@127.0.0.1:1' }),
      'a proxy of http:// only',
      'NO_PROXY',
    ],
    [
      'a proxy that is none',
      () => ({ ...FAR, HTTPS_PROXY: 'ftp://me:S3cret@proxy' }),
      'HTTPS_PROXY is no URL of a proxy',
      'http://',
    ],
  ])('%s', async (_, env, said, hint) => {
    const { exitCode, stderr } = await list(env());
    const lines = stderr.split('\n').filter((line) => !/DEP0123|trace-deprecation/.test(line));
    expect([exitCode, lines]).toEqual([6, [expect.stringContaining(said), expect.stringContaining(hint)]]);
    expect(stderr).not.toContain('S3cret');
  });

  test('a proxy that does not know us', async () => {
    const made = await proxy('me:other');
    const { exitCode, stderr } = await list({ ...FAR, HTTPS_PROXY: `http://me:S3cret@${made.address}` });
    expect([exitCode, stderr]).toEqual([
      6,
      expect.stringContaining(`through the proxy ${made.address}: it answers 407`),
    ]);
    expect(stderr).not.toContain('S3cret');
  });

  const fleet = (): string => {
    const file = join(lab.folder, 'fleet.yaml');
    writeFileSync(file, 'name: prod\ntenants:\n  - {context: sim1, namespace: tenant-1}\n');
    return file;
  };
  const tenant = (): string[] => [
    '--kubeconfig',
    lab.kubeconfig,
    '--context',
    'sim1',
    '--namespace',
    'tenant-1',
  ];
  const why = ['--why', 'to see it'];
  test.each([
    ['start', () => ['start', ...tenant(), '--yes', ...why]],
    ['status', () => ['status', ...tenant()]],
    ['report', () => ['report', ...tenant()]],
    ['pause', () => ['pause', ...tenant(), ...why]],
    ['retry', () => ['retry', ...tenant(), ...why]],
    ['worker', () => ['worker', '--kubeconfig', lab.kubeconfig]],
    ['worker --site', () => ['worker', '--site', 'eu', '--kubeconfig', lab.kubeconfig]],
    ['fleet start', () => ['fleet', 'start', '-f', fleet(), '--kubeconfig', lab.kubeconfig, '--yes', ...why]],
    ['fleet list', () => ['fleet', 'list']],
    ['fleet status', () => ['fleet', 'status', 'prod']],
    ['fleet watch', () => ['fleet', 'watch', 'prod']],
    ['fleet report', () => ['fleet', 'report', 'prod']],
    ['fleet resume', () => ['fleet', 'resume', 'prod', ...why]],
    ['fleet pause', () => ['fleet', 'pause', 'prod', ...why]],
  ])('a namespace that is not there: %s', async (_, args) => {
    const env = { ...OWN, TEMPORAL_ADDRESS: lab.target.address, TEMPORAL_NAMESPACE: 'nowhere' };
    const { exitCode, stderr } = await runCli(args(), env);
    expect(stderr).toContain(`the Temporal server ${lab.target.address} has no namespace nowhere`);
    expect(stderr).toContain('make it: temporal operator namespace create --namespace nowhere');
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(exitCode).toBe(6);
  });
});

test.each([
  ['TEMPORAL_ADDRESS'],
  [
    'TEMPORAL_ADDRESS',
    'TEMPORAL_PROFILE',
    'TEMPORAL_CONFIG_FILE',
    'TEMPORAL_NAMESPACE',
    'TEMPORAL_API_KEY',
    'TEMPORAL_TLS',
  ],
])('set but empty is not set: %s', async (...names) => {
  const empty = Object.fromEntries(names.map((name) => [name, '']));
  const { exitCode, stderr } = await list({ XDG_CONFIG_HOME: lab.folder, ...empty });
  expect([exitCode, stderr]).toEqual([0, expect.stringContaining(`no fleets on ${lab.target.address}`)]);
});

test.each([
  [
    'a key, and TLS switched off',
    { TEMPORAL_API_KEY: 'S3cret', TEMPORAL_TLS: 'false' },
    'an API key is configured for Temporal, and TLS is switched off',
  ],
  ['a switch that is neither', { TEMPORAL_TLS: 'yes' }, 'TEMPORAL_TLS is neither true nor false'],
  [
    'a key, and no server',
    { TEMPORAL_ADDRESS: '', TEMPORAL_API_KEY: 'S3cret' },
    'an API key or TLS is configured for Temporal, and no server is named',
  ],
])('refused before anything is sent: %s', async (_, env, said) => {
  const { exitCode, stderr } = await list({
    XDG_CONFIG_HOME: lab.folder,
    TEMPORAL_ADDRESS: lab.target.address,
    ...env,
  });
  expect([exitCode, stderr]).toEqual([6, expect.stringContaining(said)]);
  expect(stderr).not.toContain('S3cret');
});

test('so are others beside an address', async () => {
  const others = [
    'NAMESPACE',
    'API_KEY',
    'PROFILE',
    'TLS',
    'TLS_CLIENT_CERT_PATH',
    'TLS_SERVER_CA_CERT_PATH',
  ];
  const empty = Object.fromEntries(others.map((name) => [`TEMPORAL_${name}`, '']));
  const { exitCode, stderr } = await list({ TEMPORAL_ADDRESS: lab.target.address, ...empty });
  expect([exitCode, stderr]).toEqual([0, expect.stringMatching(/^no fleets on/)]);
});
