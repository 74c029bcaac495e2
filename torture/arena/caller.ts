import { createApiHandler } from '../../simulator/api/handler.ts';
import type { Cluster } from '../../simulator/cluster.ts';
import { MASTERS } from '../../simulator/identities.ts';
import type { Call } from '../faults/foreign-edits.ts';
import { SOMEBODY } from './deeds.ts';

/** A person with every right, who types to a cluster. */
export function callerOf(cluster: Cluster): Call {
  const handler = createApiHandler(cluster);
  cluster.identities.addToken(SOMEBODY, { user: SOMEBODY, groups: [MASTERS, 'system:authenticated'] });
  return (method, path, body) => {
    const { status, body: answer } = handler.handle({
      method,
      path,
      query: new URLSearchParams(),
      headers: { authorization: `Bearer ${SOMEBODY}`, 'content-type': 'application/json' },
      body: body === undefined ? '' : JSON.stringify(body),
    });
    if (status >= 300)
      throw new Error(`${method} ${path}: ${status} ${JSON.stringify(answer).slice(0, 300)}`);
  };
}
