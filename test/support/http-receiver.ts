import type { IncomingHttpHeaders } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** How a receiver answers: with a status, or never. */
export type Answer =
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string }
  | 'hangs';

export interface HttpReceiver {
  readonly url: string;
  readonly received: readonly Received[];
  /** From now on; the last answer stays. */
  answers(...answers: readonly Answer[]): void;
  close(): Promise<void>;
}

/** Listens on loopback, keeps what it is sent, and answers as it is told to; with 204 until then. */
export async function httpReceiver(): Promise<HttpReceiver> {
  const received: Received[] = [];
  let script: readonly Answer[] = [{ status: 204 }];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      received.push({
        path: request.url ?? '',
        headers: request.headers,
        body: Buffer.concat(parts).toString('utf8'),
      });
      const [answer = 'hangs', ...rest] = script;
      if (rest.length > 0) script = rest;
      if (answer !== 'hangs') response.writeHead(answer.status, answer.headers).end(answer.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/hook`,
    received,
    answers: (...answers) => {
      script = answers;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
