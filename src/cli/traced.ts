import { endpointGiven, startTracing } from '../tracing/current.ts';
import { commandCalled } from './typed-along.ts';

/** They run for weeks: what they carry out has traces of its own. */
const SERVERS: readonly string[] = ['worker', 'dev', 'ui', 'metrics', 'codec-server', 'simulator'];

export interface TracedCommand {
  readonly version: string;
  readonly say: (line: string) => void;
  readonly exitCode: () => number;
}

/**
 * Runs a command, in a span of its own where traces are asked for. Where they cannot be sent as is asked that is said, and the
 * command runs without them: nobody is kept from an abort by where traces go (as OpenTelemetry has it of settings that are wrong).
 */
export async function traced(
  { version, say, exitCode }: TracedCommand,
  work: () => Promise<unknown>,
): Promise<void> {
  const { name: setting, value } = endpointGiven();
  if (value !== undefined && !/^https?:$/.test(URL.parse(value)?.protocol ?? '')) {
    say(
      `warning: no traces are sent: ${setting} is no address of a receiver over HTTP, as http://127.0.0.1:4318`,
    );
    await work();
    return;
  }
  const tracing = await startTracing({ version, say });
  try {
    if (!tracing || SERVERS.includes(process.argv[2] ?? '')) await work();
    else await tracing.command(work, () => ({ name: commandCalled(), exitCode: exitCode() }));
  } finally {
    await tracing?.end();
  }
}
