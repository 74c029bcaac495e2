import { foreignWords } from './foreign-words.ts';

/** Kinds of failure of a request, by what can be done about them. */
export type ApiErrorKind =
  /** No answer, or none from an API server: network, TLS, a proxy's page. Wait for it. */
  | 'Unreachable'
  /** 429: ask later. */
  | 'Throttled'
  /** 5xx of a server that is there. */
  | 'ServerError'
  /** A command that takes longer than it may. */
  | 'TimedOut'
  /** 409, and a guard that did not hold: read again. */
  | 'Conflict'
  | 'AlreadyExists'
  | 'Unauthorized'
  | 'Forbidden'
  | 'NotFound'
  /** 400, 405, 415, 422: the request is wrong, and stays so. */
  | 'Invalid';

/** The one shape of whatever goes wrong between us and a cluster. Its message holds no value of an object. */
export class OpenShiftError extends Error {
  readonly kind: ApiErrorKind;
  /** HTTP status; 0 where there was no answer. */
  readonly status: number;
  /** How long the server asked us to wait. */
  readonly retryAfterMs: number | undefined;
  /**
   * Of a write or a command: it may have taken effect or not, and may still do so, as nobody has said how it ended (the
   * deadline passed, the connection was cut, a gateway gave up). Look before it is made again or taken back. False: it
   * was certainly not done, because it was never sent, or the server refused it. Always false for reads.
   */
  readonly unsure: boolean;

  constructor(
    kind: ApiErrorKind,
    status: number,
    message: string,
    options: ErrorOptions & { readonly retryAfterMs?: number | undefined; readonly unsure?: boolean } = {},
  ) {
    super(message, options);
    this.name = 'OpenShiftError';
    this.kind = kind;
    this.status = status;
    this.retryAfterMs = options.retryAfterMs;
    this.unsure = options.unsure ?? false;
  }
}

export function isOpenShiftError(error: unknown, ...kinds: readonly ApiErrorKind[]): error is OpenShiftError {
  return error instanceof OpenShiftError && (kinds.length === 0 || kinds.includes(error.kind));
}

/** An HTTP answer, read to its end. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** A failed JSON-patch `test`, and only that, is answered so: with 422, and without details. */
const FAILED_TEST = 'the server rejected our request due to an error in our request';

/** Whether what was asked for may have been done all the same. */
interface Doubt {
  readonly unsure?: boolean;
}

/** What an answer of 300 or more means. */
export function errorOf(request: string, answer: Answer, { unsure = false }: Doubt = {}): OpenShiftError {
  const { status } = answer;
  const stated = parseStatus(answer.body);
  if (!stated) return notAnApi(request, answer, { unsure });
  const kind = kindOf(status, stated);
  return new OpenShiftError(kind, status, `${request}: ${foreignWords(describe(stated, status))}`, {
    retryAfterMs: retryAfter(answer, stated),
    unsure,
  });
}

/** An answer that no API server gives: a proxy, a login page, a load balancer without a back end. */
export function notAnApi(
  request: string,
  { status, body, headers }: Answer,
  { unsure = false }: Doubt = {},
): OpenShiftError {
  const type = String(headers['content-type'] ?? 'nothing').split(';')[0] ?? '';
  const what = /^\s*</.test(body) ? 'HTML' : foreignWords(type);
  return new OpenShiftError(
    status === 401 ? 'Unauthorized' : status === 429 ? 'Throttled' : 'Unreachable',
    status,
    `${request}: answered ${status} with ${what}, not as an OpenShift API does`,
    { retryAfterMs: retryAfter({ headers }, {}), unsure },
  );
}

interface Status {
  readonly message?: string;
  readonly reason?: string;
  readonly details?: {
    readonly retryAfterSeconds?: number;
    readonly causes?: readonly { readonly field?: string; readonly reason?: string }[];
  };
}

function kindOf(status: number, { message, reason }: Status): ApiErrorKind {
  switch (status) {
    case 401:
      return 'Unauthorized';
    case 403:
      return 'Forbidden';
    case 404:
    case 410:
      return 'NotFound';
    case 409:
      return reason === 'AlreadyExists' ? 'AlreadyExists' : 'Conflict';
    case 422:
      return message === FAILED_TEST ? 'Conflict' : 'Invalid';
    case 429:
      return 'Throttled';
    default:
      return status >= 500 ? 'ServerError' : 'Invalid';
  }
}

/** Of a validation error only the fields: its message may quote a whole object, env values and all. */
function describe({ message, reason, details }: Status, status: number): string {
  if (status === 401) return 'the credentials are refused (401): the token is wrong, or has expired';
  if (status !== 422 && status !== 400) return message ?? reason ?? `HTTP ${status}`;
  const fields = (details?.causes ?? []).map(
    ({ field, reason: why }) => `${field ?? '?'} (${why ?? 'invalid'})`,
  );
  if (fields.length > 0) return `the server refuses ${fields.join(', ')}`;
  return message === FAILED_TEST ? 'it was changed meanwhile' : `${reason ?? 'BadRequest'} (HTTP ${status})`;
}

function parseStatus(body: string): Status | undefined {
  try {
    const parsed: unknown = JSON.parse(body);
    return isStatus(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function isStatus(parsed: unknown): parsed is Status {
  return typeof parsed === 'object' && parsed !== null && 'kind' in parsed && parsed.kind === 'Status';
}

function retryAfter({ headers }: Pick<Answer, 'headers'>, { details }: Status): number | undefined {
  const header = String(headers['retry-after'] ?? '');
  // A proxy may say it as a date.
  const ms = /^\d+$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - Date.now();
  if (ms > 0) return ms;
  return details?.retryAfterSeconds === undefined ? undefined : details.retryAfterSeconds * 1_000;
}
