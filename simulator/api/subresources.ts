import { instantiate, rollback } from '../controllers/triggers.ts';
import type { RollbackRequest } from '../controllers/triggers.ts';
import { ApiError, badRequest, field, invalid, notFound } from '../errors.ts';
import { asDeploymentConfig } from '../objects.ts';
import {
  IMAGE_STREAM_IMPORTS,
  IMAGE_STREAM_MAPPINGS,
  RESOURCES,
  SELF_SUBJECT_ACCESS_REVIEWS,
  SELF_SUBJECT_RULES_REVIEWS,
} from '../resources.ts';
import { isRecord } from '../schema/decode.ts';
import type { ResourceType } from '../types.ts';
import { readObject } from './body.ts';
import { DISCOVERY } from './discovery.ts';
import { importImages } from './image-imports.ts';
import { createMapping } from './image-stream-tags.ts';
import { methodNotAllowed } from './method-not-allowed.ts';
import { readLog } from './pod-log.ts';
import { present } from './present.ts';
import type { ApiAnswer, Target } from './types.ts';
import { patch } from './writes.ts';

const REQUEST: ResourceType = { ...RESOURCES.deploymentconfigs, kind: 'DeploymentRequest' };
const ROLLBACK: ResourceType = { ...RESOURCES.deploymentconfigs, kind: 'DeploymentConfigRollback' };
const SUCCESS = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 };

/** Requests to a subresource, or to a type that is not stored. Undefined: an ordinary object. */
export function handleSpecial(target: Target): ApiAnswer | undefined {
  const { resource, subresource, request, cluster, namespace = '', name = '', identity } = target;
  if (resource === SELF_SUBJECT_ACCESS_REVIEWS) return reviewAccess(target);
  if (resource === SELF_SUBJECT_RULES_REVIEWS) return reviewRules(target);
  if (resource === IMAGE_STREAM_MAPPINGS) {
    const { object } = readObject(request, resource);
    createMapping(cluster, namespace, object, identity.user);
    return { status: 201, body: SUCCESS };
  }
  if (resource === IMAGE_STREAM_IMPORTS) return importImages(target);
  if (subresource === undefined) return undefined;
  if (resource === RESOURCES.deploymentconfigs) {
    if (subresource === 'instantiate' && request.method === 'POST') {
      const { object } = readObject(request, REQUEST);
      const started = instantiate(cluster, namespace, readRequest(object), identity.user);
      return started ? { status: 201, body: present(started) } : { status: 204 };
    }
    if (subresource === 'rollback' && request.method === 'POST') {
      const { object } = readObject(request, ROLLBACK);
      return { status: 201, body: present(rollback(cluster, namespace, name, readRollback(object))) };
    }
    if (subresource === 'scale') return scale(target);
  }
  if (subresource === 'status') {
    if (request.method === 'PATCH') return patch(target);
    const object = cluster.store.get(resource, target.namespace, name);
    if (!object) throw notFound(resource, name);
    if (request.method === 'GET') return { status: 200, body: present(object) };
  }
  if (resource === RESOURCES.pods && subresource === 'exec') return execWithoutUpgrade(target);
  if (resource === RESOURCES.pods && subresource === 'log' && request.method === 'GET')
    return readLog(target);
  throw new ApiError(404, 'NotFound', 'the server could not find the requested resource', {});
}

function readRequest(object: Record<string, unknown>): { name?: string; latest?: boolean; force?: boolean } {
  return {
    ...(typeof object.name === 'string' ? { name: object.name } : {}),
    latest: object.latest === true,
    force: object.force === true,
  };
}

function readRollback(object: Record<string, unknown>): RollbackRequest {
  const spec = isRecord(object.spec) ? object.spec : {};
  const from = isRecord(spec.from) ? spec.from.name : undefined;
  return {
    ...(typeof from === 'string' && from ? { from } : {}),
    includeTemplate: spec.includeTemplate === true,
    includeTriggers: spec.includeTriggers === true,
    includeReplicationMeta: spec.includeReplicationMeta === true,
    includeStrategy: spec.includeStrategy === true,
  };
}

