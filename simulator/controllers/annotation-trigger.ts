import type { Cluster } from '../cluster.ts';
import { copy } from '../copy.ts';
import { resolveImage } from '../images/tag-events.ts';
import { RESOURCES } from '../resources.ts';
import { isRecord } from '../schema/decode.ts';
import type { KubeObject } from '../types.ts';
import { keyOf, onEvents } from './runtime.ts';
import type { Namespaced } from './runtime.ts';

const WRITER = 'system:controller:image-trigger';
const ANNOTATION = 'image.openshift.io/triggers';

interface Follower {
  readonly namespace: string;
  /** `stream:tag` */
  readonly name: string;
  readonly list: 'containers' | 'initContainers';
  readonly container: string | number;
}

/**
 * Lets Deployments that name image stream tags in an annotation have their images, also while they are paused. Nothing
 * rolls Deployments out here: whoever looks at one sees its template move.
 */
export function startAnnotationTrigger(cluster: Cluster): void {
  const { store, runtime } = cluster;

  onEvents(cluster, [RESOURCES.imagestreams, RESOURCES.deployments], ({ type, object }) => {
    if (type === 'DELETED') return;
    const affected =
      object.kind === 'Deployment' ? [object] : store.list(RESOURCES.deployments, object.metadata.namespace);
    for (const deployment of affected) {
      if (followersOf(deployment).length > 0)
        runtime.enqueue('annotation-trigger', keyOf(deployment), reconcile);
    }
  });

  function reconcile(key: Namespaced): void {
    const found = store.get(RESOURCES.deployments, key.namespace, key.name);
    if (!found) return;
    const draft = copy(found);
    for (const { namespace, name, ...at } of followersOf(draft)) {
      const image = resolveImage(store, namespace, name);
      const container = containerOf(draft, at);
      if (image && container) container.image = image;
    }
    store.update(RESOURCES.deployments, draft, WRITER);
  }
}

function followersOf({ metadata }: KubeObject): Follower[] {
  return parse(metadata.annotations?.[ANNOTATION]).flatMap((trigger) => {
    const from = isRecord(trigger.from) ? trigger.from : {};
    const path = /^spec\.template\.spec\.(containers|initContainers)\[(.+)\]\.image$/.exec(
      String(trigger.fieldPath ?? ''),
    );
    if (from.kind !== 'ImageStreamTag' || !path || isPaused(trigger.paused)) return [];
    const named = /^\?\(@\.name==["'](.+)["']\)$/.exec(path[2] ?? '')?.[1];
    return [
      {
        namespace: typeof from.namespace === 'string' ? from.namespace : (metadata.namespace ?? ''),
        name: String(from.name),
        list: path[1] === 'containers' ? 'containers' : 'initContainers',
        container: named ?? Number(path[2]),
      },
    ];
  });
}

const isPaused = (paused: unknown): boolean => paused === true || paused === 'true';

function parse(annotation: string | undefined): Record<string, unknown>[] {
  try {
    const triggers: unknown = JSON.parse(annotation ?? '[]');
    return Array.isArray(triggers) ? triggers.filter(isRecord) : [];
  } catch {
    return [];
  }
}

function containerOf(
  { spec }: KubeObject,
  { list, container }: Pick<Follower, 'list' | 'container'>,
): Record<string, unknown> | undefined {
  const template = isRecord(spec?.template) ? spec.template : {};
  const containers = isRecord(template.spec) ? template.spec[list] : undefined;
  const all = Array.isArray(containers) ? containers.filter(isRecord) : [];
  return typeof container === 'number' ? all[container] : all.find(({ name }) => name === container);
}
