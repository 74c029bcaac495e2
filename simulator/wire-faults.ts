import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { ApiError } from './errors.ts';
import type { RequestFault } from './faults.ts';

/** What is left to do with a request after its faults. */
export type Proceed = 'go' | 'stop' | 'lose-answer' | 'hold-answer' | { readonly dropWatchAfterMs: number };

/** Makes a request meet its faults on the wire. */
export async function applyFaults(
  faults: readonly RequestFault[],
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<Proceed> {
  let proceed: Proceed = 'go';
  for (const fault of faults) {
    switch (fault.kind) {
      case 'latency':
        await sleep(fault.ms);
        break;
      case 'status':
        sendStatus(response, fault);
        return 'stop';
      case 'reset':
        incoming.socket.destroy();
        return 'stop';
      case 'hang':
        return 'stop';
      case 'html':
        response.writeHead(200, { 'content-type': 'text/html' });
        response.end('<!DOCTYPE html><html><body><h1>Sign in</h1></body></html>');
        return 'stop';
      case 'no-such-api':
        response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' });
        response.end('404 page not found\n');
        return 'stop';
      case 'lost-answer':
        proceed = fault.hang ? 'hold-answer' : 'lose-answer';
        break;
      case 'drop-watch':
        proceed = { dropWatchAfterMs: fault.afterMs };
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
