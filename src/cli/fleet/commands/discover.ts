import type { Command } from 'commander';
import type { DiscoverOptions } from '../actions/discover.ts';
import type { Io } from '../../io.ts';
import { addOutputOption, namespaceName, siteName } from '../../options.ts';
import type { Finish } from '../../finish.ts';

export function addFleetDiscover(fleet: Command, io: Io, finish: Finish): void {
  const command = fleet
    .command('discover')
    .summary('find 3scale installations, and print a fleet file to start from')
    .description(
      'Finds the 3scale installations that an identity can see, and prints a fleet file to start from. Changes nothing.\n' +
        'Exit code: 0 done, 6 no cluster could be looked at.',
    )
    .option('-c, --context <name...>', 'kubeconfig contexts of the clusters (default: the current one)')
    .option('--all-contexts', 'every context of the kubeconfig')
    .option(
      '-n, --namespace <pattern...>',
      "only projects with such names, as in '3scale-*'; must be names where the identity may list no projects",
      namePatterns,
    )
    .option(
      '--site <name>',
      'name the clusters so that they are served by workers of this site only',
      siteName,
    )
    .option('--kubeconfig <path>', 'kubeconfig file (default: as kubectl finds it)')
    .addHelpText(
      'after',
      '\nExamples:\n  threescale-upgrade fleet discover -c prod-eu -c prod-us > fleet.yaml\n' +
        "  threescale-upgrade fleet discover --all-contexts --namespace '3scale-*' -o json\n" +
        '  threescale-upgrade fleet discover --all-contexts --site lyon > lyon.yaml',
    );
  addOutputOption(command).action(async (options: DiscoverOptions) => {
    const { discoverTenants } = await import('../actions/discover.ts');
    finish(await discoverTenants(io, options));
  });
}

/** Each of them a name, but for the `*` in it. */
function namePatterns(pattern: string, before: readonly string[] = []): string[] {
  // A star stands for anything, or nothing.
  if (pattern !== '*') namespaceName(pattern.replaceAll('*', 'x'));
  return [...before, pattern];
}
