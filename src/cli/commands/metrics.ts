import type { Command } from 'commander';
import { Option } from 'commander';
import type { MetricsFlags } from '../actions/metrics.ts';
import type { Io } from '../io.ts';
import { addLogFormat } from '../json-lines.ts';
import { portNumber } from '../options.ts';

/** `--metrics-port` and `--metrics-host`, of commands that run a worker. */
export function addMetricsOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--metrics-port <port>',
        'tell Prometheus there, as /metrics, what this worker does (0: a free port; docs/metrics.md)',
      )
        .argParser(portNumber)
        .env('THREESCALE_UPGRADE_METRICS'),
    )
    .option('--metrics-host <address>', 'address that --metrics-port is of', '127.0.0.1');
}

/** `metrics`: what is known of fleets, for Prometheus. */
export function addMetrics(program: Command, io: Io): void {
  const metrics = program
    .command('metrics')
    .summary('tell Prometheus where fleets stand')
    .description(
      'Tells Prometheus, as /metrics, where every fleet stands that Temporal knows: tenants by wave and state, slots, budgets, ' +
        'what waits for somebody, windows. It only looks, and runs until told to stop. One is enough, however many workers ' +
        'there are; what a worker itself does is told by worker --metrics-port.',
    )
    .option('--port <port>', 'port (0: a free one)', portNumber, 9465)
    .option('--host <address>', 'address that it listens on', '127.0.0.1');
  addLogFormat(metrics)
    .addHelpText(
      'after',
      '\nExample:\n  TEMPORAL_ADDRESS=temporal:7233 threescale-upgrade metrics --host 0.0.0.0',
    )
    .action(async (flags: MetricsFlags) => {
      const { exportMetrics } = await import('../actions/metrics.ts');
      await exportMetrics(io, flags);
    });
}
