import { stringify } from 'yaml';
import type { Discovered, Found } from '../discovery.ts';

/**
 * A fleet file to start from. What no upgrade starts from, and what could not be looked at, stands in comments. With a
 * site each cluster has its address: where the fleet is started no kubeconfig may know it.
 */
export function renderDiscovered({ found, failed }: Discovered, site?: string): string {
  const tenants = found.filter(({ upgradable }) => upgradable);
  const others = found.filter(({ upgradable }) => !upgradable);
  const servers = new Map(tenants.map(({ context, cluster }) => [context, cluster]));
  const clusters = [...servers].map(([context, server]) => ({
    [context]: site === undefined ? {} : { server, site },
  }));
  return [
    '# Every key: docs/fleet-file.md. Look at what it would do with: threescale-upgrade fleet plan -f fleet.yaml',
    'name: fleet',
    ...(clusters.length > 0 ? ['clusters:', ...clusters.map((cluster) => `  ${flow(cluster)}`)] : []),
    tenants.length > 0 ? 'tenants:' : 'tenants: []',
    ...tenants.map((tenant) => `  - ${entryOf(tenant)}`),
    ...(others.length > 0 ? ['  # Of a version that no upgrade starts from, or unknown:'] : []),
    ...others.map((tenant) => `  # - ${entryOf(tenant)}`),
    ...failed.map(({ context, why }) => `# ${context} could not be looked at: ${why.replaceAll('\n', ' ')}`),
  ].join('\n');
}

function entryOf({ context, namespace, version = 'unknown' }: Found): string {
  return `{ ${flow({ cluster: context, namespace, labels: { version } })} }`;
}

/** The pairs of a map on one line, whatever its values need to be quoted. */
function flow(value: Readonly<Record<string, unknown>>): string {
  const text = stringify(value, { collectionStyle: 'flow', lineWidth: 0 }).trim();
  return text.slice(1, -1).trim();
}
