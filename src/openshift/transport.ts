import { createHash } from 'node:crypto';
import type { KubeConfig } from '@kubernetes/client-node';
import { HttpMethod, RequestContext } from '@kubernetes/client-node';
import type { Dispatcher } from 'undici';
import { request as send } from 'undici';
import { errorOf, notAnApi, OpenShiftError } from './api-error.ts';

export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly contentType?: string;
  readonly signal?: AbortSignal | undefined;
}

export interface ApiResponse {
  readonly status: number;
  readonly body: unknown;
}

/** Deadline of a request that does not stream. */
const DEADLINE_MS = 30_000;

/**
 * HTTPS to one cluster: connections are kept alive and shared, credentials are asked for with every request (so that
 * rotated ones are noticed), and whatever goes wrong is an OpenShiftError.
 */
export class Transport {
  readonly config: KubeConfig;
  readonly #server: string;
  #connections: { readonly key: string; readonly dispatcher: Dispatcher | undefined } | undefined;

  /** `config` must have its context selected. */
  constructor(config: KubeConfig) {
    this.config = config;
    this.#server = (config.getCurrentCluster()?.server ?? '').replace(/\/+$/, '');
  }

  async request(request: ApiRequest): Promise<ApiResponse> {
    const name = `${request.method} ${request.path}`;
    const deadline = AbortSignal.timeout(DEADLINE_MS);
    const response = await this.#send(
      request,
      name,
      request.signal ? AbortSignal.any([request.signal, deadline]) : deadline,
    );
    const body = await reading(name, request.signal, () => response.body.text());
    const answer = { status: response.statusCode, headers: response.headers, body };
    if (answer.status >= 300) throw errorOf(name, answer);
    if (body === '') return { status: answer.status, body: undefined };
    try {
      return { status: answer.status, body: JSON.parse(body) as unknown };
    } catch {
      throw notAnApi(name, answer);
    }
  }

  /** Streams lines of JSON until the server ends it or `signal` aborts. */
  async *stream(request: ApiRequest): AsyncGenerator {
    const name = `${request.method} ${request.path}`;
    const response = await this.#send(request, name, request.signal);
    if (response.statusCode >= 300) {
      const body = await reading(name, request.signal, () => response.body.text());
      throw errorOf(name, { status: response.statusCode, headers: response.headers, body });
    }
    let rest = '';
    try {
      response.body.setEncoding('utf8');
      for await (const chunk of response.body) {
        const lines = (rest + String(chunk)).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) if (line.trim()) yield JSON.parse(line) as unknown;
      }
    } catch (error) {
      throw unreachable(name, error, request.signal);
    }
  }

  async close(): Promise<void> {
    await this.#connections?.dispatcher?.close();
    this.#connections = undefined;
  }

  async #send(
    { method, path, query, body, contentType }: ApiRequest,
    name: string,
    signal: AbortSignal | undefined,
  ): Promise<Dispatcher.ResponseData> {
    const url = new URL(this.#server + path);
    for (const [key, value] of Object.entries(query ?? {})) url.searchParams.set(key, value);
    const { headers, dispatcher } = await this.#authenticated(name, url);
    try {
      return await send(url, {
        method,
        headers: {
          ...headers,
          accept: 'application/json',
          'user-agent': 'threescale-upgrade',
          ...(body === undefined ? {} : { 'content-type': contentType ?? 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        ...(dispatcher ? { dispatcher } : {}),
        ...(signal ? { signal } : {}),
        bodyTimeout: 0,
      });
    } catch (error) {
      throw unreachable(name, error, signal);
    }
  }

  /** KubeConfig makes a new dispatcher, and with it new TLS connections, every time: the first is kept. */
  async #authenticated(
    name: string,
    url: URL,
  ): Promise<{ headers: Record<string, string>; dispatcher: Dispatcher | undefined }> {
    const context = new RequestContext(url.toString(), HttpMethod.GET);
    try {
      await this.config.applySecurityAuthentication(context);
    } catch (error) {
      throw new OpenShiftError('Unauthorized', 0, `${name}: the kubeconfig's credentials cannot be had`, {
        cause: error,
      });
    }
    const user = this.config.getCurrentUser();
    const key = createHash('sha256')
      .update(JSON.stringify([user?.certData, user?.certFile, user?.keyFile, user?.keyData]))
      .digest('hex');
    if (this.#connections?.key !== key) {
      this.#connections = { key, dispatcher: context.getDispatcher() };
    }
    return { headers: context.getHeaders(), dispatcher: this.#connections.dispatcher };
  }
}

async function reading<T>(name: string, signal: AbortSignal | undefined, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw unreachable(name, error, signal);
  }
}

/** A cancelled request throws what it was cancelled with; everything else means that nobody answered. */
function unreachable(name: string, error: unknown, signal: AbortSignal | undefined): unknown {
  if (signal?.aborted && signal.reason === error) return error;
  if (signal?.aborted && !(error instanceof DOMException && error.name === 'TimeoutError'))
    return signal.reason;
  return new OpenShiftError('Unreachable', 0, `${name}: ${reasonOf(error)}`, { cause: error });
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause, name, message } = error;
  if (name === 'TimeoutError') return `no answer within ${DEADLINE_MS / 1_000} s`;
  return cause instanceof Error && cause.message ? cause.message : message || name;
}
