import pMap from 'p-map';
import { PATHS } from '../domain/resolve-path.ts';
import { OpenShiftError } from '../openshift/api-error.ts';
import type { Clusters } from '../openshift/clusters.ts';
import { KubeconfigError } from '../openshift/kubeconfig.ts';

/** An installation, and how a fleet file names it. */
export interface Found {
  readonly context: string;
  readonly cluster: string;
  readonly namespace: string;
  /** Absent: system-app does not say. */
  readonly version?: string;
  /** An upgrade path starts from its version. */
  readonly upgradable: boolean;
}

export interface Discovered {
  /** By context, then by namespace. */
  readonly found: readonly Found[];
  readonly failed: readonly { readonly context: string; readonly why: string }[];
}

/** Clusters looked at at once. */
const AT_ONCE = 8;

/** Looks through clusters, reading only; one that fails does not stop the others. */
export async function discover(
  clusters: Clusters,
  contexts: readonly string[],
  {
    patterns = ['*'],
    progress,
  }: { readonly patterns: readonly string[] | undefined; readonly progress: (line: string) => void },
): Promise<Discovered> {
  const matchers = patterns.map(matcher);
  const isWanted = (namespace: string): boolean => matchers.some((matches) => matches(namespace));
  // Where nothing may be listed, names are as good; patterns are not.
  const named = patterns.some((pattern) => pattern.includes('*')) ? [] : patterns;
  try {
    const looks = await pMap(
      contexts,
      async (context) => {
        try {
          const discovery = clusters.discovery(context);
          const installations = (await discovery.installations(named)).filter(({ namespace }) =>
            isWanted(namespace),
          );
          progress(`${context}: ${installations.length} found`);
          return { found: installations.map((one) => foundIn(context, discovery.cluster, one)), failed: [] };
        } catch (error) {
          if (!(error instanceof OpenShiftError) && !(error instanceof KubeconfigError)) throw error;
          progress(`${context} could not be looked at: ${error.message}`);
          return { found: [], failed: [{ context, why: error.message }] };
        }
      },
      { concurrency: AT_ONCE },
    );
    return {
      found: sorted(looks.flatMap(({ found }) => found)),
      failed: looks.flatMap(({ failed }) => failed),
    };
  } finally {
    await clusters.close();
  }
}

function foundIn(
  context: string,
  cluster: string,
  installation: { namespace: string; version?: string },
): Found {
  const { version } = installation;
  const upgradable = version !== undefined && PATHS.some(({ from }) => version.startsWith(`${from}.`));
  return { context, cluster, ...installation, upgradable };
}

/** Each installation once, whatever number of contexts leads to its cluster. */
function sorted(found: readonly Found[]): Found[] {
  const inOrder = [...found].sort(
    (a, b) => compare(a.context, b.context) || compare(a.namespace, b.namespace),
  );
  const once = new Map<string, Found>();
  for (const one of inOrder) {
    const key = `${one.cluster}/${one.namespace}`;
    if (!once.has(key)) once.set(key, one);
  }
  return [...once.values()];
}

/** `*` stands for anything. */
function matcher(pattern: string): (namespace: string) => boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  const whole = new RegExp(`^${parts.join('.*')}$`);
  return (namespace) => whole.test(namespace);
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
