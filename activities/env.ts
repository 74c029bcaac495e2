import type { TenantReader } from '../src/openshift/tenant-api.ts';
import type { Container, DeploymentConfig, EnvFrom, EnvVar } from '../src/openshift/types.ts';
import { StepError } from './step-error.ts';

/**
 * The value that a variable of a container has: a literal, or from a Secret or ConfigMap. Stays in the worker's
 * memory. Throws `NotFound` or `Invalid` where it cannot be known, naming the variable, never its value.
 */
export async function envValue(api: TenantReader, container: Container, name: string): Promise<string> {
  const isNamed = container.env?.some((candidate) => candidate.name === name);
  const value = await findEnvValue(api, container, name);
  if (value !== undefined) return value;
  throw new StepError(
    isNamed ? 'Invalid' : 'NotFound',
    isNamed
      ? `variable ${name} of container ${container.name} has no value that can be read`
      : `container ${container.name} has no variable ${name}`,
    `Set ${name}, as a literal, or from a key of a Secret or ConfigMap that is there, then retry.`,
  );
}

/** As envValue; undefined where it cannot be known, or the container has no such variable. Of several the last one counts. */
export async function findEnvValue(
  api: TenantReader,
  { env, envFrom = [] }: Container,
  name: string,
): Promise<string | undefined> {
  const variable = env?.findLast((candidate) => candidate.name === name);
  const value = variable ? await resolve(api, variable) : await fromAny(api, envFrom, name);
  return value === undefined || value === '' || value.includes('$(') ? undefined : value;
}

/** Of several sources that have the variable the last one counts. */
async function fromAny(
  api: TenantReader,
  sources: readonly EnvFrom[],
  name: string,
): Promise<string | undefined> {
  for (const { prefix = '', configMapRef, secretRef } of sources.toReversed()) {
    if (!name.startsWith(prefix)) continue;
    const key = name.slice(prefix.length);
    const valueFrom = configMapRef
      ? { configMapKeyRef: { ...configMapRef, key } }
      : { secretKeyRef: { ...secretRef, key } };
    const value = await resolve(api, { name, valueFrom });
    if (value !== undefined) return value;
  }
  return undefined;
}

async function resolve(api: TenantReader, { value, valueFrom }: EnvVar): Promise<string | undefined> {
  if (value !== undefined) return value;
  const { secretKeyRef, configMapKeyRef } = valueFrom ?? {};
  if (secretKeyRef?.name) {
    const secret = await api.get('secrets', secretKeyRef.name);
    const data = secret?.data?.[secretKeyRef.key ?? ''];
    return data === undefined ? undefined : Buffer.from(data, 'base64').toString('utf8');
  }
  if (configMapKeyRef?.name) {
    return (await api.get('configmaps', configMapKeyRef.name))?.data?.[configMapKeyRef.key ?? ''];
  }
  return undefined;
}

export function containersOf(config: DeploymentConfig): readonly Container[] {
  return config.spec.template.spec.containers;
}
