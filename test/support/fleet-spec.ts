import type { FleetSpec, TenantProfile, Wave } from '../../src/domain/fleet/spec/spec.ts';
import { DEFAULT_FLEET_ESTIMATE } from '../../src/domain/fleet/spec/spec.ts';
import type { ResolvedPath } from '../../src/domain/tenant/step.ts';
import type { WindowPolicy } from '../../src/domain/windows/policy.ts';
import { PATH } from './upgrade-input.ts';

export interface WaveOptions extends Partial<Omit<Wave, 'tenants' | 'name'>> {
  readonly name?: string;
  /** Namespaces, without the fleet's prefix. */
  readonly tenants: readonly string[];
}

export interface FleetOptions extends Partial<
  Pick<
    FleetSpec,
    | 'maxConcurrent'
    | 'maxConcurrentPerCluster'
    | 'autoRetries'
    | 'retryAfterMinutes'
    | 'estimate'
    | 'retries'
    | 'notify'
  >
> {
  readonly waves: readonly WaveOptions[];
  readonly failureBudget?: Partial<FleetSpec['failureBudget']>;
  readonly path?: ResolvedPath;
  readonly windows?: WindowPolicy;
  readonly profile?: Partial<Omit<TenantProfile, 'path' | 'windows'>>;
  /** Of each tenant, by its namespace; default: all on the first. */
  readonly clusterOf?: (namespace: string) => number;
  readonly clusters?: number;
  /** The clusters are contexts of one API server. */
  readonly sameServer?: boolean;
  readonly hash?: string;
}

const ALWAYS: WindowPolicy = { windows: [], freezes: [] };

/** A resolved fleet, as small as a test wants it. */
export function fleetSpec(
  options: FleetOptions,
  { name, prefix = '' }: { readonly name: string; readonly prefix?: string },
): FleetSpec {
  const { waves, windows = ALWAYS, path = PATH, profile, clusterOf = () => 0, clusters = 1 } = options;
  return {
    name,
    hash: options.hash ?? 'abcdef012345',
    paths: [path],
    windows: [windows],
    clusters: Array.from({ length: clusters }, (_, number) => ({
      cluster: `sim${options.sameServer ? 1 : number + 1}.example.com`,
      context: `sim${number + 1}`,
    })),
    profiles: [{ path: 0, windows: 0, onFailure: 'revert', onClose: 'finish-step', ...profile }],
    tenants: waves.flatMap(({ tenants }) =>
      tenants.map((namespace) => ({
        cluster: clusterOf(namespace),
        namespace: prefix + namespace,
        profile: 0,
      })),
    ),
    waves: waves.map(({ tenants, ...wave }, number) => ({
      name: `wave-${number + 1}`,
      soakMinutes: 0,
      approval: 'none' as const,
      ...wave,
      tenants: tenants.length,
    })),
    maxConcurrent: options.maxConcurrent ?? 10,
    maxConcurrentPerCluster: options.maxConcurrentPerCluster ?? 10,
    failureBudget: { strict: false, ...options.failureBudget },
    estimate: options.estimate ?? DEFAULT_FLEET_ESTIMATE,
    retries: options.retries ?? { transientAttempts: 3, outcomeAttempts: 2 },
    autoRetries: options.autoRetries ?? 0,
    retryAfterMinutes: options.retryAfterMinutes ?? 60,
    ...(options.notify ? { notify: options.notify } : {}),
  };
}
