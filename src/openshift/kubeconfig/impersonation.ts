import type { KubeconfigUser } from './kubeconfig-entries.ts';

/** What the library leaves out beside `as`: https://kubernetes.io/docs/reference/access-authn-authz/authentication/#user-impersonation */
export function impersonation(user: KubeconfigUser): Record<string, string | string[]> {
  const { impersonateUid, impersonateGroups, impersonateExtra } = user;
  return {
    ...(impersonateUid === undefined ? {} : { 'Impersonate-Uid': impersonateUid }),
    ...(impersonateGroups === undefined ? {} : { 'Impersonate-Group': [...impersonateGroups] }),
    ...Object.fromEntries(
      Object.entries(impersonateExtra ?? {}).map(([key, values]) => [
        `Impersonate-Extra-${encodeURIComponent(key).replace(/[()]/g, escaped)}`,
        [...values],
      ]),
    ),
  };
}

const escaped = (character: string): string => `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
