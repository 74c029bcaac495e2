import type { Cluster } from '../cluster.ts';
import { copy } from '../copy.ts';
import { resolveImage } from '../images/tag-events.ts';
import { RESOURCES } from '../resources.ts';
import { isRecord } from '../schema/decode.ts';
import type { KubeObject, ResourceType } from '../types.ts';
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

const { deployments, statefulsets, daemonsets, cronjobs } = RESOURCES;
const KINDS = [deployments, statefulsets, daemonsets, cronjobs];

/**
 * Lets Deployments and the like that name image stream tags in an annotation have their images, also while they are paused.
 * Nothing rolls them out here: whoever looks at one sees its template move.
 */
export function startAnnotationTrigger(cluster: Cluster): void {
  const { store, runtime } = cluster;

  onEvents(cluster, [RESOURCES.imagestreams, ...KINDS], ({ type, object }) => {
    if (type === 'DELETED') return;
    const { namespace } = object.metadata;
    const affected =
      object.kind === 'ImageStream' ? KINDS.flatMap((kind) => store.list(kind, namespace)) : [object];
    for (const one of affected) {
      const resource = KINDS.find(({ kind }) => kind === one.kind);
      if (resource && followersOf(one).length > 0) {
        runtime.enqueue(`annotation-trigger/${resource.plural}`, keyOf(one), (key) => {
          reconcile(resource, key);
        });
      }
    }
  });

  function reconcile(resource: ResourceType, key: Namespaced): void {
    const found = store.get(resource, key.namespace, key.name);
    if (!found) return;
    const draft = copy(found);
    for (const { namespace, name, ...at } of followersOf(draft)) {
      const image = resolveImage(store, namespace, name);
      const container = containerOf(draft, at);
      if (image && container) container.image = image;
    }
    store.update(resource, draft, WRITER);
  }
}

function followersOf({ metadata }: KubeObject): Follower[] {
  return parse(metadata.annotations?.[ANNOTATION]).flatMap((trigger) => {
    const from = isRecord(trigger.from) ? trigger.from : {};
    const path =
      /^spec\.(?:jobTemplate\.spec\.)?template\.spec\.(containers|initContainers)\[(.+)\]\.image$/.exec(
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
  const job = isRecord(spec?.jobTemplate) ? spec.jobTemplate.spec : undefined;
  const { template } = isRecord(job) ? job : (spec ?? {});
  const containers = isRecord(template) && isRecord(template.spec) ? template.spec[list] : undefined;
  const all = Array.isArray(containers) ? containers.filter(isRecord) : [];
  return typeof container === 'number' ? all[container] : all.find(({ name }) => name === container);
}
