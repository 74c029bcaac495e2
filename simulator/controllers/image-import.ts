import type { Cluster } from '../cluster.ts';
import { askRegistry, storeImports } from '../images/import.ts';
import { storeMapping } from '../images/mapping.ts';
import { asImageStream } from '../objects.ts';
import type { ImageStream, SpecTag } from '../objects.ts';
import { repositoryOf } from '../registry.ts';
import { RESOURCES } from '../resources.ts';
import { keyOf, onEvents } from './runtime.ts';
import type { Namespaced } from './runtime.ts';

const WRITER = 'system:controller:image-import';

/**
 * Imports spec tags that name a Docker image, each when it is new or changed. It looks at a stream only when that
 * changes: what has failed is not asked for again by itself, however well the registry is meanwhile.
 */
export function startImageImport(cluster: Cluster): void {
  const { store, runtime } = cluster;
  const running = new Set<string>();

  onEvents(cluster, [RESOURCES.imagestreams], ({ type, object }) => {
    if (type !== 'DELETED') runtime.enqueue('image-import', keyOf(object), reconcile);
  });

  function reconcile(key: Namespaced): void {
    const id = `${key.namespace}/${key.name}`;
    if (running.has(id) || due(key).length === 0) return;
    running.add(id);
    runtime.after(cluster.timing.importMs, () => {
      running.delete(id);
      finish(key);
    });
  }

  function due(key: Namespaced): SpecTag[] {
    const found = store.get(RESOURCES.imagestreams, key.namespace, key.name);
    if (!found) return [];
    const stream = asImageStream(found);
    return (stream.spec.tags ?? []).filter(
      (tag) => needsImport(stream, tag) && !cluster.registry.isOutOfReach(tag.from?.name ?? ''),
    );
  }

  function finish(key: Namespaced): void {
    const tags = due(key);
    const found = store.get(RESOURCES.imagestreams, key.namespace, key.name);
    if (!found || tags.length === 0) return;
    if (cluster.options.importer === 'mappings') return push(key, tags);
    const imports = tags.map(({ name, from, importPolicy, referencePolicy }) => ({
      tag: name,
      from: from?.name ?? '',
      importPolicy,
      referencePolicy,
      result: askRegistry(cluster, key.namespace, from?.name ?? ''),
    }));
    storeImports(cluster, asImageStream(found), imports, WRITER);
  }

  function push(key: Namespaced, tags: readonly SpecTag[]): void {
    for (const { name, from } of tags) {
      const reference = from?.name ?? '';
      const found = store.get(RESOURCES.imagestreams, key.namespace, key.name);
      const result = askRegistry(cluster, key.namespace, reference);
      if (!found || result.status === 'failed') continue;
      const dockerImageReference = `${repositoryOf(reference)}@${result.digest}`;
      const pushed = { tag: name, image: result.digest, dockerImageReference };
      storeMapping(cluster, asImageStream(found), pushed, WRITER);
    }
  }
}

function needsImport(stream: ImageStream, tag: SpecTag): boolean {
  if (tag.from?.kind !== 'DockerImage' || tag.reference) return false;
  const events = stream.status.tags?.find((candidate) => candidate.tag === tag.name);
  const reached = Math.max(
    events?.items?.[0]?.generation ?? 0,
    ...(events?.conditions ?? []).map(({ generation }) => generation),
  );
  return reached < tag.generation;
}
