/** The way to a cluster through proxies that really are there, and with authorities that really have to be known. */
import { writeFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { WebSocketServer } from 'ws';
import { parse, stringify } from 'yaml';
import type { Certificate } from '../../simulator/tls.ts';
import { makeCertificate } from '../../simulator/tls.ts';
import { Clusters } from '../../src/openshift/clusters.ts';
import type { TenantApi } from '../../src/openshift/tenant-api.ts';
import type { OpenProxy, ProxyOptions } from '../support/open-proxy.ts';
import { openProxy, openSocksProxy } from '../support/open-proxy.ts';
import { runCli } from '../support/run-cli.ts';
import type { ScriptedApi } from '../support/scripted-api.ts';
import { json, openScriptedApi } from '../support/scripted-api.ts';

const NAMES = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy', 'NO_PROXY', 'no_proxy'];

let server: ScriptedApi;
let port: number;
let certificate: Certificate;
const opened: { close(): Promise<void> }[] = [];
beforeAll(async () => {
  certificate = await makeCertificate();
  server = await openScriptedApi({ certificate });
  server.respond = json({ items: [] });
  const sockets = new WebSocketServer({ noServer: true, handleProtocols: () => 'v5.channel.k8s.io' });
  server.upgrade = (incoming, socket, head) => {
    sockets.handleUpgrade(incoming, socket, head, (accepted) => {
      accepted.send(Buffer.concat([Buffer.from([3]), Buffer.from('{"status":"Success"}')]));
      accepted.close();
    });
  };
  port = Number(new URL(serverUrl()).port);
});
afterEach(async () => {
  for (const name of NAMES) Reflect.deleteProperty(process.env, name);
  for (const one of opened.splice(0)) await one.close();
});
afterAll(() => server.close());

interface Kubeconfig {
  clusters: { cluster: Record<string, unknown> }[];
}
const written = (): Kubeconfig =>
  parse(readFileSync(join(server.folder, 'kubeconfig.yaml'), 'utf8')) as Kubeconfig;
const serverUrl = (): string => String(written().clusters[0]?.cluster['server']);

/** The same API server by a name that only a proxy knows. */
function kubeconfigOf(cluster: object): string {
  const config = written();
  const elsewhere = { server: 'https://api.far.example:6443', 'tls-server-name': 'localhost' };
  config.clusters = config.clusters.map((entry) => ({
    ...entry,
    cluster: { ...entry.cluster, ...elsewhere, ...cluster },
  }));
  const file = join(server.folder, 'far.yaml');
  writeFileSync(file, stringify(config));
  return file;
}

function open(cluster: object = {}): TenantApi {
  const clusters = new Clusters(kubeconfigOf(cluster), { deadlineMs: 2_000 });
  opened.push(clusters);
  return clusters.open(clusters.tenant('scripted', 'tenant'));
}

async function proxy(options: Partial<ProxyOptions> = {}, make = openProxy): Promise<OpenProxy> {
  const made = await make({ to: port, ...options });
  opened.unshift(made);
  return made;
}

/** A request, and a command in a pod: they have connections of different kinds. */
async function ask(api: TenantApi): Promise<void> {
  await api.list('secrets');
  await api.exec('app-1', 'app', ['rake']);
}
const FAR = 'api.far.example:6443';

describe('a cluster is reached by', () => {
  test.each(['HTTPS_PROXY', 'https_proxy'])('%s', async (name) => {
    const made = await proxy();
    process.env[name] = `http://${made.address}`;
    await ask(open());
    expect(made.asked).toEqual([FAR, FAR]);
  });

  test('its proxy-url, which goes before HTTPS_PROXY and NO_PROXY', async () => {
    const [made, other] = [await proxy(), await proxy()];
    process.env['HTTPS_PROXY'] = `http://${other.address}`;
    process.env['NO_PROXY'] = '*';
    await ask(open({ 'proxy-url': `http://${made.address}` }));
    expect([made.asked, other.asked]).toEqual([[FAR, FAR], []]);
  });

  test('a proxy that asks for a name and a password', async () => {
    const made = await proxy({ login: 'me:S3cret@' });
    process.env['HTTPS_PROXY'] = `http://me:S3cret%40@${made.address}`;
    await ask(open());
    expect(made.asked).toEqual([FAR, FAR]);
  });

  test.each(['socks5', 'socks5h'])('a proxy of %s, which looks the name up', async (scheme) => {
    const made = await proxy({ login: 'me:S3cret' }, openSocksProxy);
    await ask(open({ 'proxy-url': `${scheme}://me:S3cret@${made.address}` }));
    expect(made.asked).toEqual([FAR, FAR]);
  });

  test('no proxy where it is on loopback, or spared by NO_PROXY', async () => {
    const made = await proxy();
    process.env['HTTPS_PROXY'] = `http://${made.address}`;
    await ask(open({ server: serverUrl() }));
    process.env['no_proxy'] = '.far.example';
    await expect(open().list('secrets')).rejects.toThrow(/ENOTFOUND|EAI_AGAIN/);
    expect(made.asked).toEqual([]);
  });

  test('HTTP_PROXY never: it is reached by https', async () => {
    const made = await proxy();
    process.env['HTTP_PROXY'] = process.env['http_proxy'] = `http://${made.address}`;
    await expect(open().list('secrets')).rejects.toThrow(/ENOTFOUND|EAI_AGAIN/);
    expect(made.asked).toEqual([]);
  });
});

describe('said is', () => {
  test('which proxy does not let us through, and not what we showed it', async () => {
    const made = await proxy({ login: 'me:other' });
    process.env['HTTPS_PROXY'] = `http://me:S3cret@${made.address}`;
    const failure = open().list('secrets');
    await expect(failure).rejects.toThrow(`407`);
    await expect(failure).rejects.toThrow(`(through the proxy ${made.address})`);
    await expect(failure).rejects.not.toThrow('S3cret');
  });

  test('which proxy is not there', async () => {
    process.env['HTTPS_PROXY'] = '127.0.0.1:1';
    await expect(open().list('secrets')).rejects.toThrow(
      'ECONNREFUSED 127.0.0.1:1 (through the proxy 127.0.0.1:1)',
    );
  });

  test('which variable names none', async () => {
    const args = ['--kubeconfig', kubeconfigOf({}), '--context', 'scripted', '--namespace', 'tenant'];
    const { exitCode, stderr } = await runCli(['check', ...args], { https_proxy: 'ftp://me:S3cret@proxy' });
    expect([exitCode, stderr]).toEqual([64, expect.stringContaining('https_proxy is no URL of a proxy')]);
    expect(stderr).not.toContain('S3cret');
  });
});

describe('who vouches for a cluster that names no authority', () => {
  const NOBODY = { NODE_EXTRA_CA_CERTS: '', SSL_CERT_FILE: '', SSL_CERT_DIR: '' };

  async function look(env: Record<string, string>, cluster: object = {}): Promise<string> {
    const named = { server: serverUrl(), 'certificate-authority-data': null, ...cluster };
    const args = ['--kubeconfig', kubeconfigOf(named), '--context', 'scripted'];
    const { stdout, stderr } = await runCli(['fleet', 'discover', ...args], { ...NOBODY, ...env });
    return stdout + stderr;
  }

  const ca = (): string => {
    const file = join(server.folder, 'ca.pem');
    writeFileSync(file, certificate.cert);
    return file;
  };

  test.each(['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE'])('is named by %s', async (name) => {
    expect(await look({ [name]: ca() })).not.toMatch(/certificate/);
  });

  test('is nobody where nothing names it', async () => {
    expect(await look({})).toContain('self-signed certificate (name its authority');
  });

  test('vouches for a proxy as well', async () => {
    const made = await proxy({ certificate });
    const far = { server: `https://${FAR}` };
    const env = { HTTPS_PROXY: `https://${made.address}` };
    expect(await look({ ...env, SSL_CERT_FILE: ca() }, far)).not.toMatch(/certificate/);
    expect(made.asked).toContain(FAR);
    expect(await look(env, far)).toContain('self-signed certificate');
  });
});
