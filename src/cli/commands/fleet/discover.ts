import type { Command } from 'commander';
import { Clusters } from '../../../openshift/clusters.ts';
import { CliError } from '../../cli-error.ts';
import { EXIT } from '../../exit-codes.ts';
import { discover } from '../../fleet-discovery.ts';
import type { Io } from '../../io.ts';
import type { OutputOptions } from '../../options.ts';
import { addOutputOption, namespaceName, siteName } from '../../options.ts';
import type { Finish } from '../../program.ts';
import { renderDiscovered } from '../../render/discovered.ts';

interface DiscoverOptions extends OutputOptions {
  readonly context?: readonly string[];
  readonly allContexts?: boolean;
  readonly namespace?: readonly string[];
  readonly kubeconfig?: string;
  readonly site?: string;
}

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
    const clusters = new Clusters(options.kubeconfig, { warn: io.err });
    const contexts = contextsOf(clusters, options);
    const discovered = await discover(clusters, contexts, {
      patterns: options.namespace,
      progress: io.err,
    });
    const { found, failed } = discovered;
    io.out(
      options.output === 'json'
        ? JSON.stringify(discovered, undefined, 2)
        : renderDiscovered(discovered, options.site),
    );
    if (found.length === 0) io.err('No 3scale installation was found: dc/system-app is in no project seen.');
    finish(contexts.length > 0 && failed.length === contexts.length ? EXIT.unreachable : EXIT.ok);
  });
}

/** Each of them a name, but for the `*` in it. */
function namePatterns(pattern: string, before: readonly string[] = []): string[] {
  // A star stands for anything, or nothing.
  if (pattern !== '*') namespaceName(pattern.replaceAll('*', 'x'));
  return [...before, pattern];
}

/** Throws KubeconfigError for a name that is none. */
function contextsOf(clusters: Clusters, { context, allContexts }: DiscoverOptions): string[] {
  if (allContexts && context) {
    throw new CliError('--all-contexts and --context exclude each other', { hint: 'Give one of them.' });
  }
  if (allContexts) return clusters.contexts();
  const named = context ?? [undefined];
  return [...new Set(named.map((name) => clusters.tenant(name, 'any').context))];
}
