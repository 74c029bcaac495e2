import { ApiError, badRequest } from '../errors.ts';
import { apiVersionOf } from '../resources.ts';
import { decode, DecodeError, isRecord, undecodable } from '../schema/decode.ts';
import { KINDS } from '../schema/kinds.ts';
import { parse as parseYaml } from 'yaml';
import type { KubeObject, ResourceType } from '../types.ts';
import type { ApiRequest } from './types.ts';

const ACCEPTED = 'application/json, application/yaml, application/vnd.kubernetes.protobuf';

export interface ReadBody {
  readonly object: KubeObject;
  readonly warnings: readonly string[];
}

/** Reads, checks and prunes a request's object. Throws the 400s and 415s of the real API. */
export function readObject(request: ApiRequest, resource: ResourceType): ReadBody {
  const raw = parseBody(request, resource);
  checkKind(raw, resource);
  return prune(raw, resource, request.query.get('fieldValidation'));
}

function parseBody(request: ApiRequest, resource: ResourceType): Record<string, unknown> {
  const type = (request.headers['content-type'] ?? 'application/json').split(';')[0]?.trim();
  if (type !== 'application/json' && type !== 'application/yaml') {
    throw new ApiError(
      415,
      'UnsupportedMediaType',
      `the body of the request was in an unknown format - accepted media types include: ${ACCEPTED}`,
    );
  }
  const unrecognized = (why: string): ApiError => {
    const shown = request.body === '' ? '<empty>' : request.body;
    return badRequest(
      `the object provided is unrecognized (must be of type ${resource.kind}): couldn't get version/kind; json parse error: ${why} (${shown})`,
    );
  };
  let parsed: unknown;
  try {
    // YAML 1.1, as Go's parser reads it: `y` is a boolean.
    parsed =
      type === 'application/yaml' ? parseYaml(request.body, { version: '1.1' }) : JSON.parse(request.body);
  } catch {
    throw unrecognized('unexpected end of JSON input');
  }
  if (!isRecord(parsed)) {
    const what = Array.isArray(parsed) ? 'array' : typeof parsed;
    throw unrecognized(
      `json: cannot unmarshal ${what} into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }`,
    );
  }
  return parsed;
}

function checkKind(raw: Record<string, unknown>, resource: ResourceType): void {
  const expected = apiVersionOf(resource);
  const kind = typeof raw.kind === 'string' && raw.kind ? raw.kind : resource.kind;
  const apiVersion = typeof raw.apiVersion === 'string' && raw.apiVersion ? raw.apiVersion : expected;
  if (kind !== resource.kind) {
    const internal = resource.group === '' ? 'core' : (resource.group.split('.')[0] ?? '');
    throw badRequest(
      `${kind} in version "${apiVersion.split('/').at(-1) ?? ''}" cannot be handled as a ${resource.kind}: ` +
        `converting (v1.${kind}) to (${internal}.${resource.kind}): unknown conversion`,
    );
  }
  if (apiVersion !== expected) {
    throw badRequest(
      `the API version in the data (${apiVersion}) does not match the expected API version (${expected})`,
    );
  }
}

/** Drops unknown fields (a warning each, or an error when asked to be strict) and checks the types of the others. */
export function prune(
  raw: Record<string, unknown>,
  resource: ResourceType,
  fieldValidation: string | null,
): ReadBody {
  const schema = KINDS[resource.kind];
  if (!schema) throw new Error(`no schema for kind ${resource.kind}`);
  try {
    const { value, unknown } = decode(schema, raw);
    if (fieldValidation === 'Strict' && unknown.length > 0) {
      throw badRequest(
        `${resource.kind} in version "v1" cannot be handled as a ${resource.kind}: strict decoding error: ${unknown.join(', ')}`,
      );
    }
    const warnings = fieldValidation === 'Ignore' ? [] : unknown;
    return { object: toObject(value, resource), warnings };
  } catch (error) {
    if (error instanceof DecodeError) throw undecodable(resource.kind, error);
    throw error;
  }
}

function toObject(value: Record<string, unknown>, resource: ResourceType): KubeObject {
  const metadata = isRecord(value.metadata) ? value.metadata : {};
  const { managedFields: _managed, selfLink: _link, ...kept } = metadata;
  return {
    ...value,
    kind: resource.kind,
    apiVersion: apiVersionOf(resource),
    metadata: { name: '', uid: '', resourceVersion: '', creationTimestamp: '', ...kept },
  };
}
