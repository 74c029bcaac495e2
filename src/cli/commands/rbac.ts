import type { Command } from 'commander';
import { stringify } from 'yaml';
import { rightsFor } from '../../../activities/rights.ts';
import type { Step } from '../../domain/step.ts';
import { stepsFrom23To24 } from '../../domain/paths/upgrade-2.3-to-2.4.ts';
import type { Io } from '../io.ts';
import type { OutputOptions } from '../options.ts';
import { addOutputOption, namespaceName } from '../options.ts';
import { IMPERSONATION_SOURCE } from '../request.ts';

export function addRbac(program: Command, io: Io): void {
  const command = program
    .command('rbac')
    .summary('print the least-privilege Role that an upgrade needs')
    .description(
      'Prints the Role that the identity of an upgrade needs in the tenant’s project, and no more.',
    )
    .option('-n, --namespace <name>', 'the project to write into it', namespaceName)
    .addHelpText(
      'after',
      '\nExamples:\n' +
        '  threescale-upgrade rbac -n 3scale | oc apply -f -\n' +
        '  oc -n 3scale create rolebinding threescale-upgrade --role threescale-upgrade --user upgrader',
    );
  addOutputOption(command).action((options: OutputOptions & { readonly namespace?: string }) => {
    const role = roleFor(
      stepsFrom23To24({ impersonation: { fromSecret: IMPERSONATION_SOURCE } }),
      options.namespace,
    );
    io.out(options.output === 'json' ? JSON.stringify(role, undefined, 2) : stringify(role).trimEnd());
  });
}

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

/** One rule for each resource, sorted. */
export function roleFor(steps: readonly Step[], namespace?: string): { readonly rules: readonly Rule[] } {
  const rules = new Map<string, Rule>();
  for (const { group, resource, subresource, verb } of rightsFor(steps)) {
    const name = subresource === undefined ? resource : `${resource}/${subresource}`;
    const key = `${group}/${name}`;
    const verbs = [...new Set([...(rules.get(key)?.verbs ?? []), verb])].sort();
    rules.set(key, { apiGroups: [group], resources: [name], verbs });
  }
  return {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'Role',
    metadata: { name: 'threescale-upgrade', ...(namespace === undefined ? {} : { namespace }) },
    rules: [...rules.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, rule]) => rule),
  } as { readonly rules: readonly Rule[] };
}
