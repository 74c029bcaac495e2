import type { TenantReader } from '../src/openshift/tenant-api.ts';
import type { Container, DeploymentConfig, EnvVar } from '../src/openshift/types.ts';
import { StepError } from './step-error.ts';

/**
 * The value that a variable of a container has: a literal, or a key of a Secret or ConfigMap. Stays in the worker's
 * memory. Throws `NotFound` or `Invalid` where it cannot be known, naming the variable, never its value.
 */
export async function envValue(api: TenantReader, container: Container, name: string): Promise<string> {
  const variable = container.env?.find((candidate) => candidate.name === name);
  const value = variable && (await resolve(api, variable));
  if (value !== undefined && value !== '' && !value.includes('$(')) return value;
  throw new StepError(
    variable ? 'Invalid' : 'NotFound',
    variable
      ? `variable ${name} of container ${container.name} has no value that can be read`
      : `container ${container.name} has no variable ${name}`,
    `Set ${name}, as a literal, or from a key of a Secret or ConfigMap that is there, then retry.`,
  );
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
