import type { Command } from 'commander';
import { InvalidArgumentError, Option } from 'commander';
import type { DevOptions, WorkerOptions } from '../actions/worker.ts';
import { DESK_PORT } from '../desk-port.ts';
import type { Io } from '../io.ts';
import { portNumber, siteName } from '../options.ts';
import { addLogFormat } from '../json-lines.ts';
import { addMetricsOptions } from './metrics.ts';

const GIVE_UP = 'end with exit code 6 once Temporal has been away for so long';

/** `worker` and `dev`: they run until they are told to stop. */
export function addWorking(program: Command, io: Io): void {
  const worker = program
    .command('worker')
    .summary('run a worker: what carries upgrades out')
    .description(
      'Runs a worker until it is told to stop (Ctrl-C, SIGTERM). Run several for safety; each needs the kubeconfig of ' +
        'the clusters it serves. Temporal is found by TEMPORAL_ADDRESS, TEMPORAL_PROFILE or its configuration file.',
    )
    .option('--kubeconfig <path>', 'kubeconfig file (default: as kubectl finds it)')
    .option('--no-kubeconfig', 'reach no cluster: for fleets whose clusters all have sites')
    .option('--site <name>', 'serve the clusters of this site of a fleet, and nothing else', siteName)
    .option(
      '--as-release <version>',
      'of the changes in what running upgrades do, make only those that this release had (docs/runbook.md)',
      release,
    )
    .addOption(
      new Option(
        '--deployment <name>',
        'be part of this Worker Deployment of Temporal’s: it takes tasks only while its version is current',
      ).env('TEMPORAL_DEPLOYMENT_NAME'),
    )
    .addOption(
      new Option('--build-id <id>', 'its version there (default: the release of this tool)').env(
        'TEMPORAL_WORKER_BUILD_ID',
      ),
    )
    .option('--wait <seconds>', 'wait so long at the start for Temporal and its namespace', seconds)
    .option('--give-up-after <seconds>', GIVE_UP, seconds, 120)
    .option(
      '--health-port <port>',
      'answer /livez and /readyz over HTTP there (0: a free port): whether it is alive; polls, and reaches Temporal and its clusters',
      portNumber,
    )
    .option('--health-host <address>', 'address that --health-port is of', '127.0.0.1');
  addLogFormat(addMetricsOptions(worker))
    .option('--verbose', 'log what the worker does')
    .addHelpText(
      'after',
      '\nExamples:\n' +
        '  TEMPORAL_ADDRESS=temporal:7233 threescale-upgrade worker --kubeconfig clusters.yaml\n' +
        '  TEMPORAL_ADDRESS=temporal:7233 threescale-upgrade worker --site eu --kubeconfig eu.yaml',
    )
    .action(async (options: WorkerOptions) => {
      const { work } = await import('../actions/worker.ts');
      await work(io, options, {});
    });

  const dev = program
    .command('dev')
    .summary('run the embedded Temporal server with its UI, and a worker')
    .description(
      'Runs the embedded Temporal server (with its UI) and a worker until told to stop; the server’s database is kept.\n' +
        '--stop ends a server that an earlier command left running in the background.',
    )
    .option('--kubeconfig <path>', 'kubeconfig file (default: as kubectl finds it)')
    .option('--ui-port <port>', 'port of the UI', port, 8233)
    .option('--ui', 'serve the desk as well, a page that shows fleets and tenants live; it only looks')
    .option('--allow-actions', 'with --ui: let it say something to fleets and tenants, too')
    .option('--desk-port <port>', 'with --ui: its port; 0: a free one', portNumber, DESK_PORT)
    .option('--stop', 'end the embedded server, and return')
    .option('--give-up-after <seconds>', GIVE_UP, seconds, 120);
  addLogFormat(addMetricsOptions(dev))
    .option('--verbose', 'log what the worker does')
    .addHelpText(
      'after',
      '\nExamples:\n  threescale-upgrade dev\n  threescale-upgrade dev --ui --allow-actions\n  threescale-upgrade dev --stop',
    )
    .action(async (options: DevOptions) => {
      const { workBesideServer } = await import('../actions/worker.ts');
      await workBesideServer(io, options);
    });
}

function port(argument: string): number {
  const value = Number(argument);
  if (!Number.isInteger(value) || value < 1 || value > 65_535)
    throw new InvalidArgumentError('Use a whole number from 1 to 65535.');
  return value;
}

function seconds(argument: string): number {
  const value = Number(argument);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('Use a whole number, 1 or more.');
  return value;
}

function release(argument: string): string {
  if (!/^\d+\.\d+\.\d+$/.test(argument)) throw new InvalidArgumentError('Use a release, as 0.1.0.');
  return argument;
}
