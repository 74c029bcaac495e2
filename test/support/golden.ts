import type { Cluster } from '../../simulator/cluster.ts';
import { fixture } from './recordings.ts';

export type GoldenName = 'before' | 'after-guide' | 'after-1.3';

export interface GoldenObject {
  readonly kind: string;
  readonly apiVersion: string;
  readonly metadata: {
    readonly name: string;
    readonly labels?: Record<string, string>;
    readonly annotations?: Record<string, string>;
  };
  readonly spec?: Record<string, unknown>;
  readonly data?: Record<string, string>;
  readonly status?: Record<string, unknown>;
  readonly type?: string;
}

const KINDS = {
  configmaps: ['ConfigMap', 'v1', 'api/v1'],
  secrets: ['Secret', 'v1', 'api/v1'],
  services: ['Service', 'v1', 'api/v1'],
  imagestreams: ['ImageStream', 'image.openshift.io/v1', 'apis/image.openshift.io/v1'],
  routes: ['Route', 'route.openshift.io/v1', 'apis/route.openshift.io/v1'],
  deploymentconfigs: ['DeploymentConfig', 'apps.openshift.io/v1', 'apis/apps.openshift.io/v1'],
} as const;
export type GoldenPlural = keyof typeof KINDS;
export const GOLDEN_PLURALS = Object.keys(KINDS) as GoldenPlural[];

/** Objects of one kind of the measured installation; its project's name replaced by `namespace`. */
export function golden(name: GoldenName, plural: GoldenPlural, namespace: string): GoldenObject[] {
  const text = JSON.stringify(fixture(`golden/${name}/${plural}.json`)).replaceAll('tenant-a', namespace);
  const [kind, apiVersion] = KINDS[plural];
  const { items } = JSON.parse(text) as { items: GoldenObject[] };
  return items.map((item) => ({ ...item, kind, apiVersion }));
}

/** The measured 2.3 installation as bodies to POST, in an order that works, each with its path. */
export function goldenInstallation(namespace: string): { path: string; body: unknown }[] {
  return GOLDEN_PLURALS.flatMap((plural) =>
    golden('before', plural, namespace).map((object) => {
      const { name, labels, annotations } = object.metadata;
      const { status: _status, ...rest } = object;
      const metadata = { name, ...(labels ? { labels } : {}), ...(annotations ? { annotations } : {}) };
      return { path: `/${KINDS[plural][2]}/namespaces/${namespace}/${plural}`, body: { ...rest, metadata } };
    }),
  );
}

/** Lets the cluster's registry know the images of the measured installation, by their measured digests. */
export function addGoldenImages(cluster: Cluster, namespace: string): void {
  for (const name of ['before', 'after-guide'] as const) {
    for (const stream of golden(name, 'imagestreams', namespace)) {
      const tags = (stream.spec?.tags ?? []) as { name: string; from: { kind: string; name: string } }[];
      const status = (stream.status?.tags ?? []) as { tag: string; items?: { image: string }[] }[];
      for (const tag of tags) {
        const digest = status.find((events) => events.tag === tag.name)?.items?.[0]?.image;
        if (tag.from.kind === 'DockerImage' && digest) cluster.registry.add(tag.from.name, digest);
      }
    }
  }
}
