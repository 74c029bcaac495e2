import type { StatusDetails } from './errors.ts';

/** What the importer says of an image that it could not have: a `Status` in parts, from which a condition is made, too. */
export interface ImportFailure {
  readonly code: number;
  readonly reason: string;
  readonly message: string;
  readonly details?: StatusDetails;
}

/** How a registry fails: by what it answers, or with words of the test's own. */
export type RegistryAnswer =
  /** The manifest or the repository is unknown. */
  | 'not-found'
  | 'unauthorized'
  /** No connection. */
  | 'unreachable'
  | { readonly httpStatus: number }
  | { readonly message: string };

const HTTP_TEXT: Readonly<Record<number, string>> = {
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
};

/** The importer's words for an answer, as openshift-apiserver's `formatRepositoryError` and `imageImportStatus` make them. */
export function importFailure(reference: string, answer: RegistryAnswer): ImportFailure {
  const image = exact(reference);
  if (answer === 'not-found') {
    return {
      code: 404,
      reason: 'NotFound',
      message: `dockerimage.image.openshift.io "${image}" not found`,
      details: { name: image, group: 'image.openshift.io', kind: 'dockerimage' },
    };
  }
  if (answer === 'unauthorized') {
    return {
      code: 401,
      reason: 'Unauthorized',
      message: `you may not have access to the container image "${image}"`,
    };
  }
  if (answer === 'unreachable') {
    const host = image.split('/')[0] ?? '';
    return internal(`${image}: Get "https://${host}/v2/": dial tcp: connect: connection refused`);
  }
  if ('message' in answer) return { code: 500, reason: 'InternalError', message: answer.message };
  const { httpStatus } = answer;
  return internal(
    `${image}: received unexpected HTTP status: ${httpStatus} ${HTTP_TEXT[httpStatus] ?? 'Unknown'}`,
  );
}

function internal(text: string): ImportFailure {
  return {
    code: 500,
    reason: 'InternalError',
    message: `Internal error occurred: ${text}`,
    details: { causes: [{ message: text }] },
  };
}

/** `host/repository:latest` for a reference without tag and digest. */
export function exact(reference: string): string {
  return /[:@][^/]*$/.test(reference) ? reference : `${reference}:latest`;
}
