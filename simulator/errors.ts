import type { ResourceType } from './types.ts';

/** A cause without a field stands for an error of the server itself. */
export interface StatusCause {
  reason?: string;
  message: string;
  field?: string;
}

export interface StatusDetails {
  name?: string;
  group?: string;
  kind?: string;
  uid?: string;
  causes?: StatusCause[];
  retryAfterSeconds?: number;
}

/** The API's answer to a request that failed, as `metav1.Status` has it. */
export class ApiError extends Error {
  readonly code: number;
  readonly reason: string | undefined;
  readonly details: StatusDetails | undefined;

  constructor(code: number, reason: string | undefined, message: string, details?: StatusDetails) {
    super(message);
    this.name = 'ApiError';
    this.code = code;
    this.reason = reason;
    this.details = details;
  }

  toStatus(): Record<string, unknown> {
    return {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: this.message,
      ...(this.reason ? { reason: this.reason } : {}),
      ...(this.details ? { details: this.details } : {}),
      code: this.code,
    };
  }
}

const groupDetail = (group: string): { group?: string } => (group ? { group } : {});

/** `deploymentconfigs.apps.openshift.io`, or `secrets` for the core group. */
export function qualifiedPlural(resource: Pick<ResourceType, 'plural' | 'group'>): string {
  return resource.group ? `${resource.plural}.${resource.group}` : resource.plural;
}

/** `DeploymentConfig.apps.openshift.io`, or `Secret`. */
function qualifiedKind(resource: Pick<ResourceType, 'kind' | 'group'>): string {
  return resource.group ? `${resource.kind}.${resource.group}` : resource.kind;
}

function details(resource: Pick<ResourceType, 'plural' | 'group'>, name: string): StatusDetails {
  return { ...(name ? { name } : {}), ...groupDetail(resource.group), kind: resource.plural };
}

export function notFound(resource: ResourceType, name: string): ApiError {
  return new ApiError(
    404,
    'NotFound',
    `${qualifiedPlural(resource)} "${name}" not found`,
    details(resource, name),
  );
}

export function alreadyExists(resource: ResourceType, name: string): ApiError {
  return new ApiError(
    409,
    'AlreadyExists',
    `${qualifiedPlural(resource)} "${name}" already exists`,
    details(resource, name),
  );
}

export function conflict(resource: ResourceType, name: string): ApiError {
  return new ApiError(
    409,
    'Conflict',
    `Operation cannot be fulfilled on ${qualifiedPlural(resource)} "${name}": the object has been modified; ` +
      'please apply your changes to the latest version and try again',
    details(resource, name),
  );
}

/** A failed precondition of a delete names the kind, not the plural. */
export function preconditionFailed(resource: ResourceType, name: string, why: string): ApiError {
  return new ApiError(
    409,
    'Conflict',
    `Operation cannot be fulfilled on ${qualifiedKind(resource)} "${name}": ${why}`,
    { name, ...groupDetail(resource.group), kind: resource.kind },
  );
}

export function badRequest(message: string): ApiError {
  return new ApiError(400, 'BadRequest', message);
}

export function forbidden(
  resource: Pick<ResourceType, 'plural' | 'group'>,
  request: { user: string; verb: string; subresource?: string; namespace?: string; name?: string },
): ApiError {
  const plural = request.subresource ? `${resource.plural}/${request.subresource}` : resource.plural;
  const scope = request.namespace ? `in the namespace "${request.namespace}"` : 'at the cluster scope';
  const named = request.name ? ` "${request.name}"` : '';
  return new ApiError(
    403,
    'Forbidden',
    `${qualifiedPlural(resource)}${named} is forbidden: User "${request.user}" cannot ${request.verb} ` +
      `resource "${plural}" in API group "${resource.group}" ${scope}`,
    details(resource, request.name ?? ''),
  );
}

/** The answer to a patch that does not apply: a failed `test`, a missing path, an unknown operation. */
export function patchDoesNotApply(): ApiError {
  return new ApiError(422, 'Invalid', 'the server rejected our request due to an error in our request', {});
}

export type FieldErrorReason =
  | 'FieldValueInvalid'
  | 'FieldValueRequired'
  | 'FieldValueNotSupported'
  | 'FieldValueForbidden'
  | 'FieldValueDuplicate'
  | 'FieldValueTooLong'
  | 'FieldValueNotFound'
  | 'InternalError';

export interface FieldError {
  readonly reason: FieldErrorReason;
  readonly field: string;
  readonly message: string;
}

const quote = (value: unknown): string => (typeof value === 'string' ? JSON.stringify(value) : String(value));

/** The field errors of apimachinery, with their exact texts. */
export const field = {
  required: (path: string, detail?: string): FieldError => ({
    reason: 'FieldValueRequired',
    field: path,
    message: detail ? `Required value: ${detail}` : 'Required value',
  }),
  invalid: (path: string, value: unknown, detail: string): FieldError => ({
    reason: 'FieldValueInvalid',
    field: path,
    message: `Invalid value: ${quote(value)}: ${detail}`,
  }),
  /** For values that are no plain ones: shown as JSON. */
  invalidJson: (path: string, value: unknown, detail: string): FieldError => ({
    reason: 'FieldValueInvalid',
    field: path,
    message: `Invalid value: ${JSON.stringify(value)}: ${detail}`,
  }),
  notSupported: (path: string, value: unknown, supported: readonly string[]): FieldError => ({
    reason: 'FieldValueNotSupported',
    field: path,
    message: `Unsupported value: ${quote(value)}: supported values: ${supported.map((v) => `"${v}"`).join(', ')}`,
  }),
  forbidden: (path: string, detail: string): FieldError => ({
    reason: 'FieldValueForbidden',
    field: path,
    message: `Forbidden: ${detail}`,
  }),
  duplicate: (path: string, value: unknown): FieldError => ({
    reason: 'FieldValueDuplicate',
    field: path,
    message: `Duplicate value: ${quote(value)}`,
  }),
  tooLong: (path: string, bytes: number): FieldError => ({
    reason: 'FieldValueTooLong',
    field: path,
    message: `Too long: may not be more than ${bytes} bytes`,
  }),
  notFound: (path: string, value: unknown): FieldError => ({
    reason: 'FieldValueNotFound',
    field: path,
    message: `Not found: ${quote(value)}`,
  }),
  internal: (path: string, detail: string): FieldError => ({
    reason: 'InternalError',
    field: path,
    message: `Internal error: ${detail}`,
  }),
};

/** 422 with every field error; several stand in brackets. */
export function invalid(
  resource: Pick<ResourceType, 'kind' | 'group'>,
  name: string,
  errors: readonly FieldError[],
): ApiError {
  const texts = errors.map((error) => `${error.field}: ${error.message}`);
  const text = texts.length === 1 ? texts[0] : `[${texts.join(', ')}]`;
  return new ApiError(422, 'Invalid', `${qualifiedKind(resource)} "${name}" is invalid: ${text}`, {
    ...(name ? { name } : {}),
    ...groupDetail(resource.group),
    ...(resource.kind ? { kind: resource.kind } : {}),
    causes: errors.map(({ reason, message, field: path }) => ({ reason, message, field: path })),
  });
}
