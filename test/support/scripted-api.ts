import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { parse, stringify } from 'yaml';
import { renderKubeconfig } from '../../simulator/kubeconfig.ts';
import type { Certificate } from '../../simulator/tls.ts';
import { makeCertificate } from '../../simulator/tls.ts';
import type { ClustersOptions } from '../../src/openshift/clusters.ts';
import { Clusters } from '../../src/openshift/clusters.ts';
import type { TenantApi } from '../../src/openshift/tenant-api.ts';

export type Respond = (incoming: IncomingMessage, response: ServerResponse) => void;

/** An HTTPS server that answers as a test says, whatever no API server would. */
export interface ScriptedApi {
  respond: Respond;
  upgrade: (incoming: IncomingMessage, socket: Duplex, head: Buffer) => void;
  /** `GET /api/v1/…` of all requests so far. */
  readonly requests: string[];
  readonly clusters: Clusters;
  /** Of its kubeconfig. */
  readonly folder: string;
  open(signal?: AbortSignal, namespace?: string): TenantApi;
  close(): Promise<void>;
}

export interface ScriptedOptions extends ClustersOptions {
  /** The kubeconfig's user, as it stands there, in place of one with a token. */
  readonly user?: object;
  /** Its own. */
  readonly certificate?: Certificate;
}

export async function openScriptedApi(options: ScriptedOptions = {}): Promise<ScriptedApi> {
  const certificate = options.certificate ?? (await makeCertificate());
  const server = createServer({
    key: certificate.key,
    cert: certificate.cert,
    requestCert: true,
    rejectUnauthorized: false,
  });
  const sockets = new Set<Duplex>();
  server.on('connection', (socket: Duplex) => {
    sockets.add(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const folder = mkdtempSync(join(tmpdir(), 'threescale-upgrade-scripted-'));
  const kubeconfig = join(folder, 'kubeconfig.yaml');
  const { port } = server.address() as AddressInfo;
  const cluster = { name: 'scripted', server: `https://127.0.0.1:${port}`, certificate: certificate.cert };
  const written = parse(
    renderKubeconfig([cluster], [{ name: 'scripted', cluster: 'scripted', token: 't' }]),
  ) as object;
  const { user } = options;
  writeFileSync(
    kubeconfig,
    stringify(user === undefined ? written : { ...written, users: [{ name: 'scripted', user }] }),
  );
  const clusters = new Clusters(kubeconfig, options);
  const api: ScriptedApi = {
    respond: silent,
    upgrade: () => undefined,
    requests: [],
    clusters,
    folder,
    open: (signal, namespace = 'tenant') => clusters.open(clusters.tenant('scripted', namespace), signal),
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
      await clusters.close();
      rmSync(folder, { recursive: true });
    },
  };
  server.on('request', (incoming, response) => {
    api.requests.push(`${incoming.method ?? ''} ${incoming.url ?? ''}`);
    incoming.resume();
    api.respond(incoming, response);
  });
  server.on('upgrade', (incoming: IncomingMessage, socket: Duplex, head: Buffer) => {
    api.upgrade(incoming, socket, head);
  });
  return api;
}

/** Accepts, and says nothing. */
export const silent: Respond = () => undefined;

/** Says how long its answer is, and half of it. */
export const halfSilent: Respond = (_, response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
  response.write('{"items":');
};

export const json =
  (body: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): Respond =>
  (_, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(body));
  };

export const status = (code: number, headers: Readonly<Record<string, string>> = {}): Respond =>
  json(
    { kind: 'Status', status: 'Failure', code, reason: 'Scripted', message: `scripted ${code}` },
    code,
    headers,
  );
