import { randomInt } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import {
  ApiError,
  badRequest,
  conflict,
  field,
  invalid,
  notFound,
  preconditionFailed,
  qualifiedPlural,
} from '../errors.ts';
import type { FieldError } from '../errors.ts';
import { prepareImageStream } from '../images/strategy.ts';
import { RESOURCES } from '../resources.ts';
import { decode, DecodeError, isRecord } from '../schema/decode.ts';
import { KINDS } from '../schema/kinds.ts';
import type { KubeObject } from '../types.ts';
import { prune, readObject } from './body.ts';
import { applyDefaults } from './defaults.ts';
import { APPLY, readApply, refuseConflicts } from './apply.ts';
import { removeField } from './field-paths.ts';
import { applyPatch, PATCH_TYPES } from './patch.ts';
import { routePermissions } from './route-permissions.ts';
import type { ApiAnswer, Target } from './types.ts';
import { validate } from './validation.ts';
import { present, withWarnings } from './present.ts';

export function create(target: Target): ApiAnswer {
  const { cluster, resource, namespace, identity, request } = target;
  const { object, warnings } = readObject(request, resource);
  const { metadata } = object;
  if (metadata.resourceVersion) {
    throw new ApiError(500, undefined, 'resourceVersion should not be set on objects to be created');
  }
  sameNamespace(object, namespace);
  if (namespace !== undefined) {
    requireNamespace(target, namespace);
    metadata.namespace = namespace;
  }
  if (!metadata.name && metadata.generateName) metadata.name = `${metadata.generateName}${suffix()}`;
  dropServerFields(object);
  if (resource === RESOURCES.deploymentconfigs) {
    object.status = emptyStatus();
    dropTriggeredImages(object);
  } else if (resource !== RESOURCES.imagestreams) Reflect.deleteProperty(object, 'status');
  const permissions = routePermissions(target, object);
  applyDefaults(cluster, object);
  const tags = resource === RESOURCES.imagestreams ? prepareImageStream(cluster, object) : [];
  check(target, object, [...tags, ...permissions]);
  const existing = cluster.store.get(resource, namespace, metadata.name);
  if (existing?.metadata.deletionTimestamp) {
    const why = `object is being deleted: ${qualifiedPlural(resource)} "${metadata.name}" already exists`;
    const group = resource.group ? { group: resource.group } : {};
    throw new ApiError(409, 'AlreadyExists', why, { name: metadata.name, ...group, kind: resource.plural });
  }
  if (!existing) cluster.quotas.admit(resource, namespace, metadata.name);
  const dry = isDryRun(target);
  const stored = dry ? object : cluster.store.create(resource, object, identity.user);
  return withWarnings({ status: 201, body: present(stored) }, warnings);
}

function sameNamespace({ metadata }: KubeObject, namespace: string | undefined): void {
  if (!metadata.namespace || !namespace || metadata.namespace === namespace) return;
  throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
}

const ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';
const suffix = (): string => Array.from({ length: 5 }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');

/** OpenShift's own API server of this release does not honour dryRun; Kubernetes' does. */
function isDryRun({ resource, request }: Target): boolean {
  return request.query.get('dryRun') === 'All' && !resource.group.endsWith('.openshift.io');
}

const emptyStatus = (): Record<string, unknown> => ({
  latestVersion: 0,
  observedGeneration: 0,
  replicas: 0,
  updatedReplicas: 0,
  availableReplicas: 0,
  unavailableReplicas: 0,
});

function dropTriggeredImages(object: KubeObject): void {
  const triggers: unknown = object.spec?.triggers;
  for (const trigger of Array.isArray(triggers) ? triggers.filter(isRecord) : []) {
    if (isRecord(trigger.imageChangeParams)) delete trigger.imageChangeParams.lastTriggeredImage;
  }
}

function dropServerFields(object: KubeObject): void {
  const { metadata } = object;
  for (const key of ['generation', 'deletionTimestamp', 'deletionGracePeriodSeconds'] as const)
    delete metadata[key];
}

function requireNamespace({ cluster }: Target, namespace: string): void {
  if (!cluster.store.get(RESOURCES.namespaces, undefined, namespace))
    throw notFound(RESOURCES.namespaces, namespace);
}

function check({ resource }: Target, object: KubeObject, more: readonly FieldError[]): void {
  const errors = [...more, ...validate(resource, object)];
  if (errors.length > 0) throw invalid(resource, object.metadata.name, errors);
}

/** Types whose strategy allows an update without a resourceVersion: Kubernetes' own. */
const mustCarryVersion = (target: Target): boolean => target.resource.group.endsWith('.openshift.io');

export function replace(target: Target): ApiAnswer {
  const { resource, name = '', request } = target;
  const { object, warnings } = readObject(request, resource);
  if (object.metadata.name !== name) {
    throw new ApiError(
      400,
      'BadRequest',
      `the name of the object (${object.metadata.name}) does not match the name on the URL (${name})`,
    );
  }
  sameNamespace(object, target.namespace);
  const previous = existing(target);
  if (!object.metadata.resourceVersion && mustCarryVersion(target)) {
    const plural = { kind: resource.plural, group: resource.group };
    throw invalid(plural, name, [
      field.invalid('metadata.resourceVersion', 0, 'must be specified for an update'),
    ]);
  }
  return withWarnings({ status: 200, body: present(write(target, object, previous)) }, warnings);
}

export function patch(target: Target): ApiAnswer {
  const { resource, request } = target;
  const schema = KINDS[resource.kind];
  const contentType = (request.headers['content-type'] ?? '').split(';')[0]?.trim() ?? '';
  if (contentType === APPLY) return applyObject(target);
  if (!schema || !Object.values<string>(PATCH_TYPES).includes(contentType)) {
    throw new ApiError(415, 'UnsupportedMediaType', '415: Unsupported Media Type', {});
  }
  const previous = existing(target);
  const patched = applyPatch(contentType, previous, request.body, schema);
  assertDecodable(target, patched);
  const { object, warnings } = prune(patched, resource, request.query.get('fieldValidation'));
  if (object.metadata.name !== previous.metadata.name) {
    throw new ApiError(
      400,
      'BadRequest',
      `the name of the object (${object.metadata.name}) does not match the name on the URL (${previous.metadata.name})`,
    );
  }
  return withWarnings({ status: 200, body: present(write(target, object, previous)) }, warnings);
}

/** Server-side apply: makes what is not there; fields that were applied before and are left out now go. */
function applyObject(target: Target): ApiAnswer {
  const { cluster, resource, namespace, name = '', request } = target;
  const applied = readApply(target);
  const schema = KINDS[resource.kind];
  const live = cluster.store.get(resource, namespace, name);
  if (!live || !schema) {
    const headers = { ...request.headers, 'content-type': 'application/json' };
    const answer = create({
      ...target,
      request: { ...request, headers, body: JSON.stringify(applied.config) },
    });
    const made = cluster.store.get(resource, namespace, name);
    if (made) cluster.fieldManagers.setApplied(made, applied.manager, applied.paths.keys());
    return answer;
  }
  refuseConflicts(target, live, applied);
  const before = cluster.fieldManagers.appliedBy(live, applied.manager);
  const left = [...before].filter((path) => !applied.paths.has(path));
  const others = new Set(cluster.fieldManagers.othersOf(live, applied.manager, left).map(({ path }) => path));
  const merged = applyPatch(PATCH_TYPES.strategic, live, JSON.stringify(applied.config), schema);
  for (const path of left) if (!others.has(path)) removeField(merged, path);
  const { object, warnings } = prune(merged, resource, request.query.get('fieldValidation'));
  const written = write(target, object, live);
  cluster.fieldManagers.setApplied(written, applied.manager, applied.paths.keys());
  return withWarnings({ status: 200, body: present(written) }, warnings);
}

/** A patch that makes an object of the wrong types is a 422 of its own form, which quotes the whole object as patched. */
function assertDecodable({ resource }: Target, patched: Record<string, unknown>): void {
  const schema = KINDS[resource.kind];
  if (!schema) return;
  try {
    decode(schema, patched);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    throw invalid({ kind: '', group: '' }, '', [
      field.invalid('patch', JSON.stringify(patched), error.message),
    ]);
  }
}

function existing({ cluster, resource, namespace, name = '' }: Target): KubeObject {
  const found = cluster.store.get(resource, namespace, name);
  if (!found) throw notFound(resource, name);
  return found;
}

function write(target: Target, object: KubeObject, previous: KubeObject): KubeObject {
  const { cluster, resource, identity, namespace, subresource } = target;
  const { metadata } = object;
  const sent = metadata.resourceVersion;
  if (sent && sent !== previous.metadata.resourceVersion) throw conflict(resource, metadata.name);
  if (metadata.uid && metadata.uid !== previous.metadata.uid) {
    throw preconditionFailed(
      resource,
      metadata.name,
      `Precondition failed: UID in precondition: ${metadata.uid}, UID in object meta: ${previous.metadata.uid}`,
    );
  }
  if (namespace) metadata.namespace = namespace;
  if (subresource === 'status') {
    const status = object.status ?? {};
    return cluster.store.update(resource, { ...previous, status }, identity.user);
  }
  keepServerFields(object, previous);
  keepStatus(object, previous);
  // Ignored, so that the same route may be applied that once had its host generated.
  if (resource === RESOURCES.routes && object.spec && !object.spec.host)
    object.spec.host = previous.spec?.host;
  applyDefaults(cluster, object);
  const tags = resource === RESOURCES.imagestreams ? prepareImageStream(cluster, object, previous) : [];
  check(target, object, [
    ...tags,
    ...immutability(object, previous),
    ...routePermissions(target, object, previous),
  ]);
  if (isDryRun(target)) return object;
  return cluster.store.update(
    resource,
    { ...object, metadata: { ...metadata, resourceVersion: '' } },
    identity.user,
  );
}

/** Of a DeploymentConfig's status a client may write one thing: that the next version is wanted (`oc rollout undo`). */
function keepStatus(object: KubeObject, previous: KubeObject): void {
  if (previous.status === undefined) return;
  const wanted = object.kind === 'DeploymentConfig' ? object.status?.latestVersion : undefined;
  const next = Number(previous.status.latestVersion) + 1;
  const raised = wanted === next;
  object.status = raised ? { ...previous.status, latestVersion: next } : previous.status;
  if (raised) object.metadata.generation = (previous.metadata.generation ?? 0) + 1;
}

function keepServerFields(object: KubeObject, previous: KubeObject): void {
  const { metadata } = object;
  const kept = previous.metadata;
  metadata.uid = kept.uid;
  metadata.creationTimestamp = kept.creationTimestamp;
  if (kept.generation !== undefined) metadata.generation = kept.generation;
  if (kept.deletionTimestamp !== undefined) metadata.deletionTimestamp = kept.deletionTimestamp;
  else delete metadata.deletionTimestamp;
  if (kept.deletionGracePeriodSeconds !== undefined)
    metadata.deletionGracePeriodSeconds = kept.deletionGracePeriodSeconds;
}

function immutability(object: KubeObject, previous: KubeObject): FieldError[] {
  if (object.kind === 'Route' && object.spec?.wildcardPolicy !== previous.spec?.wildcardPolicy)
    return [field.invalid('spec.wildcardPolicy', object.spec?.wildcardPolicy, 'field is immutable')];
  if (object.kind !== 'Secret' && object.kind !== 'ConfigMap') return [];
  const errors: FieldError[] = [];
  if (object.kind === 'Secret' && object.type !== previous.type) {
    errors.push(field.invalid('type', object.type, 'field is immutable'));
  }
  if (previous.immutable !== true) return errors;
  const message = 'field is immutable when `immutable` is set';
  if (object.immutable !== true) errors.push(field.forbidden('immutable', message));
  for (const key of ['data', 'binaryData']) {
    if (!isDeepStrictEqual(object[key], previous[key])) errors.push(field.forbidden(key, message));
  }
  return errors;
}
