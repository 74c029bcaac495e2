import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { Payload, PayloadCodec } from '@temporalio/common';
import type { Listening } from '../../http-listening.ts';
import { listenOn } from '../../http-listening.ts';
import type { CodecAccess } from './codec-access.ts';
import { allowOrigin, mayAsk, Refusal } from './codec-access.ts';
import { readPayloads, writePayloads } from './codec-request.ts';
import { decodePayloads, encodePayloads } from './codecs.ts';
import { EncryptionError } from './encryption-error.ts';

export interface CodecServerSettings extends CodecAccess {
  readonly codecs: readonly PayloadCodec[];
  readonly host: string;
  /** 0: a free one. */
  readonly port: number;
  /** Told what was refused and what could not be read, without what was asked. */
  readonly onTrouble?: (line: string) => void;
}

/** Temporal takes 4 MB at once; base64 and the next release have room. */
const LARGEST_BODY_BYTES = 16 * 1024 * 1024;
const LARGEST_ANSWER_BYTES = 64 * 1024 * 1024;
const TIMEOUT_MS = 10_000;
const MOST_CONNECTIONS = 64;

/**
 * Temporal's remote codec protocol: `POST /encode` and `POST /decode`, for its UI and its CLI. Rejects with the error of
 * `listen`, such as EADDRINUSE.
 */
export function startCodecServer(settings: CodecServerSettings): Promise<Listening> {
  const server = createServer(
    { requestTimeout: TIMEOUT_MS, headersTimeout: TIMEOUT_MS, keepAliveTimeout: TIMEOUT_MS },
    (request, response) => {
      void answer(settings, request, response);
    },
  );
  server.maxConnections = MOST_CONNECTIONS;
  return listenOn(server, settings.host, settings.port);
}

async function answer(
  settings: CodecServerSettings,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  response.setHeader('Cache-Control', 'no-store');
  try {
    allowOrigin(settings, request.headers, response);
    if (request.method === 'OPTIONS') response.writeHead(204).end();
    else {
      const body = await work(settings, request);
      response.writeHead(200, { 'Content-Type': 'application/json' }).end(body);
    }
  } catch (error) {
    const { status, message } = error instanceof Refusal ? error : new Refusal(400, reasonOf(error));
    settings.onTrouble?.(`refused with ${status}: ${message}`);
    response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' }).end(`${message}\n`);
  }
}

async function work(settings: CodecServerSettings, request: IncomingMessage): Promise<string> {
  const { headers, method, url = '/' } = request;
  const { codecs } = settings;
  mayAsk(settings, headers);
  const [path] = url.split('?');
  if (path !== '/encode' && path !== '/decode') throw new Refusal(404, 'there are /encode and /decode');
  if (method !== 'POST') throw new Refusal(405, `${path} is asked by POST`);
  if (!/^application\/json\b/i.test(headers['content-type'] ?? ''))
    throw new Refusal(415, 'the body must be application/json');
  const payloads = readPayloads(await readBody(request));
  if (!payloads) throw new Refusal(400, 'the body is not {"payloads": [{"metadata": {…}, "data": "…"}]}');
  if (path === '/encode') return writePayloads(await encodePayloads(codecs, payloads));
  return writePayloads(await decodeEach(settings, payloads));
}

/**
 * One by one: a few small ones may unfold to more than there is room for. One whose key is not here comes back as it is:
 * Temporal's CLI gives up a whole history for an error, and that key may be lost.
 */
async function decodeEach(
  { codecs, onTrouble }: CodecServerSettings,
  payloads: readonly Payload[],
): Promise<Payload[]> {
  const decoded: Payload[] = [];
  const unreadable = new Set<string>();
  let bytes = 0;
  for (const payload of payloads) {
    const [one = payload] = await decodePayloads(codecs, [payload]).catch((error: unknown) => {
      if (!(error instanceof EncryptionError)) throw error;
      unreadable.add(error.message);
      return [payload];
    });
    decoded.push(one);
    bytes += one.data?.length ?? 0;
    if (bytes > LARGEST_ANSWER_BYTES)
      throw new Refusal(413, 'the answer is too large: ask for fewer payloads');
  }
  for (const why of unreadable) onTrouble?.(`not readable, left as it is: ${why}`);
  return decoded;
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  // The answer travels on the same connection: it stays open where too much was sent.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > LARGEST_BODY_BYTES) throw new Refusal(413, `more than ${LARGEST_BODY_BYTES} bytes were sent`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Of what nobody expected, the kind only: its message may quote a payload. */
const reasonOf = (error: unknown): string =>
  `a payload cannot be read: ${error instanceof Error ? error.name : 'unknown error'}`;
