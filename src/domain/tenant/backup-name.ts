const PREFIX = 'threescale-upgrade-backup-';

/**
 * Name of the Secret in the tenant's namespace that holds the backup of one upgrade, by the id of its first execution: a
 * reset of the workflow keeps it. It is known before the Secret is made, so that what undoes the backup can be registered
 * before the act.
 */
export function backupSecretName(firstRunId: string): string {
  return `${PREFIX}${firstRunId}`;
}

/**
 * As releases before 0.2 named it, by 8 digits, which two upgrades of one minute may share; undefined where it is no
 * longer than that. An upgrade that began under such a release still goes by it.
 */
export function earlierBackupName(name: string): string | undefined {
  const earlier = name.slice(0, PREFIX.length + 8);
  return earlier === name ? undefined : earlier;
}
