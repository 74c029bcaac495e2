import { Clusters } from '../../../openshift/clusters.ts';
import { CliError } from '../../cli-error.ts';
import type { ExitCode } from '../../exit-codes.ts';
import { EXIT } from '../../exit-codes.ts';
import { discover } from '../discovery.ts';
import type { Io } from '../../io.ts';
import type { OutputOptions } from '../../options.ts';
import { renderDiscovered } from '../render/discovered.ts';

export interface DiscoverOptions extends OutputOptions {
  readonly context?: readonly string[];
  readonly allContexts?: boolean;
  readonly namespace?: readonly string[];
  readonly kubeconfig?: string;
  readonly site?: string;
}

/** `fleet discover` */
export async function discoverTenants(io: Io, options: DiscoverOptions): Promise<ExitCode> {
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
  return contexts.length > 0 && failed.length === contexts.length ? EXIT.unreachable : EXIT.ok;
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
