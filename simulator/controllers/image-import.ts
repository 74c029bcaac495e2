import type { Cluster } from '../cluster.ts';
import { asImageStream, timestamp } from '../objects.ts';
import type { ImageStream, SpecTag } from '../objects.ts';
import { repositoryOf } from '../registry.ts';
import { RESOURCES } from '../resources.ts';
import { addTagEvent, failedImport, followTags } from './images.ts';
import { keyOf, onEvents } from './runtime.ts';
import type { Namespaced } from './runtime.ts';
import { copy } from '../copy.ts';

const WRITER = 'system:controller:image-import';

/** Imports spec tags that name a Docker image and have no image, or an older one, in status. */
export function startImageImport(cluster: Cluster): void {
  const { store, runtime } = cluster;
  const running = new Set<string>();

  onEvents(cluster, [RESOURCES.imagestreams], ({ type, object }) => {
    if (type !== 'DELETED') runtime.enqueue('image-import', keyOf(object), reconcile);
  });

  function reconcile(key: Namespaced): void {
    const found = store.get(RESOURCES.imagestreams, key.namespace, key.name);
    if (!found) return;
    const stream = asImageStream(found);
    for (const tag of stream.spec.tags ?? []) {
      if (!needsImport(stream, tag)) continue;
      const image = tag.from?.name ?? '';
      if (cluster.registry.import(image).status === 'pending') continue;
      const id = `${key.namespace}/${key.name}:${tag.name}@${tag.generation}`;
      if (running.has(id)) continue;
      running.add(id);
      runtime.after(cluster.timing.importMs, () => {
        running.delete(id);
        finish(key, tag);
      });
    }
  }

  function finish(key: Namespaced, tag: SpecTag): void {
    const found = store.get(RESOURCES.imagestreams, key.namespace, key.name);
    if (!found) return;
    const stream = asImageStream(copy(found));
    const current = stream.spec.tags?.find(({ name }) => name === tag.name);
    if (current?.generation !== tag.generation || !current.from) return;
    const image = current.from.name;
    const fault = cluster.faults.work('import', key.namespace, image);
    const result = fault
      ? ({ status: 'failed', reason: 'InternalError', message: fault } as const)
      : cluster.registry.import(image);
    if (result.status === 'pending') return;
    if (result.status === 'found') {
      addTagEvent(stream, tag.name, {
        created: timestamp(),
        dockerImageReference: `${repositoryOf(image)}@${result.digest}`,
        image: result.digest,
        generation: tag.generation,
      });
      followTags(stream);
    } else {
      stream.status.tags ??= [];
      let events = stream.status.tags.find((candidate) => candidate.tag === tag.name);
      if (!events) stream.status.tags.push((events = { tag: tag.name, items: null }));
      failedImport(events, result.reason, result.message, tag.generation);
    }
    store.update(RESOURCES.imagestreams, stream, WRITER);
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
