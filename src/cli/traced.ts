import { endpointGiven, startTracing } from '../tracing/current.ts';
import { CliError } from './cli-error.ts';
import { commandCalled } from './typed-along.ts';

/** They run for weeks: what they carry out has traces of its own. */
const SERVERS: readonly string[] = ['worker', 'dev', 'ui', 'metrics', 'codec-server', 'simulator'];

export interface TracedCommand {
  readonly version: string;
  readonly say: (line: string) => void;
  readonly exitCode: () => number;
}

/** Runs a command, in a span of its own where traces are asked for. Throws CliError where they cannot be sent as is asked. */
export async function traced(
  { version, say, exitCode }: TracedCommand,
  work: () => Promise<unknown>,
): Promise<void> {
  const { name: setting, value } = endpointGiven();
  if (value !== undefined && !/^https?:$/.test(URL.canParse(value) ? new URL(value).protocol : ''))
    throw new CliError(`${setting} is no address of a receiver of traces over HTTP`, {
      hint: `Use one such as http://127.0.0.1:4318, or unset ${setting}: then no traces are sent.`,
    });
  const tracing = await startTracing({ version, say });
  try {
    if (!tracing || SERVERS.includes(process.argv[2] ?? '')) await work();
    else await tracing.command(work, () => ({ name: commandCalled(), exitCode: exitCode() }));
  } finally {
    await tracing?.end();
  }
}
