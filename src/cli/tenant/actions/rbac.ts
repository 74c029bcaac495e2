import { stringify } from 'yaml';
import { AUTOSCALER_RIGHT } from '../../../procedure/backup/differences.ts';
import { EVIDENCE_RIGHTS, LOG_RIGHT } from '../../../procedure/evidence/gather.ts';
import { FOLLOWER_RIGHTS } from '../../../procedure/preflight/other-followers.ts';
import { rightsFor } from '../../../procedure/preflight/rights.ts';
import { choicesOf } from '../../../domain/paths/choices.ts';
import type { Access } from '../../../openshift/tenant-api.ts';
import { WATCH_RIGHT } from '../../../openshift/rollout-watch.ts';
import { accessTo, named } from '../../../openshift/tenant-api.ts';
import type { Io } from '../../io.ts';
import { knownPath } from '../../known-path.ts';
import type { OutputOptions } from '../../options.ts';
import { IMPERSONATION_SOURCE } from '../request.ts';
import type { BindOptions } from '../role-binding.ts';
import { bindingFor, ROLE_NAME } from '../role-binding.ts';

export interface RbacOptions extends OutputOptions, BindOptions {
  readonly namespace?: string;
  readonly path?: string;
  readonly impersonation?: boolean;
  readonly impersonationSecret?: string;
  readonly takeAlong?: Readonly<Record<string, string>>;
  readonly logs: boolean;
}

/** `rbac` */
export function printRights(io: Io, options: RbacOptions): void {
  io.out(render(documentsFor(options), options.output));
}

function documentsFor(options: RbacOptions): readonly object[] {
  const { namespace, impersonationSecret: secret = IMPERSONATION_SOURCE } = options;
  const isWanted = options.impersonation === true || options.impersonationSecret !== undefined;
  const path = knownPath(options.path);
  const steps = path.steps({
    ...(isWanted ? { impersonation: { fromSecret: secret } } : {}),
    ...choicesOf({ takeAlong: options.takeAlong }),
  });
  // Values that are given to `start` as flags: it puts them there, and renews them.
  const offered = isWanted ? [named(accessTo('patch', 'secrets'), IMPERSONATION_SOURCE)] : [];
  const binding = bindingFor(options, namespace);
  const forLogs = options.logs ? [LOG_RIGHT] : [];
  return [roleFor({ ...path, steps }, namespace, [...offered, ...forLogs]), ...(binding ? [binding] : [])];
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
const USEFUL: readonly Access[] = [...FOLLOWER_RIGHTS, AUTOSCALER_RIGHT, ...EVIDENCE_RIGHTS, WATCH_RIGHT];

/** One rule for each resource and the names it is limited to, sorted. */
export function roleFor(
  path: Parameters<typeof rightsFor>[0],
  namespace?: string,
  more: readonly Access[] = [],
): { readonly rules: readonly Rule[] } {
  const rules = new Map<string, Rule>();
  for (const { group, resource, subresource, verb, names } of rightsFor(path, [...more, ...USEFUL])) {
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
