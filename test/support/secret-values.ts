import type { Cluster } from '../../simulator/cluster.ts';
import { RESOURCES } from '../../simulator/resources.ts';

const NAMES = /PASSWORD|TOKEN|SECRET|KEY|DATABASE_URL|ENDPOINT$/;
/** Too short, or too usual, to say anything when found. */
const isTelling = (value: string): boolean =>
  value.length >= 8 && !/^(http:\/\/|3scale_api_user)/.test(value);

/** Every value of an installation that nobody outside its cluster may see: keys of Secrets, and env that hides one. */
export function secretValues(cluster: Cluster, namespace: string): string[] {
  const inSecrets = cluster.store
    .list(RESOURCES.secrets, namespace)
    .filter(({ metadata }) => !metadata.name.startsWith('threescale-upgrade-backup'))
    .flatMap(({ data }) => Object.values((data ?? {}) as Record<string, string>))
    .flatMap((encoded) => [encoded, Buffer.from(encoded, 'base64').toString('utf8')]);
  const inEnv = envOf(cluster.store.list(RESOURCES.deploymentconfigs, namespace))
    .filter(({ name }) => NAMES.test(name))
    .map(({ value }) => value);
  return [...new Set([...inSecrets, ...inEnv])].filter(isTelling);
}

function envOf(value: unknown): { name: string; value: string }[] {
  if (Array.isArray(value)) return value.flatMap(envOf);
  if (typeof value !== 'object' || value === null) return [];
  const { name, value: text } = value as { name?: unknown; value?: unknown };
  const own = typeof name === 'string' && typeof text === 'string' ? [{ name, value: text }] : [];
  return [...own, ...Object.values(value).flatMap(envOf)];
}
