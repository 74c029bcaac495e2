import { ApiError, badRequest, field, invalid, notFound, preconditionFailed } from '../errors.ts';
import { IMAGE_STREAM_TAGS, RESOURCES } from '../resources.ts';
import { isRecord } from '../schema/decode.ts';
import type { KubeObject } from '../types.ts';
import { deleteTag } from './image-stream-tags.ts';
import { present } from './present.ts';
import { fieldSelector, labelSelector } from './selectors.ts';
import type { ApiAnswer, Target } from './types.ts';

const POLICIES = ['Foreground', 'Background', 'Orphan'];
const OPTIONS = { kind: 'DeleteOptions', group: 'meta.k8s.io' };

interface DeleteOptions {
  readonly policy: string | undefined;
  readonly uid: string | undefined;
  readonly resourceVersion: string | undefined;
  readonly dryRun: boolean;
}

function readOptions({ request }: Target): DeleteOptions {
  let body: unknown = {};
  if (request.body) {
    try {
      body = JSON.parse(request.body);
    } catch {
      throw badRequest(`couldn't get version/kind; json parse error: unexpected end of JSON input`);
    }
  }
  const options = isRecord(body) ? body : {};
  const preconditions = isRecord(options.preconditions) ? options.preconditions : {};
  const read = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
  const orphan = options.orphanDependents === true ? 'Orphan' : undefined;
  return {
    policy: read(options.propagationPolicy) ?? request.query.get('propagationPolicy') ?? orphan,
    uid: read(preconditions.uid),
    resourceVersion: read(preconditions.resourceVersion),
    dryRun:
      request.query.get('dryRun') === 'All' ||
      (Array.isArray(options.dryRun) && options.dryRun.includes('All')),
  };
}

/** Deletes one object: at once, or marked with a deletionTimestamp where finalizers or dependents hold it. */
export function remove(target: Target): ApiAnswer {
  const { cluster, resource, namespace = '', name = '', identity } = target;
  if (resource === IMAGE_STREAM_TAGS) {
    deleteTag(cluster, namespace, name, { writer: identity.user, uid: readOptions(target).uid });
    return { status: 200, body: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success' } };
  }
  const options = readOptions(target);
  if (options.policy !== undefined && !POLICIES.includes(options.policy)) {
    throw invalid(OPTIONS, '', [
      field.notSupported('propagationPolicy', options.policy, [...POLICIES, 'nil']),
    ]);
  }
  const object = cluster.store.get(resource, target.namespace, name);
  if (!object) throw notFound(resource, name);
  checkPreconditions(target, object, options);
  if (options.dryRun) return success(target, object);
  return removeObject(target, object, options.policy);
}

function checkPreconditions(
  { resource, name = '' }: Target,
  object: KubeObject,
  options: DeleteOptions,
): void {
  const { uid, resourceVersion } = object.metadata;
  if (options.uid !== undefined && options.uid !== uid) {
    throw preconditionFailed(
      resource,
      name,
      `the UID in the precondition (${options.uid}) does not match the UID in record (${uid}). The object might have been deleted and then recreated`,
    );
  }
  if (options.resourceVersion !== undefined && options.resourceVersion !== resourceVersion) {
    throw preconditionFailed(
      resource,
      name,
      `the ResourceVersion in the precondition (${options.resourceVersion}) does not match the ResourceVersion in record (${resourceVersion}). The object might have been modified`,
    );
  }
}

function removeObject(target: Target, object: KubeObject, policy: string | undefined): ApiAnswer {
  const { cluster, resource, identity } = target;
  const { store } = cluster;
  const finalizers = [...(object.metadata.finalizers ?? [])];
  if (policy === 'Foreground') finalizers.push('foregroundDeletion');
  if (policy === 'Orphan') finalizers.push('orphan');
  const graceful = resource === RESOURCES.pods && !object.metadata.deletionTimestamp;
  if (finalizers.length === 0 && !graceful) {
    store.remove(resource, object.metadata.namespace, object.metadata.name, identity.user);
    return success(target, object);
  }
  const metadata = {
    ...object.metadata,
    deletionTimestamp: object.metadata.deletionTimestamp ?? new Date().toISOString().replace(/\.\d+Z$/, 'Z'),
    deletionGracePeriodSeconds: graceful ? 30 : 0,
    ...(finalizers.length > 0 ? { finalizers: [...new Set(finalizers)] } : {}),
  };
  return { status: 200, body: present(store.update(resource, { ...object, metadata }, identity.user)) };
}

function success({ resource }: Target, object: KubeObject): ApiAnswer {
  const group = resource.group ? { group: resource.group } : {};
  const details = { name: object.metadata.name, ...group, kind: resource.plural, uid: object.metadata.uid };
  return {
    status: 200,
    body: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details },
  };
}

export function removeCollection(target: Target): ApiAnswer {
  const { cluster, resource, namespace, request } = target;
  if (resource === IMAGE_STREAM_TAGS)
    throw new ApiError(
      405,
      'MethodNotAllowed',
      'the server does not allow this method on the requested resource',
      {},
    );
  const options = readOptions(target);
  const byLabel = labelSelector(request.query.get('labelSelector'));
  const byField = fieldSelector(request.query.get('fieldSelector'), resource.kind, resource.group);
  const objects = cluster.store
    .list(resource, namespace)
    .filter((object) => byLabel(object) && byField(object));
  for (const object of objects) removeObject(target, object, options.policy);
  return {
    status: 200,
    body: {
      kind: `${resource.kind}List`,
      apiVersion: resource.group ? `${resource.group}/${resource.version}` : resource.version,
      metadata: { resourceVersion: String(cluster.store.resourceVersion) },
      items: objects.map(present),
    },
  };
}
