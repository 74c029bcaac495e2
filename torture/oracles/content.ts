import type { Snapshot } from '../arena/snapshot.ts';
import type { KubeObject } from '../../simulator/types.ts';

export type Doc = Record<string, unknown>;

/** Annotations that the tool puts on objects begin so. */
export const OURS = 'threescale-upgrade';

/** When the server looked for an image stream's images last. */
const SERVERS_OWN = 'openshift.io/image.dockerRepositoryCheck';

/** What somebody wrote of an object: without what the server keeps, and without the tool's own marks. */
function contentOf({ spec, data, type, metadata }: KubeObject): Doc {
  const annotations = Object.fromEntries(
    Object.entries(metadata.annotations ?? {}).filter(
      ([key]) => !key.startsWith(OURS) && key !== SERVERS_OWN,
    ),
  );
  const { labels } = metadata;
  const kept = { spec, data, type, labels, ...(Object.keys(annotations).length > 0 ? { annotations } : {}) };
  return JSON.parse(
    // The server counts an image stream's tags up, whatever becomes of them; not paused is not said.
    JSON.stringify(kept, (key, value: unknown) =>
      key === 'generation' || (key === 'paused' && value === false) ? undefined : value,
    ),
  ) as Doc;
}

export const contentsOf = (snapshot: Snapshot): Map<string, Doc> =>
  new Map([...snapshot].map(([key, object]) => [key, contentOf(object)]));

export const isBackup = (key: string): boolean => key.startsWith('Secret/threescale-upgrade-backup');

export const at = (value: unknown, ...keys: readonly (string | number)[]): unknown =>
  keys.reduce<unknown>((inner, key) => (inner as Doc | undefined)?.[key], value);

export const listAt = (value: unknown, ...keys: readonly (string | number)[]): Doc[] =>
  (at(value, ...keys) as Doc[] | undefined) ?? [];
