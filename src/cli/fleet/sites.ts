import { siteTaskQueue } from '../../domain/tenant/task-queue.ts';
import type { FleetSpec } from '../../domain/fleet/spec/spec.ts';
import { hasPollers } from '../../temporal/pollers.ts';
import type { Session } from '../session.ts';

/** Sites of the fleet's clusters that no worker has asked for work in the last minutes: their tenants wait for one. */
export async function unservedSites({ client }: Session, { clusters }: FleetSpec): Promise<string[]> {
  const sites = [...new Set(clusters.flatMap(({ site }) => (site === undefined ? [] : [site])))];
  const served = await Promise.all(sites.map((site) => hasPollers(client, siteTaskQueue(site))));
  return sites.filter((_, index) => !served[index]);
}
