import { LABEL_NAME, LONGEST_OBJECT_NAME, OBJECT_NAME } from './object-name.ts';

/** Names as Kubernetes and this tool write them, checked where somebody else may have written them. */

const HEX = '[0-9a-f]';

const matcher =
  (pattern: string, longest: number) =>
  (text: unknown): text is string =>
    typeof text === 'string' && text.length <= longest && new RegExp(`^(?:${pattern})$`).test(text);

/** What a namespace may be called. */
export function isNamespaceName(text: unknown): text is string {
  return typeof text === 'string' && LABEL_NAME.test(text);
}

/** What a Secret or a DeploymentConfig may be called. */
export function isObjectName(text: unknown): text is string {
  return typeof text === 'string' && text.length <= LONGEST_OBJECT_NAME && OBJECT_NAME.test(text);
}

const HOST = '(?:[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?|\\[[0-9a-f:.]+\\])(?::[0-9]{1,5})?';
/** Of a path: never `.` or `..`. */
const SEGMENT = '[A-Za-z0-9_~-][A-Za-z0-9._~-]*';

/**
 * `host[:port]`, lower case, as `TenantRef.cluster` has it; the host may be an IPv6 address in brackets. Where one host
 * serves several clusters, each under a path of its own, with that: `host/k8s/clusters/c-1`.
 */
export const isClusterIdentity = matcher(`${HOST}(?:/${SEGMENT}){0,8}`, 512);

const UUID = `${HEX}{8}-${HEX}{4}-${HEX}{4}-${HEX}{4}-${HEX}{12}`;

/** The run id of a workflow execution. */
export const isRunId = matcher(UUID, 36);

/** A backup Secret of this release, or of an earlier one that named it by the first part of the run id. */
export const isBackupName = matcher(`threescale-upgrade-backup-(?:${HEX}{8}|${UUID})`, 62);

/** What can be shown on one line: a kubeconfig context, a user, a group may be called anything else. */
export function isOneLine(text: unknown): text is string {
  return typeof text === 'string' && text.length <= 512 && /^[^\p{Cc}\p{Zl}\p{Zp}]+$/u.test(text);
}

/** A name as a message may show it: one that is none may hold anything. */
export function shownName(text: unknown): string {
  return isObjectName(text) ? text : '(no valid name)';
}
