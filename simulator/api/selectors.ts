import { badRequest } from '../errors.ts';
import type { KubeObject } from '../types.ts';

export type Predicate = (object: KubeObject) => boolean;

const LABEL_REQUIREMENT =
  /^(?:(?<not>!)?(?<key>[A-Za-z0-9][-A-Za-z0-9_./]*)(?:\s*(?<op>==|=|!=)\s*(?<value>[-A-Za-z0-9_.]*)|\s+(?<set>in|notin)\s*\((?<values>[^)]*)\))?)$/;

/** Parses a label selector. Throws 400 as apimachinery words it. */
export function labelSelector(text: string | null): Predicate {
  if (!text) return () => true;
  const requirements = splitOutsideParentheses(text).map((part) => requirement(part.trim()));
  return (object) => requirements.every((matches) => matches(object.metadata.labels ?? {}));
}

function requirement(text: string): (labels: Record<string, string>) => boolean {
  const groups = LABEL_REQUIREMENT.exec(text)?.groups;
  if (!groups?.key) throw badRequest(unparsable(text));
  const key = groups.key;
  if (groups.not) return (labels) => !(key in labels);
  if (groups.set) {
    const values = (groups.values ?? '').split(',').map((value) => value.trim());
    const within = (labels: Record<string, string>): boolean => values.includes(labels[key] ?? '\0');
    return groups.set === 'in' ? within : (labels) => !within(labels);
  }
  if (!groups.op) return (labels) => key in labels;
  const value = groups.value ?? '';
  return groups.op === '!=' ? (labels) => labels[key] !== value : (labels) => labels[key] === value;
}

function unparsable(text: string): string {
  const afterOperator = /^[^=!]+(?:==|=|!=)\s*(?<rest>[^A-Za-z0-9].*)$/.exec(text)?.groups?.rest;
  const found = afterOperator?.startsWith('=') ? '=' : (afterOperator?.[0] ?? text[0] ?? '');
  return `unable to parse requirement: found '${found}', expected: identifier`;
}

function splitOutsideParentheses(text: string): string[] {
  return text.split(/,(?![^(]*\))/);
}

const EXTRA_FIELDS: Readonly<Record<string, readonly string[]>> = {
  Pod: [
    'spec.nodeName',
    'spec.restartPolicy',
    'spec.schedulerName',
    'spec.serviceAccountName',
    'status.phase',
    'status.podIP',
  ],
  ReplicationController: ['status.replicas'],
  Secret: ['type'],
  Route: ['spec.host', 'spec.path', 'spec.to.name'],
  Event: [
    'involvedObject.kind',
    'involvedObject.name',
    'involvedObject.namespace',
    'involvedObject.uid',
    'reason',
    'type',
  ],
  Namespace: ['status.phase'],
};

/** Parses a field selector for a kind. Throws 400 for a field that the kind does not index. */
export function fieldSelector(text: string | null, kind: string, group: string): Predicate {
  if (!text) return () => true;
  const known = ['metadata.name', 'metadata.namespace', ...(EXTRA_FIELDS[kind] ?? [])];
  const tests = text.split(',').map((part) => {
    const match = /^(?<path>[^!=]+)(?<op>==|=|!=)(?<value>.*)$/.exec(part)?.groups;
    if (!match?.path) throw badRequest(`invalid selector: '${text}'; can't understand '${part}'`);
    if (!known.includes(match.path)) throw badRequest(unknownField(match.path, kind, group));
    const { path, op, value = '' } = match;
    return (object: KubeObject): boolean => (read(object, path) === value) === (op !== '!=');
  });
  return (object) => tests.every((test) => test(object));
}

function unknownField(path: string, kind: string, group: string): string {
  if (group.endsWith('.openshift.io')) {
    return `"${path}" is not a known field selector: only "metadata.name", "metadata.namespace"`;
  }
  return kind === 'ConfigMap'
    ? `field label not supported: ${path}`
    : `field label "${path}" not supported for ${kind}`;
}

function read(object: KubeObject, path: string): string {
  let value: unknown = object;
  for (const key of path.split('.')) {
    value = typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
  }
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
