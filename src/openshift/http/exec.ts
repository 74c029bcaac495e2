import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { V1Status } from '@kubernetes/client-node';
import { WebSocket } from 'ws';
import type { ClientOptions } from 'ws';
import { isLabelName } from '../../domain/text/object-name.ts';
import { OpenShiftError } from '../api-error.ts';
import { Exchange } from './exchange.ts';
import { Heartbeat } from './heartbeat.ts';
import { LastBytes } from './last-bytes.ts';
import { noName, pathOf } from '../resources.ts';
import type { Transport } from './transport.ts';

export interface ExecResult {
  readonly exitCode: number;
  /** The end of it: 64 KiB at most. */
  readonly stdout: string;
  /** The end of it: 64 KiB at most. */
  readonly stderr: string;
}

export interface ExecLimits {
  /** Until the command has begun. */
  readonly connectMs?: number;
  /** For the command itself. */
  readonly longestMs?: number;
  /** The API server is asked for a sign of life so often, and has six tries to give one. */
  readonly pingMs?: number;
}

interface ExecTarget {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  readonly command: readonly string[];
  /** Asked when the connection stands: false, and nothing is begun, and NotBegun is thrown. */
  readonly mayBegin?: (() => boolean) | undefined;
}

const LIMITS = { connectMs: 30_000, longestMs: 2 * 60 * 60_000, pingMs: 10_000 };
const KEPT_BYTES = 64 * 1024;
/** Of one frame; a kubelet's have 32 KiB. */
const FRAME_BYTES = 4 * 1024 * 1024;
const PROTOCOLS = ['v5.channel.k8s.io', 'v4.channel.k8s.io'];
const CHANNEL = { stdout: 1, stderr: 2, status: 3 };

/**
 * Runs a command in a container and waits for its end. What it printed may hold values: show none of it.
 *
 * A connection that does not come or dies is `Unreachable`, a command that outlasts its limit `TimedOut`: it may have
 * run then, and may still run (`unsure`), as nothing ends it but itself.
 */
export async function execInPod(
  transport: Transport,
  target: ExecTarget,
  limits: ExecLimits = {},
): Promise<ExecResult> {
  const { connectMs, longestMs, pingMs } = { ...LIMITS, ...limits };
  const { namespace, pod, container, command, mayBegin } = target;
  const path = pathOf('pods', namespace, pod, 'exec');
  if (!isLabelName(container)) throw noName('container', container);
  const query = new URLSearchParams({
    stdout: 'true',
    stderr: 'true',
    stdin: 'false',
    tty: 'false',
    container,
  });
  for (const part of command) query.append('command', part);
  const url = transport.urlOf(`${path}?${query}`);
  const exchange = new Exchange(`exec in pod/${pod} (${container})`, {
    seen: { cluster: transport.cluster, method: 'EXEC', path, isLong: true },
    isWrite: true,
    deadlineMs: connectMs,
    mayBegin,
  });
  try {
    const socket = new WebSocket(url, PROTOCOLS, await optionsOf(transport, exchange));
    return await outcomeOf(socket, exchange, { longestMs, pingMs });
  } catch (error) {
    throw exchange.failure(error);
  } finally {
    exchange.end();
  }
}

async function optionsOf(transport: Transport, exchange: Exchange): Promise<ClientOptions> {
  const { options } = await exchange.hold(transport.socketOptions());
  return {
    ...options,
    maxPayload: FRAME_BYTES,
    finishRequest: (request) => {
      const begin = (): void => {
        try {
          exchange.sending();
          request.end();
        } catch (error) {
          request.destroy(error as Error);
        }
      };
      // A connection that was never made has begun nothing.
      request.once('socket', (socket) => {
        if (!isConnecting(socket)) begin();
        else socket.once(socket instanceof TLSSocket ? 'secureConnect' : 'connect', begin);
      });
    },
  };
}

/** Through a proxy there is a connection before there is a secure one. */
const isConnecting = (socket: Socket): boolean =>
  socket.connecting || ('secureConnecting' in socket && socket.secureConnecting === true);

async function outcomeOf(
  socket: WebSocket,
  exchange: Exchange,
  { longestMs, pingMs }: { readonly longestMs: number; readonly pingMs: number },
): Promise<ExecResult> {
  const { name, deadline } = exchange;
  const stdout = new LastBytes(KEPT_BYTES);
  const stderr = new LastBytes(KEPT_BYTES);
  return new Promise((resolve, reject) => {
    let status: V1Status | undefined;
    let failure: unknown;
    let longest: NodeJS.Timeout | undefined;
    const giveUp = (why: unknown): void => {
      // What is met while it is taken down is none.
      failure ??= why;
      socket.terminate();
    };
    const heartbeat = new Heartbeat(socket, pingMs, giveUp);
    deadline.signal.addEventListener('abort', () => {
      giveUp(deadline.signal.reason);
    });
    socket.on('unexpected-response', (_, response) => {
      refusal(exchange, response).then(giveUp, giveUp);
    });
    socket.once('open', () => {
      // Switching protocols: the command has begun.
      exchange.answered(101);
      deadline.lift();
      heartbeat.start();
      longest = setTimeout(() => {
        const message = `${name}: the command still runs after ${longestMs / 60_000} minutes`;
        giveUp(new OpenShiftError('TimedOut', 0, message, { unsure: true }));
      }, longestMs);
    });
    socket.on('message', (data: Buffer) => {
      const [channel] = data;
      const content = data.subarray(1);
      if (channel === CHANNEL.stdout) stdout.add(content);
      if (channel === CHANNEL.stderr) stderr.add(content);
      if (channel !== CHANNEL.status) return;
      status = parseStatus(content);
      socket.close();
    });
    socket.once('error', giveUp);
    socket.once('close', () => {
      heartbeat.stop();
      clearTimeout(longest);
      if (!status) reject((failure as Error | undefined) ?? new Error('the connection was lost'));
      else resolve({ exitCode: exitCodeOf(status), stdout: stdout.text(), stderr: stderr.text() });
    });
  });
}

async function refusal(exchange: Exchange, response: IncomingMessage): Promise<OpenShiftError> {
  const body = (await response.setEncoding('utf8').toArray()).join('');
  return exchange.refusal({ status: response.statusCode ?? 0, headers: response.headers, body });
}

function parseStatus(content: Buffer): V1Status | undefined {
  try {
    return JSON.parse(content.toString('utf8')) as V1Status;
  } catch {
    return undefined;
  }
}

function exitCodeOf({ status, details }: V1Status): number {
  if (status === 'Success') return 0;
  const cause = details?.causes?.find(({ reason }) => reason === 'ExitCode');
  return Number(cause?.message ?? 1);
}
