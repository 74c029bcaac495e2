import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { Cluster } from './cluster.ts';
import type { RequestFault, RequestMatch, ScriptedFault, WorkFault, WorkKind } from './faults.ts';
import type { OnLoopback } from './loopback.ts';
import { listenOnLoopback } from './loopback.ts';
import type { RegistryAnswer, RegistryFault } from './registry.ts';
import { isRecord } from './schema/decode.ts';
import type { ApiServer } from './server.ts';

/**
 * Faults and the log from outside the process: JSON over plain HTTP on loopback, for whoever drives a campaign.
 *
 * - `POST /CLUSTER/faults {match, fault}`: a request fault (`faults.ts`; `match.path` is the text of a pattern) → `{id}`
 * - `POST /CLUSTER/registry {images, answer, times, forMs}`: a registry fault (`images` a pattern's text) → `{id}`
 * - `POST /CLUSTER/work {kind, name, message, …}`: a fault of hooks, rollouts or imports → `{id}`
 * - `GET /CLUSTER/faults/ID` → `{hits}`; `DELETE /CLUSTER/faults/ID`: it is over; `DELETE /CLUSTER/faults`: all are
 * - `POST /CLUSTER/cut-watches`, `POST /CLUSTER/compact`: watches end; versions from before are too old
 * - `POST /CLUSTER/settle`: answers once the controllers have come to rest
 * - `GET /CLUSTER/log?since=NUMBER`: the mutations since then (`request-log.ts`)
 */
export function serveControl(
  clusters: readonly { readonly cluster: Cluster; readonly server: ApiServer }[],
  port: number,
): Promise<OnLoopback> {
  const inForce = new Map<string, ScriptedFault>();
  let count = 0;

  function keep(cluster: Cluster, fault: ScriptedFault): { id: string } {
    const id = `${cluster.name}-${(count += 1)}`;
    inForce.set(id, fault);
    return { id };
  }

  async function answer(incoming: IncomingMessage): Promise<unknown> {
    const url = new URL(incoming.url ?? '/', 'http://localhost');
    const [name = '', what = '', id] = url.pathname.split('/').filter(Boolean);
    const found = clusters.find(({ cluster }) => cluster.name === name);
    if (!found) throw new Error(`no simulated cluster is called ${name}`);
    const { cluster, server } = found;
    switch (`${incoming.method ?? ''} ${what}`) {
      case 'POST faults': {
        const { match, fault } = await bodyOf(incoming);
        return keep(cluster, cluster.faults.onRequest(toMatch(match), fault as RequestFault));
      }
      case 'POST registry': {
        const { images, answer: words, ...more } = await bodyOf(incoming);
        const fault = { ...more, images: new RegExp(String(images)), answer: words as RegistryAnswer };
        return keep(cluster, cluster.registry.fail(fault satisfies RegistryFault));
      }
      case 'POST work': {
        const { kind, ...fault } = await bodyOf(incoming);
        const remove = cluster.faults.onWork(kind as WorkKind, fault as unknown as WorkFault);
        return keep(cluster, { hits: NaN, remove });
      }
      case 'GET faults':
        return { hits: inForce.get(id ?? '')?.hits };
      case 'DELETE faults': {
        const ids = id === undefined ? [...inForce.keys()].filter((key) => key.startsWith(`${name}-`)) : [id];
        for (const key of ids) inForce.get(key)?.remove();
        for (const key of ids) inForce.delete(key);
        return {};
      }
      case 'POST cut-watches':
        server.cutWatches();
        return {};
      case 'POST compact':
        server.compact();
        return {};
      case 'POST settle':
        await cluster.settle();
        return {};
      case 'GET log':
        return cluster.requestLog.since(Number(url.searchParams.get('since') ?? 0));
      default:
        throw new Error(`nobody knows ${incoming.method ?? ''} ${url.pathname}`);
    }
  }

  const listener = createServer((incoming, response) => {
    void answer(incoming)
      .then((value) => [200, value] as const)
      .catch(
        (error: unknown) => [400, { error: error instanceof Error ? error.message : String(error) }] as const,
      )
      .then(([status, value]) => {
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
      });
  });
  return listenOnLoopback(listener, port);
}

function toMatch(match: unknown): RequestMatch {
  const given = isRecord(match) ? match : {};
  const { path, ...more } = given;
  return { ...(more as RequestMatch), ...(path === undefined ? {} : { path: new RegExp(String(path)) }) };
}

/** Who drives this knows the types of what is scripted: a wrong one is a fault that nothing meets. */
async function bodyOf(incoming: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(Buffer.from(chunk as Uint8Array));
  const parsed: unknown = JSON.parse(Buffer.concat(chunks).toString() || '{}');
  return isRecord(parsed) ? parsed : {};
}
