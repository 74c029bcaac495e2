import { isDeepStrictEqual } from 'node:util';
import type { Cluster } from '../../../simulator/cluster.ts';
import { RESOURCES } from '../../../simulator/resources.ts';

/** Everything in a project that somebody could have written, by kind and name. */
export type Snapshot = ReadonlyMap<string, unknown>;

const KINDS = [
  RESOURCES.deploymentconfigs,
  RESOURCES.imagestreams,
  RESOURCES.routes,
  RESOURCES.services,
  RESOURCES.configmaps,
  RESOURCES.secrets,
  RESOURCES.replicationcontrollers,
] as const;

export function takeSnapshot(cluster: Cluster, namespace: string): Snapshot {
  return new Map(
    KINDS.flatMap((resource) =>
      cluster.store.list(resource, namespace).map((object) => {
        const { spec, data, metadata } = object;
        const { labels, annotations, uid } = metadata;
        const kept = withoutGenerations({ spec, data, labels, annotations: nothingAsNone(annotations), uid });
        return [`${object.kind}/${metadata.name}`, kept] as const;
      }),
    ),
  );
}

/** Names of the objects that are not as they were. */
export function compareSnapshots(before: Snapshot, after: Snapshot): string[] {
  return [...new Set([...before.keys(), ...after.keys()])].filter(
    (key) => !isDeepStrictEqual(before.get(key), after.get(key)),
  );
}

/** The server counts an image stream's tags up, whatever becomes of them. */
function withoutGenerations(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (key, item: unknown) => (key === 'generation' ? undefined : item)),
  ) as unknown;
}

/** Written by each import, as generations are. */
const IMPORTED_AT = 'openshift.io/image.dockerRepositoryCheck';

function nothingAsNone(
  annotations: Record<string, string> | undefined,
): Readonly<Record<string, string>> | undefined {
  const kept = Object.entries(annotations ?? {}).filter(([key]) => key !== IMPORTED_AT);
  return kept.length > 0 ? Object.fromEntries(kept) : undefined;
}
