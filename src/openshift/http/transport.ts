import type { KubeConfig } from '@kubernetes/client-node';
import type { Dispatcher } from 'undici';
import { request as send } from 'undici';
import type { Answer } from '../api-error.ts';
import { OpenShiftError } from '../api-error.ts';
import { Connections } from './connections.ts';
import { Exchange } from './exchange.ts';
import { LastBytes } from './last-bytes.ts';
import { noticing } from './noticing.ts';
import { readAgain } from '../read-again.ts';

export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly contentType?: string;
  /** What is wanted in answer; default JSON. */
  readonly accept?: string;
  /** A POST that changes nothing, such as an access review: it may be dropped, and tried again. */
  readonly readOnly?: boolean;
  /** Asked when the connection stands: false, and nothing is sent, and the request throws NotBegun. */
  readonly mayBegin?: (() => boolean) | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface ApiResponse {
  readonly status: number;
  readonly body: unknown;
}

export interface TransportOptions {
  /** For each exchange: credentials, connection, and the answer as a whole; of a stream, until it begins. */
  readonly deadlineMs?: number | undefined;
}

const DEADLINE_MS = 30_000;
const LONGEST_TEXT = 64 * 1024;

/** HTTPS to one cluster, and never to another. Whatever goes wrong is an OpenShiftError, or the signal's reason. */
export class Transport {
  readonly config: KubeConfig;
  readonly #deadlineMs: number;
  readonly #server: string;
  /** As TenantRef names it. */
  readonly cluster: string;
  readonly #connections: Connections;

  /** `config` must have its context selected. */
  constructor(config: KubeConfig, { deadlineMs = DEADLINE_MS }: TransportOptions = {}) {
    this.config = config;
    this.#deadlineMs = deadlineMs;
    this.#server = (config.getCurrentCluster()?.server ?? '').replace(/\/+$/, '');
    this.cluster = identityOf(this.#server);
    this.#connections = new Connections(config);
  }

  /**
   * Reads are dropped as soon as the signal aborts, and tried again a few times where no API has answered.
   *
   * A write is not sent once the signal has aborted, and otherwise waited out, up to its deadline. The signal's reason
   * is thrown when the answer has come: whoever meets it knows that no write is under way. Only an error that is
   * `unsure` goes before it. A write is never tried again here, but for one that was refused for its credentials, where
   * others can be had.
   */
  async request(request: ApiRequest): Promise<ApiResponse> {
    const { signal } = request;
    if (isRead(request)) {
      return readAgain(() => this.#exchange(request), { signal, withinMs: this.#deadlineMs });
    }
    try {
      const response = await this.#exchange(request);
      signal?.throwIfAborted();
      return response;
    } catch (error) {
      if (!(error instanceof OpenShiftError && error.unsure)) signal?.throwIfAborted();
      throw error;
    }
  }

  /**
   * Reads what is no JSON: a log. The end of it, where there is more than 64 KiB, which begins with a whole line. Read once;
   * dropped as soon as the signal aborts.
   */
  async text(request: ApiRequest): Promise<string> {
    const exchange = this.#begin(request);
    try {
      const response = await this.#send({ ...request, accept: 'application/json, */*' }, exchange);
      if (response.statusCode >= 300) throw exchange.refusal(await wholeOf(response));
      const end = new LastBytes(LONGEST_TEXT);
      for await (const chunk of response.body) end.add(chunk as Buffer);
      return end.isWhole ? end.text() : end.text().replace(/^[^\n]*\n?/, '');
    } catch (error) {
      throw exchange.failure(error);
    } finally {
      exchange.end();
    }
  }

  /** Streams lines of JSON until the server ends it or `signal` aborts. */
  async *stream(request: ApiRequest): AsyncGenerator {
    const exchange = this.#begin(request);
    try {
      const response = await this.#send(request, exchange);
      if (response.statusCode >= 300) throw exchange.refusal(await wholeOf(response));
      exchange.deadline.lift();
      yield* linesOf(response.body);
    } catch (error) {
      throw exchange.failure(error);
    } finally {
      exchange.end();
    }
  }

  urlOf(path: string): URL {
    return new URL(this.#server + path);
  }

  /** What a WebSocket is opened with. */
  socketOptions(): ReturnType<Connections['socketOptions']> {
    return this.#connections.socketOptions();
  }

  /** See Connections: whoever holds this transport may go on, and closes what it opens. */
  close(): Promise<void> {
    return this.#connections.close();
  }

  async #exchange(request: ApiRequest): Promise<ApiResponse> {
    const exchange = this.#begin(request);
    try {
      const answer = await wholeOf(await this.#send(request, exchange));
      const { status, body } = answer;
      if (status >= 300) throw exchange.refusal(answer);
      if (body === '') return { status, body: undefined };
      const parsed = parse(body);
      if (!parsed) throw exchange.noApi(answer);
      return { status, body: parsed.value };
    } catch (error) {
      throw exchange.failure(error);
    } finally {
      exchange.end();
    }
  }

  #begin(request: ApiRequest): Exchange {
    const { method, path, query, signal, mayBegin } = request;
    return new Exchange(`${method} ${path}`, {
      seen: { cluster: this.cluster, method, path, isLong: query?.['watch'] === 'true' },
      isWrite: !isRead(request),
      deadlineMs: this.#deadlineMs,
      signal,
      mayBegin,
    });
  }

  async #send(
    { method, path, query, body, contentType, accept = 'application/json', signal }: ApiRequest,
    exchange: Exchange,
  ): Promise<Dispatcher.ResponseData> {
    signal?.throwIfAborted();
    const url = this.urlOf(path);
    for (const [key, value] of Object.entries(query ?? {})) url.searchParams.set(key, value);
    for (let tries = 1; ; tries += 1) {
      const lease = await exchange.hold(this.#connections.lease(url));
      // Credentials may have taken their time.
      signal?.throwIfAborted();
      const response = await send(url, {
        method,
        headers: {
          ...lease.headers,
          accept,
          'user-agent': 'threescale-upgrade',
          ...(body === undefined ? {} : { 'content-type': contentType ?? 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        dispatcher: noticing(lease.dispatcher, exchange.sending),
        signal: exchange.deadline.signal,
        // Deadlines are ours.
        headersTimeout: 0,
        bodyTimeout: 0,
      });
      exchange.answered(response.statusCode);
      // A plugin need not say when a token expires: the server does. Nothing was done, so that a write goes again too.
      if (response.statusCode !== 401 || !lease.refused() || tries === 2) return response;
      await response.body.dump();
      lease.release();
    }
  }
}

/** Without a login that may stand in it. */
function identityOf(server: string): string {
  if (!URL.canParse(server)) return '';
  const { host, pathname } = new URL(server);
  return host.toLowerCase() + pathname.replace(/\/+$/, '');
}

/** What may be dropped and tried again. */
const isRead = ({ method, readOnly = false }: ApiRequest): boolean => method === 'GET' || readOnly;

async function wholeOf({ statusCode, headers, body }: Dispatcher.ResponseData): Promise<Answer> {
  return { status: statusCode, headers, body: await body.text() };
}

function parse(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}

async function* linesOf(body: Dispatcher.ResponseData['body']): AsyncGenerator {
  let rest = '';
  body.setEncoding('utf8');
  for await (const chunk of body) {
    const lines = (rest + String(chunk)).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.trim()) yield JSON.parse(line) as unknown;
  }
}
