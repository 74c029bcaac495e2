import type { Command } from 'commander';
import type { RbacOptions } from '../actions/rbac.ts';
import type { Io } from '../../io.ts';
import { addOutputOption, collectTakenAlong, namespaceName, secretOption } from '../../options.ts';
import { PATH_HELP } from '../../known-path.ts';

export function addRbac(program: Command, io: Io): void {
  const command = program
    .command('rbac')
    .summary('print the least-privilege Role that an upgrade needs')
    .description(
      'Prints the Role that the identity of an upgrade needs in the tenant’s project, and no more; by name, where the names ' +
        'of the objects are known. With --bind-… also the RoleBinding that gives it to somebody.',
    )
    .option('-n, --namespace <name>', 'the project to write into it', namespaceName)
    .option('--path <from-to>', PATH_HELP)
    .option('--impersonation', 'with what section 1.3 needs: to run its command in a pod, to mark its Secret')
    .option(
      '--impersonation-secret <name>',
      'the same, with the values from this Secret of the project',
      secretOption,
    )
    .option(
      '--take-along <name=component>',
      'with what a DeploymentConfig of your own needs that is taken along; may be repeated',
      collectTakenAlong,
    )
    .option('--no-logs', 'without the right to read the logs of pods: then no line of one is ever shown')
    .option('--bind-user <name...>', 'also a RoleBinding to these users')
    .option('--bind-group <name...>', 'also a RoleBinding to these groups')
    .option('--bind-serviceaccount <project:name...>', 'also a RoleBinding to these service accounts')
    .addHelpText(
      'after',
      '\nExamples:\n' +
        '  threescale-upgrade rbac -n 3scale --bind-user upgrader | oc apply -f -\n' +
        '  threescale-upgrade rbac -n 3scale --impersonation --bind-serviceaccount upgrades:worker | oc apply -f -',
    );
  addOutputOption(command).action(async (options: RbacOptions) => {
    const { printRights } = await import('../actions/rbac.ts');
    printRights(io, options);
  });
}
