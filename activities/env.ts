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

/**
 * As envValue; undefined where it cannot be known, or the container has no such variable. Of several the last one counts, and
 * a literal's `$(NAME)` is the value that NAME has before it, as the kubelet reads it.
 */
export async function findEnvValue(
  api: TenantReader,
  container: Container,
  name: string,
): Promise<string | undefined> {
  const value = await valueBefore(api, container, name, Infinity);
  return value === '' ? undefined : value;
}

/** What the variables before the one at `end` say. */
async function valueBefore(
  api: TenantReader,
  source: Pick<Container, 'env' | 'envFrom'>,
  name: string,
  end: number,
): Promise<string | undefined> {
  const { env = [], envFrom = [] } = source;
  const place = env.findLastIndex((candidate, index) => index < end && candidate.name === name);
  const variable = env[place];
  if (!variable) return fromAny(api, envFrom, name);
  if (variable.value === undefined) return resolve(api, variable);
  let shown = '';
  let rest = 0;
  for (const { 0: found, 1: referred, index } of variable.value.matchAll(/\$\$|\$\(([^)]*)\)/g)) {
    const value = referred === undefined ? '$' : await valueBefore(api, source, referred, place);
    if (value === undefined) return undefined;
    shown += variable.value.slice(rest, index) + value;
    rest = index + found.length;
  }
  return shown + variable.value.slice(rest);
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