/** A request to exec that does not upgrade to a websocket; what precedes that is checked all the same. */
function execWithoutUpgrade({ cluster, namespace, name = '' }: Target): never {
  const pod = cluster.store.get(RESOURCES.pods, namespace, name);
  if (!pod) throw notFound(RESOURCES.pods, name);
  if (pod.spec?.schedulerName === 'none') throw badRequest(`pod ${name} does not have a host assigned`);
  throw badRequest('unable to upgrade: missing upgrade headers in request');
}

function scale(target: Target): ApiAnswer {
  const { cluster, namespace, name = '', request, identity } = target;
  const found = cluster.store.get(RESOURCES.deploymentconfigs, namespace, name);
  if (!found) throw notFound(RESOURCES.deploymentconfigs, name);
  const config = asDeploymentConfig(found);
  if (request.method !== 'GET') {
    const body: unknown = JSON.parse(request.body);
    const spec = isRecord(body) && isRecord(body.spec) ? body.spec : {};
    const replicas = typeof spec.replicas === 'number' ? spec.replicas : config.spec.replicas;
    const scaled = { ...config, spec: { ...config.spec, replicas } };
    return {
      status: 200,
      body: toScale(cluster.store.update(RESOURCES.deploymentconfigs, scaled, identity.user)),
    };
  }
  return { status: 200, body: toScale(config) };
}

function toScale(object: Parameters<typeof asDeploymentConfig>[0]): Record<string, unknown> {
  const { metadata, spec, status } = asDeploymentConfig(object);
  const selector = { ...spec.selector, deploymentconfig: metadata.name };
  const { name, namespace, uid, resourceVersion, creationTimestamp } = metadata;
  return {
    kind: 'Scale',
    apiVersion: 'extensions/v1beta1',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: { replicas: spec.replicas },
    status: {
      replicas: status.replicas,
      selector,
      targetSelector: Object.entries(selector)
        .map(([key, value]) => `${key}=${value}`)
        .join(','),
    },
  };
}

function reviewAccess({ cluster, identity, request, resource }: Target): ApiAnswer {
  if (request.method !== 'POST') throw methodNotAllowed();
  const { object } = readObject(request, resource);
  const spec = isRecord(object.spec) ? object.spec : {};
  const attributes = isRecord(spec.resourceAttributes) ? spec.resourceAttributes : undefined;
  if (!attributes && !isRecord(spec.nonResourceAttributes)) {
    throw invalid({ kind: '', group: 'authorization.k8s.io' }, '', [
      field.invalid(
        'spec.resourceAttributes',
        null,
        'exactly one of nonResourceAttributes or resourceAttributes must be specified',
      ),
    ]);
  }
  const text = (key: string): string | undefined => {
    const value = attributes?.[key];
    return typeof value === 'string' && value ? value : undefined;
  };
  const decision = cluster.identities.authorize(identity, {
    verb: text('verb') ?? '',
    group: text('group') ?? '',
    resource: text('resource') ?? '',
    subresource: text('subresource'),
    namespace: text('namespace'),
    name: text('name'),
  });
  const shown = Object.fromEntries(Object.entries(attributes ?? {}).filter(([, value]) => value !== ''));
  return {
    status: 201,
    body: {
      kind: 'SelfSubjectAccessReview',
      apiVersion: 'authorization.k8s.io/v1',
      metadata: {},
      spec: attributes
        ? { resourceAttributes: shown }
        : { nonResourceAttributes: spec.nonResourceAttributes },
      status: decision,
    },
  };
}

/** What every authenticated user may do, as recorded, and then the rules of the user's own grants. */
function reviewRules({ cluster, identity, request, resource }: Target): ApiAnswer {
  if (request.method !== 'POST') throw methodNotAllowed();
  const { object } = readObject(request, resource);
  const spec = isRecord(object.spec) ? object.spec : {};
  const namespace = typeof spec.namespace === 'string' ? spec.namespace : '';
  if (!namespace) throw badRequest('no namespace on request');
  const own = cluster.identities.rulesOf(identity, namespace);
  const { resourceRules, ...rest } = DISCOVERY.rulesReview;
  return {
    status: 201,
    body: {
      kind: 'SelfSubjectRulesReview',
      apiVersion: 'authorization.k8s.io/v1',
      metadata: {},
      spec: {},
      status: { resourceRules: [...resourceRules, ...own], ...rest },
    },
  };
}
