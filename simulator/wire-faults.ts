import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { ApiError } from './errors.ts';
import type { RequestFault } from './faults.ts';

/** What is left to do with a request after its faults. */
export interface Proceed {
  readonly stop?: boolean;
  /** What becomes of the answer; default it is sent. */
  readonly answer?: 'lose' | 'hold';
  readonly answerAfterMs?: number;
  readonly dropWatchAfterMs?: number;
  readonly gone?: boolean;
  /** How long ago a read's answer was true. */
  readonly staleMs?: number;
}

const STOP: Proceed = { stop: true };

/** Makes a request meet its faults on the wire. */
export async function applyFaults(
  faults: readonly RequestFault[],
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<Proceed> {
  let proceed: Proceed = {};
  for (const fault of faults) {
    switch (fault.kind) {
      case 'latency':
        await sleep(fault.ms);
        break;
      case 'wait':
        await fault.until;
        break;
      case 'late-answer':
        proceed = { ...proceed, answerAfterMs: fault.ms };
        break;
      case 'status':
        sendStatus(response, fault);
        return STOP;
      case 'reset':
        incoming.socket.destroy();
        return STOP;
      case 'hang':
        return STOP;
      case 'html':
        response.writeHead(200, { 'content-type': 'text/html' });
        response.end('<!DOCTYPE html><html><body><h1>Sign in</h1></body></html>');
        return STOP;
      case 'no-such-api':
        response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' });
        response.end('404 page not found\n');
        return STOP;
      case 'lost-answer':
        proceed = { ...proceed, answer: fault.hang ? 'hold' : 'lose' };
        break;
      case 'drop-watch':
        proceed = { ...proceed, dropWatchAfterMs: fault.afterMs };
        break;
      case 'gone':
        proceed = { ...proceed, gone: true };
        break;
      case 'stale-read':
        proceed = { ...proceed, staleMs: fault.ms };
        break;
    }
  }
  return proceed;
}

function sendStatus(response: ServerResponse, fault: Extract<RequestFault, { kind: 'status' }>): void {
  const { code, reason, retryAfterSeconds } = fault;
  const message =
    code === 429 ? 'Too many requests, please try again later.' : `the server answers ${code} by script`;
  const details = retryAfterSeconds === undefined ? undefined : { retryAfterSeconds };
  response.writeHead(code, {
    'content-type': 'application/json',
    ...(retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) }),
  });
  response.end(JSON.stringify(new ApiError(code, reason, message, details).toStatus()));
}
