/** What a project and a container are called (RFC 1123 label, at most 63 characters). */
export const LABEL_NAME = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;

/** What most objects are called: labels with dots between them (RFC 1123 subdomain). */
export const OBJECT_NAME = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
export const LONGEST_OBJECT_NAME = 253;

/** What Kubernetes takes for the name of a project, and of a container. */
export function isLabelName(name: string): boolean {
  return LABEL_NAME.test(name);
}

/** What Kubernetes takes for the name of a Secret, a route, a pod and most others. */
export function isObjectName(name: string): boolean {
  return name.length <= LONGEST_OBJECT_NAME && OBJECT_NAME.test(name);
}
