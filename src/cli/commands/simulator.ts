import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import { FAULT_WORDS, FaultError, readFault } from '../../../simulator/fault-words.ts';
import type { TypedFault } from '../../../simulator/fault-words.ts';
import type { SimulatorFlags } from '../actions/simulator.ts';
import type { Io } from '../io.ts';
import { portNumber } from '../options.ts';

export function addSimulator(program: Command, io: Io): void {
  program
    .command('simulator')
    .summary('run simulated OpenShift clusters on loopback')
    .description(
      'Runs simulated OpenShift clusters until told to stop, and writes a kubeconfig with a context for each (sim1, sim2, …).\n' +
        'Tenants are the projects tenant-1, tenant-2, … of each cluster. With --empty: clusters with a project `tenant` and ' +
        'nothing in it, and the contexts simN-admin, simN-up and simN-nohost.',
    )
    .option('--port <port>', 'port of the first cluster; the others follow (default: free ones)', portNumber)
    .requiredOption('--kubeconfig <file>', 'where to write the kubeconfig')
    .option('--clusters <count>', 'how many clusters', someClusters, 1)
    .option('--tenants <count>', '2.3 installations in each', natural, 1)
    .option('--template <file>', 'install from a vendor template instead of our own description')
    .option('--empty', 'nothing in them')
    .option('--rollout-ms <ms>', 'how long a rollout takes', natural)
    .option('--hook-ms <ms>', 'how long a lifecycle hook takes', natural)
    .option(
      '--fault <kind=what>',
      'what goes wrong, such as rollout-fails=tenant-2/zync:2; may be repeated',
      collectFault,
      [],
    )
    .option(
      '--control-port <port>',
      'where faults can be scripted and the log be read, over HTTP (0: a free one)',
      portNumber,
    )
    .option(
      '--audit-port <port>',
      'where its audit log can be read, over HTTP: /sim1/writes and so on (0: a free one)',
      portNumber,
    )
    .addHelpText(
      'after',
      `\nFaults, each for all clusters and tenants unless it begins with a cluster, a tenant, or both (sim1/tenant-2/…):\n${faultsShown()}\n` +
        '\nExamples:\n' +
        '  threescale-upgrade simulator --kubeconfig sim.yaml --clusters 2 --tenants 3 &\n' +
        '  threescale-upgrade simulator --kubeconfig sim.yaml --rollout-ms 5000 --fault rollout-fails=system-sidekiq:2 &\n' +
        '  kubectl --kubeconfig sim.yaml --context sim1 -n tenant-1 get deploymentconfigs',
    )
    .action(async (flags: SimulatorFlags) => {
      const { simulate } = await import('../actions/simulator.ts');
      await simulate(io, flags);
    });
}

function faultsShown(): string {
  return FAULT_WORDS.map(([example, means]) => `  --fault ${example.padEnd(24)} ${means}`).join('\n');
}

function collectFault(argument: string, known: readonly TypedFault[]): TypedFault[] {
  try {
    return [...known, readFault(argument)];
  } catch (error) {
    if (error instanceof FaultError) throw new InvalidArgumentError(error.message);
    throw error;
  }
}

function someClusters(argument: string): number {
  const count = natural(argument);
  if (count === 0) throw new InvalidArgumentError('There must be one; nothing in it: --empty.');
  return count;
}

function natural(argument: string): number {
  const value = Number(argument);
  if (!Number.isInteger(value) || value < 0) throw new InvalidArgumentError('Use a whole number.');
  return value;
}
