import { knownSecrets } from '../../domain/paths/permitted-steps.ts';
import type { ResolvedPath } from '../../domain/tenant/step.ts';
import type { Access, TenantApi, TenantReader } from '../../openshift/tenant-api.ts';
import { accessTo } from '../../openshift/tenant-api.ts';
import type { ConfigMap, DeploymentConfig, ImageStream, Route, Secret } from '../../openshift/types.ts';
import { BACKUP_SELECTOR, findBackupSecret, isOfPath } from './backup-secret.ts';
import type { Backup } from './backup.ts';
import { CLAIM, claimOf } from '../claim/claim.ts';
import type { PathIdentity } from '../../domain/tenant/outcome.ts';
import { isPausedByUs, PAUSED_BY } from '../claim/marks.ts';
import { imagesOfTag, LATEST } from '../images/stream-tags.ts';
import { namesTouched, readTouchable } from './touched.ts';

/** The backup of what a tenant's path touches, as it is now. Read only. */
export async function takeBackup(api: TenantReader, path: ResolvedPath, mark: string): Promise<Backup> {
  const touched = namesTouched(path.steps);
  const only = <T extends DeploymentConfig | ImageStream | Route>(
    list: readonly T[],
    names: ReadonlySet<string>,
  ) => list.filter(({ metadata }) => names.has(metadata.name));
  // Secrets also that this path does not create: one begun anew along another, with section 1.3, takes the backup up.
  const wanted = { secrets: knownSecrets(), configmaps: touched.configmaps };
  const { configs, streams, routes, secrets, configmaps } = await readTouchable(api, wanted);
  const deploymentconfigs = only(configs, touched.deploymentconfigs);
  return {
    deploymentconfigs: deploymentconfigs.map((config) => essence(asItsOwnerHadIt(config, mark))),
    imagestreams: only(streams, touched.imagestreams).map(essence),
    routes: only(routes, touched.routes).map(essence),
    ...(touched.configmaps.size > 0 ? { configmaps: configmaps.map(essence) } : {}),
    secrets: secrets.map(({ metadata }) => metadata.name),
    latest: Object.fromEntries(
      only(streams, touched.imagestreams).flatMap((stream) => {
        const [item] = imagesOfTag(stream, LATEST);
        return item ? [[stream.metadata.name, item.image]] : [];
      }),
    ),
    uids: Object.fromEntries(deploymentconfigs.map(({ metadata }) => [metadata.name, metadata.uid ?? ''])),
    versions: Object.fromEntries(
      deploymentconfigs.map(({ metadata, status }) => [metadata.name, status?.latestVersion ?? 0]),
    ),
  };
}

/** An upgrade that was abandoned left its pause and its claim behind. */
function asItsOwnerHadIt(config: DeploymentConfig, mark: string): DeploymentConfig {
  const { [PAUSED_BY]: _pause, [CLAIM]: _claim, ...annotations } = config.metadata.annotations ?? {};
  const { paused, ...rest } = config.spec;
  const spec = paused === undefined || isPausedByUs(config, mark) ? rest : { ...rest, paused };
  return { ...config, metadata: { ...config.metadata, annotations }, spec };
}

/** Without what the server keeps by itself. */
function essence<T extends DeploymentConfig | ImageStream | Route | ConfigMap>(object: T): T {
  const { name, labels, annotations } = object.metadata;
  const metadata = { name, ...(labels ? { labels } : {}), ...(annotations ? { annotations } : {}) };
  return { ...object, metadata, status: undefined };
}

/**
 * The backup of an earlier upgrade of this tenant that has not ended: by the claim that it left, else by label, the newest.
 * What was there before the first change is in it, and nowhere else any more.
 */
export async function findUnfinishedBackup(
  api: TenantApi,
  path: PathIdentity,
  anchor: DeploymentConfig | undefined,
): Promise<Secret | undefined> {
  const claim = anchor && claimOf(anchor);
  const claimed = claim && (await findBackupSecret(api, claim.backup));
  if (claimed) return claimed;
  return [...(await labelledBackups(api, path))].sort(byAge).at(-1);
}

/** The backup that an upgrade along this path has left; undefined where there is none, or more than one. */
export async function onlyBackup(api: TenantReader, path: PathIdentity): Promise<Secret | undefined> {
  const [backup, ...others] = await labelledBackups(api, path);
  return others.length === 0 ? backup : undefined;
}

async function labelledBackups(api: TenantReader, path: PathIdentity): Promise<readonly Secret[]> {
  return (await api.list('secrets', BACKUP_SELECTOR)).filter((secret) => isOfPath(secret, path));
}

const byAge = ({ metadata: a }: Secret, { metadata: b }: Secret): number =>
  (a.creationTimestamp ?? '').localeCompare(b.creationTimestamp ?? '') || a.name.localeCompare(b.name);

/** The backup's own name is known only when it is made: these are rights to any Secret of the project. */
export const BACKUP_RIGHTS: readonly Access[] = [
  ...(['get', 'list', 'create', 'delete'] as const).map((verb) => accessTo(verb, 'secrets')),
  ...(['get', 'list'] as const).map((verb) => accessTo(verb, 'deploymentconfigs')),
  accessTo('list', 'imagestreams'),
  accessTo('list', 'routes'),
];
