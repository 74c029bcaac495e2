import { isBackupName } from '../../domain/text/names.ts';
import type { TenantApi } from '../../openshift/tenant-api.ts';
import type { Container, DeploymentConfig, EnvVar, Pod, PodSpec } from '../../openshift/types.ts';
import { Redaction } from './redaction.ts';

/**
 * Knows every value that a pod of this project can have been given: those of all its Secrets, of the ConfigMaps that a
 * variable names, and of the variables of its DeploymentConfigs, their hooks, and these pods. Throws where one of them
 * cannot be read: then nobody knows what there is to take out.
 */
export async function redactionFor(api: TenantApi, pods: readonly Pod[]): Promise<Redaction> {
  const [configs, secrets] = await Promise.all([api.list('deploymentconfigs'), api.list('secrets')]);
  const containers = [
    ...pods.flatMap(({ spec }) => containersOf(spec)),
    ...configs.flatMap(({ spec }) => containersOf(spec.template.spec)),
  ];
  const variables = [...containers.flatMap(({ env = [] }) => env), ...configs.flatMap(envOfHooks)];
  const maps = await Promise.all(
    [...mapsNamedBy(containers, variables)].map((name) => api.get('configmaps', name)),
  );
  return new Redaction(
    [
      ...variables.flatMap(({ value }) => value ?? []),
      ...secrets.flatMap(({ metadata, data }) =>
        isBackupName(metadata.name) ? [] : Object.values(data ?? {}).flatMap(asWritten),
      ),
      ...maps.flatMap((map) => Object.values(map?.data ?? {})),
    ],
    [
      api.namespace,
      ...configs.flatMap(namesOf),
      ...pods.map(({ metadata }) => metadata.name),
      ...containers.map(({ name }) => name),
    ],
  );
}

const containersOf = ({ containers, initContainers = [] }: PodSpec): Container[] => [
  ...containers,
  ...initContainers,
];

function envOfHooks({ spec: { strategy } }: DeploymentConfig): EnvVar[] {
  const { rollingParams: rolling, recreateParams: recreate } = strategy ?? {};
  return [rolling?.pre, rolling?.post, recreate?.pre, recreate?.mid, recreate?.post].flatMap(
    (hook) => hook?.execNewPod?.env ?? [],
  );
}

function mapsNamedBy(containers: readonly Container[], variables: readonly EnvVar[]): Set<string> {
  return new Set(
    [
      ...variables.map(({ valueFrom }) => valueFrom?.configMapKeyRef?.name),
      ...containers.flatMap(({ envFrom = [] }) => envFrom).map(({ configMapRef }) => configMapRef?.name),
    ].filter((name) => name !== undefined),
  );
}

/** As an application is given it, and as the object has it. */
function asWritten(encoded: string): string[] {
  return [Buffer.from(encoded, 'base64').toString('utf8'), encoded];
}

/** `zync`, and with its version `zync-3`: they are told anyway. */
const namesOf = ({ metadata: { name }, status }: DeploymentConfig): string[] => [
  name,
  `${name}-${status?.latestVersion ?? 0}`,
];
