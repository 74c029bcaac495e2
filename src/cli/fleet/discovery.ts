import pMap from 'p-map';
import { isUntold, versionShown } from '../../procedure/preflight/version-finding.ts';
import { versionOf } from '../../procedure/preflight/version.ts';
import { PATHS } from '../../domain/paths/index.ts';
import type { TenantRef } from '../../domain/tenant/tenant.ts';
import type { Judged } from '../../domain/tenant/version.ts';
import { judgeVersion, minorOf } from '../../domain/tenant/version.ts';
import { OpenShiftError } from '../../openshift/api-error.ts';
import type { Clusters } from '../../openshift/clusters.ts';
import type { Installation } from '../../openshift/discovery.ts';
import { KubeconfigError } from '../../openshift/kubeconfig/kubeconfig.ts';
import { Snapshot } from '../../openshift/snapshot.ts';

/** An installation, and how a fleet file names it. */
export interface Found {
  readonly context: string;
  readonly cluster: string;
  readonly namespace: string;
  /** The release that system-app names, or the newest version that anything names; absent: nothing does. */
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
          const { cluster } = discovery;
          const found = await pMap(
            installations,
            (one) => lookInto(clusters, { cluster, context, namespace: one.namespace }, one),
            { concurrency: AT_ONCE },
          );
          return { found, failed: [] };
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

/** As `check` would judge its version; where the identity may not look, by what system-app itself says. */
async function lookInto(
  clusters: Clusters,
  tenant: TenantRef,
  { version: said }: Installation,
): Promise<Found> {
  const [path] = PATHS;
  if (!path) throw new Error('there is no path');
  const by = (judged: Judged | undefined, version: string | undefined): Found => ({
    ...tenant,
    ...(version === undefined ? {} : { version }),
    upgradable: judged?.standing === 'from',
  });
  try {
    const api = new Snapshot(clusters.open(tenant));
    const app = await api.get('deploymentconfigs', path.anchor);
    if (!app) return by(undefined, undefined);
    const installed = await versionOf(api, app, path.steps({}), path.evidence);
    const judged = judgeVersion(installed.evidence, path);
    if (isUntold(judged, installed)) return by(undefined, undefined);
    return by(judged, versionShown(installed, judged));
  } catch (error) {
    if (!(error instanceof OpenShiftError)) throw error;
    const version = said === undefined ? undefined : minorOf(said);
    return by(version && judgeVersion([{ version, where: path.anchor }], path), said);
  }
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
