import { PassThrough } from 'node:stream';
import type { KubeConfig, V1Status } from '@kubernetes/client-node';
import { Exec } from '@kubernetes/client-node';
import { OpenShiftError } from './api-error.ts';

export interface ExecResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

interface ExecTarget {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  readonly command: readonly string[];
}

/** Runs a command in a container and waits for its end. What it printed may hold values: show none of it. */
export async function execInPod(config: KubeConfig, target: ExecTarget): Promise<ExecResult> {
  const { namespace, pod, container, command } = target;
  const name = `exec in pod/${pod} (${container})`;
  const stdout = collect();
  const stderr = collect();
  return new Promise<ExecResult>((resolve, reject) => {
    let exitCode: number | undefined;
    new Exec(config)
      .exec(namespace, pod, container, [...command], stdout.stream, stderr.stream, null, false, (status) => {
        exitCode = exitCodeOf(status);
      })
      .then((socket) => {
        socket.onclose = () => {
          if (exitCode === undefined)
            reject(new OpenShiftError('Unreachable', 0, `${name}: the connection was lost`));
          else resolve({ exitCode, stdout: stdout.text(), stderr: stderr.text() });
        };
      })
      .catch((error: unknown) => {
        reject(new OpenShiftError('Unreachable', 0, `${name}: ${messageOf(error)}`, { cause: error }));
      });
  });
}

function collect(): { stream: PassThrough; text(): string } {
  const chunks: Buffer[] = [];
  const stream = new PassThrough();
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  return { stream, text: () => Buffer.concat(chunks).toString('utf8') };
}

function exitCodeOf({ status, details }: V1Status): number {
  if (status === 'Success') return 0;
  const cause = details?.causes?.find(({ reason }) => reason === 'ExitCode');
  return Number(cause?.message ?? 1);
}

/** The websocket library throws events as well as errors. */
function messageOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'message' in error
    ? String(error.message)
    : String(error);
}
