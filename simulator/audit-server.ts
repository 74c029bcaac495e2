import { createServer } from 'node:http';
import type { Cluster } from './cluster.ts';
import type { OnLoopback } from './loopback.ts';
import { listenOnLoopback } from './loopback.ts';

type Shown = (cluster: Cluster, namespace: string | undefined) => unknown;

/** By what is asked for; a namespace narrows it, and the last two need one. */
const SHOWN: Readonly<Record<string, Shown>> = {
  writes: ({ audit }, namespace) => audit.writes(namespace === undefined ? {} : { namespace }),
  'written-twice': ({ audit }, namespace) => audit.writtenTwice(namespace === undefined ? {} : { namespace }),
  rollouts: ({ audit }, namespace) => audit.rollouts(namespace ?? ''),
  requests: ({ audit }, namespace) => audit.requests(namespace ?? ''),
};

/**
 * What users have done to the clusters, as JSON over plain HTTP on loopback, to look at only; no value of an object is in it.
 * `GET /CLUSTER/writes`, `/CLUSTER/written-twice`, `/CLUSTER/rollouts`, `/CLUSTER/requests`, each with `?namespace=NAME`.
 * Port 0: a free one. Rejects with the error of `listen`.
 */
export function serveAudit(clusters: readonly Cluster[], port: number): Promise<OnLoopback> {
  const listener = createServer(({ method, url = '/' }, response) => {
    const { pathname, searchParams } = new URL(url, 'http://localhost');
    const [name, what = '', ...more] = pathname.split('/').filter(Boolean);
    const cluster = clusters.find((candidate) => candidate.name === name);
    const show = Object.hasOwn(SHOWN, what) && more.length === 0 ? SHOWN[what] : undefined;
    const found = method === 'GET' && cluster && show;
    const body = found
      ? found(cluster, searchParams.get('namespace') ?? undefined)
      : { error: `there are GET /CLUSTER/${Object.keys(SHOWN).join(', /CLUSTER/')}` };
    response.writeHead(found ? 200 : 404, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  return listenOnLoopback(listener, port);
}
