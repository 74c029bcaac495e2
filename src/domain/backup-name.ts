/**
 * Name of the Secret in the tenant's namespace that holds the backup of one workflow run. It is known before the
 * Secret is made, so that what undoes the backup can be registered before the act.
 */
export function backupSecretName(runId: string): string {
  return `threescale-upgrade-backup-${runId.slice(0, 8)}`;
}
