import { objectName } from '../../openshift/resources.ts';
import type { TenantReader } from '../../openshift/tenant-api.ts';
import type { Container, DeploymentConfig, EnvFrom, EnvVar, KeyRef } from '../../openshift/types.ts';
import { StepError } from '../step-error.ts';

/**
 * What a container's variable is: its value; or why nobody can know it here, without any value; undefined where the container
 * has no such variable.
 */
export type FoundValue =
  { readonly value: string; readonly why?: never } | { readonly value?: never; readonly why: string };

/**
 * The value that a variable of a container has: a literal, or from a Secret or ConfigMap. Stays in the worker's
 * memory. Throws `NotFound` or `Invalid` where it cannot be known, naming the variable, never its value.
 */
export async function envValue(api: TenantReader, container: Container, name: string): Promise<string> {
  const isNamed = container.env?.some((candidate) => candidate.name === name);
  const found = await findEnvValue(api, container, name);
  if (found?.value) return found.value;
  throw new StepError(
    isNamed ? 'Invalid' : 'NotFound',
    isNamed
      ? `variable ${name} of container ${container.name} has no value that can be read`
      : `container ${container.name} has no variable ${name}`,
    `Set ${name}, as a literal, or from a key of a Secret or ConfigMap that is there, then retry.`,
  );
}

/**
 * As the kubelet reads it: of several the last one counts, but for one that is optional and not there; a literal's `$(NAME)` is
 * the value that NAME has before it, and `env` goes before `envFrom`.
 */
export function findEnvValue(
  api: TenantReader,
  container: Pick<Container, 'env' | 'envFrom'>,
  name: string,
): Promise<FoundValue | undefined> {
  return valueBefore(api, container, name, Infinity);
}

/** What the variables before the one at `end` say. */
async function valueBefore(
  api: TenantReader,
  source: Pick<Container, 'env' | 'envFrom'>,
  name: string,
  end: number,
): Promise<FoundValue | undefined> {
  const { env = [], envFrom = [] } = source;
  const place = env.findLastIndex((candidate, index) => index < end && candidate.name === name);
  const variable = env[place];
  if (!variable) return fromAny(api, envFrom, name);
  if (variable.valueFrom) {
    return (await fromKey(api, variable.valueFrom)) ?? valueBefore(api, source, name, place);
  }
  const { value: text = '' } = variable;
  let shown = '';
  let rest = 0;
  for (const { 0: found, 1: referred, index } of text.matchAll(/\$\$|\$\(([^)]*)\)/g)) {
    const part = referred === undefined ? { value: '$' } : await valueBefore(api, source, referred, place);
    if (part?.value === undefined) return { why: part?.why ?? `it refers to ${found}, which is not set` };
    shown += text.slice(rest, index) + part.value;
    rest = index + found.length;
  }
  return { value: shown + text.slice(rest) };
}

/** Of several sources that have the variable the last one counts. */
async function fromAny(
  api: TenantReader,
  sources: readonly EnvFrom[],
  name: string,
): Promise<FoundValue | undefined> {
  for (const { prefix = '', configMapRef, secretRef } of sources.toReversed()) {
    if (!name.startsWith(prefix)) continue;
    const [resource, { name: from = '', optional }] = configMapRef
      ? (['configmaps', configMapRef] as const)
      : (['secrets', secretRef ?? {}] as const);
    const data = await dataOf(api, resource, from);
    const value = data?.[name.slice(prefix.length)];
    if (value !== undefined) return { value };
    if (!data && !optional)
      return { why: `it may come from ${objectName(resource, from)}, which is not there` };
  }
  return undefined;
}

/** Undefined where it may rightly be missing, and is. */
async function fromKey(
  api: TenantReader,
  { secretKeyRef, configMapKeyRef, ...others }: NonNullable<EnvVar['valueFrom']>,
): Promise<FoundValue | undefined> {
  const [resource, ref]: readonly ['secrets' | 'configmaps', KeyRef | undefined] = secretKeyRef
    ? ['secrets', secretKeyRef]
    : ['configmaps', configMapKeyRef];
  if (!ref) return { why: `it comes from a ${Object.keys(others)[0] ?? 'source'}, which only its pod knows` };
  const { name = '', key = '', optional } = ref;
  const value = (await dataOf(api, resource, name))?.[key];
  if (value !== undefined) return { value };
  return optional
    ? undefined
    : { why: `it comes from key ${key} of ${objectName(resource, name)}, which is not there` };
}

/** As text; undefined where it is not there. */
async function dataOf(
  api: TenantReader,
  resource: 'secrets' | 'configmaps',
  name: string,
): Promise<Readonly<Record<string, string>> | undefined> {
  if (name === '') return undefined;
  if (resource === 'configmaps') {
    const found = await api.get(resource, name);
    return found && (found.data ?? {});
  }
  const found = await api.get(resource, name);
  return (
    found &&
    Object.fromEntries(
      Object.entries(found.data ?? {}).map(([key, data]) => [
        key,
        Buffer.from(data, 'base64').toString('utf8'),
      ]),
    )
  );
}

export function containersOf(config: DeploymentConfig): readonly Container[] {
  return config.spec.template.spec.containers;
}
