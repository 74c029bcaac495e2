import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer, request } from 'node:https';
import { parse, stringify } from 'yaml';
import { makeCertificate } from '../../simulator/tls.ts';

interface Kubeconfig {
  readonly clusters: readonly { readonly name: string; readonly cluster: { readonly server: string } }[];
}

/** One host with several clusters behind it, each under a path of its own, as Rancher has it. */
export interface OneHost {
  /** A kubeconfig that leads there: the contexts are those of the clusters. */
  readonly kubeconfig: string;
  /** `127.0.0.1:1234` */
  readonly host: string;
  close(): Promise<void>;
}

/** `/k8s/clusters/NAME/…` of it is `/…` of the cluster that the kubeconfig file calls NAME. */
export async function openOneHost(file: string): Promise<OneHost> {
  const { clusters, ...rest } = parse(readFileSync(file, 'utf8')) as Kubeconfig;
  const servers = new Map(clusters.map(({ name, cluster }) => [name, cluster.server]));
  const { cert, key } = await makeCertificate();
  const host = createServer({ cert, key }, (incoming, outgoing) => {
    const [, name = '', path = ''] = /^\/k8s\/clusters\/([^/]+)(\/.*)$/.exec(incoming.url ?? '') ?? [];
    const server = servers.get(name);
    if (server === undefined) return outgoing.writeHead(404).end();
    const { method, headers } = incoming;
    const onwards = request(server + path, { method, headers, rejectUnauthorized: false }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    onwards.on('error', () => outgoing.destroy());
    outgoing.on('close', () => onwards.destroy());
    return incoming.pipe(onwards);
  });
  await new Promise<void>((resolve) => host.listen(0, '127.0.0.1', resolve));
  const address = `127.0.0.1:${(host.address() as AddressInfo).port}`;
  const behind = clusters.map(({ name }) => ({
    name,
    cluster: { server: `https://${address}/k8s/clusters/${name}`, 'insecure-skip-tls-verify': true },
  }));
  return {
    kubeconfig: stringify({ ...rest, clusters: behind }),
    host: address,
    close: () => new Promise((resolve) => host.close(() => resolve()) && host.closeAllConnections()),
  };
}
