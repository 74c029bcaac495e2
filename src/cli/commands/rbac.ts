import type { Command } from 'commander';
import { stringify } from 'yaml';
import { AUTOSCALER_RIGHT } from '../../../activities/differences.ts';
import { EVIDENCE_RIGHTS, LOG_RIGHT } from '../../../activities/evidence/gather.ts';
import { FOLLOWER_RIGHTS } from '../../../activities/other-followers.ts';
import { rightsFor } from '../../../activities/rights.ts';
import { choicesOf } from '../../domain/paths/choices.ts';
import type { Step } from '../../domain/step.ts';
import type { Access } from '../../openshift/tenant-api.ts';
import { accessTo, named } from '../../openshift/tenant-api.ts';
import type { Io } from '../io.ts';
import { knownPath } from '../known-path.ts';
import type { OutputOptions } from '../options.ts';
import { addOutputOption, collectTakenAlong, namespaceName, secretOption } from '../options.ts';
import { IMPERSONATION_SOURCE } from '../request.ts';
import type { BindOptions } from '../role-binding.ts';
import { bindingFor, ROLE_NAME } from '../role-binding.ts';

interface RbacOptions extends OutputOptions, BindOptions {
  readonly namespace?: string;
  readonly path?: string;
  readonly impersonation?: boolean;
  readonly impersonationSecret?: string;
  readonly takeAlong?: Readonly<Record<string, string>>;
  readonly logs: boolean;
}

export function addRbac(program: Command, io: Io): void {
  const command = program
    .command('rbac')
    .summary('print the least-privilege Role that an upgrade needs')
    .description(
      'Prints the Role that the identity of an upgrade needs in the tenant’s project, and no more; by name, where the names ' +
        'of the objects are known. With --bind-… also the RoleBinding that gives it to somebody.',
    )
    .option('-n, --namespace <name>', 'the project to write into it', namespaceName)
    .option('--path <from-to>', 'the upgrade path (default: 2.3-2.4)')
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
  addOutputOption(command).action((options: RbacOptions) => {
    io.out(render(documentsFor(options), options.output));
  });
}

function documentsFor(options: RbacOptions): readonly object[] {
  const { namespace, impersonationSecret: secret = IMPERSONATION_SOURCE } = options;
  const isWanted = options.impersonation === true || options.impersonationSecret !== undefined;
  const steps = knownPath(options.path).steps({
    ...(isWanted ? { impersonation: { fromSecret: secret } } : {}),
    ...choicesOf({ takeAlong: options.takeAlong }),
  });
  // Values that are given to `start` as flags: it puts them there, and renews them.
  const offered = isWanted ? [named(accessTo('patch', 'secrets'), IMPERSONATION_SOURCE)] : [];
  const binding = bindingFor(options, namespace);
  const forLogs = options.logs ? [LOG_RIGHT] : [];
  return [roleFor(steps, namespace, [...offered, ...forLogs]), ...(binding ? [binding] : [])];
}

function render(documents: readonly object[], output: OutputOptions['output']): string {
  if (output !== 'json') return documents.map((document) => stringify(document).trimEnd()).join('\n---\n');
  const [role, ...more] = documents;
  const list = { apiVersion: 'v1', kind: 'List', items: documents };
  return JSON.stringify(more.length === 0 ? role : list, undefined, 2);
}

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}

/** Without which an upgrade goes on, and says what was not looked at. */
const USEFUL: readonly Access[] = [...FOLLOWER_RIGHTS, AUTOSCALER_RIGHT, ...EVIDENCE_RIGHTS];

/** One rule for each resource and the names it is limited to, sorted. */
export function roleFor(
  steps: readonly Step[],
  namespace?: string,
  more: readonly Access[] = [],
): { readonly rules: readonly Rule[] } {
  const rules = new Map<string, Rule>();
  for (const { group, resource, subresource, verb, names } of rightsFor(steps, [...more, ...USEFUL])) {
    const name = subresource === undefined ? resource : `${resource}/${subresource}`;
    const key = `${group}/${name} ${names?.join(' ') ?? ''}`;
    const verbs = [...new Set([...(rules.get(key)?.verbs ?? []), verb])].sort();
    const limits = names === undefined ? {} : { resourceNames: names };
    rules.set(key, { apiGroups: [group], resources: [name], ...limits, verbs });
  }
  return {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'Role',
    metadata: { name: ROLE_NAME, ...(namespace === undefined ? {} : { namespace }) },
    rules: [...rules.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, rule]) => rule),
  } as { readonly rules: readonly Rule[] };
}
