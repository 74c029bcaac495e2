import { gunzipSync, gzipSync } from 'node:zlib';
import type { ResolvedPath } from '../src/domain/step.ts';
import { isOpenShiftError } from '../src/openshift/api-error.ts';
import { accessTo } from '../src/openshift/tenant-api.ts';
import type { Access, TenantApi } from '../src/openshift/tenant-api.ts';
import type { DeploymentConfig, ImageStream, Route } from '../src/openshift/types.ts';
import { StepError } from './step-error.ts';
import { isPausedByUs, PAUSED_BY } from './paused-by.ts';

/** A tenant as it was before the first change. It holds passwords: it never leaves the tenant's namespace. */
export interface Backup {
  readonly deploymentconfigs: readonly DeploymentConfig[];
  readonly imagestreams: readonly ImageStream[];
  readonly routes: readonly Route[];
  /** Names of the Secrets the path creates that were there already. */
  readonly secrets: readonly string[];
}

type Kept = 'deploymentconfigs' | 'imagestreams' | 'routes';

const KEY = 'backup.json.gz';
export const BACKUP_LABEL = { 'app.kubernetes.io/managed-by': 'threescale-upgrade' };

/** Creates the backup Secret, once: one that is there is never overwritten. */
export async function backUp(api: TenantApi, name: string, path: ResolvedPath, mark: string): Promise<void> {
  if (await api.get('secrets', name)) return;
  const backup = await take(api, path, mark);
  const data = { [KEY]: gzipSync(JSON.stringify(backup)).toString('base64') };
  try {
    await api.create('secrets', {
      metadata: { name, labels: BACKUP_LABEL },
      type: 'Opaque',
      data,
    });
  } catch (error) {
    if (!isOpenShiftError(error, 'AlreadyExists')) throw error;
  }
}

async function take(api: TenantApi, path: ResolvedPath, mark: string): Promise<Backup> {
  const [deploymentconfigs, imagestreams, routes] = await Promise.all([
    api.list('deploymentconfigs'),
    api.list('imagestreams'),
    api.list('routes'),
  ]);
  const secrets: string[] = [];
  for (const step of path.steps) {
    if (step.kind === 'create-secret' && (await api.get('secrets', step.secret))) secrets.push(step.secret);
  }
  return {
    deploymentconfigs: deploymentconfigs.map((config) => essence(withoutOurPause(config, mark))),
    imagestreams: imagestreams.map(essence),
    routes: routes.map(essence),
    secrets,
  };
}

/** An upgrade that was abandoned left its pause behind: it is not how the owner had it. */
function withoutOurPause(config: DeploymentConfig, mark: string): DeploymentConfig {
  if (!isPausedByUs(config, mark)) return config;
  const { [PAUSED_BY]: _mark, ...annotations } = config.metadata.annotations ?? {};
  const { paused: _paused, ...spec } = config.spec;
  return { ...config, metadata: { ...config.metadata, annotations }, spec };
}

/** Without what the server keeps by itself. */
function essence<T extends DeploymentConfig | ImageStream | Route>(object: T): T {
  const { name, labels, annotations } = object.metadata;
  const metadata = { name, ...(labels ? { labels } : {}), ...(annotations ? { annotations } : {}) };
  return { ...object, metadata, status: undefined };
}

/** Undefined where the Secret is not there: then nothing was changed either. */
export async function readBackup(api: TenantApi, name: string): Promise<Backup | undefined> {
  const secret = await api.get('secrets', name);
  if (!secret) return undefined;
  try {
    return JSON.parse(gunzipSync(Buffer.from(secret.data?.[KEY] ?? '', 'base64')).toString('utf8')) as Backup;
  } catch {
    throw new StepError(
      'NotVerified',
      `secret/${name} does not hold a backup any more`,
      'Restore the Secret as it was made, then retry.',
    );
  }
}

/** The object as it was; undefined where there was none. Throws where the backup itself is gone. */
export function backedUp<R extends Kept>(
  backup: Backup | undefined,
  resource: R,
  name: string,
): Backup[R][number] | undefined {
  return required(backup)[resource].find(({ metadata }) => metadata.name === name);
}

/** Throws where the backup is gone: without it nothing may be taken for undone. */
export function required(backup: Backup | undefined): Backup {
  if (backup) return backup;
  throw new StepError(
    'NotFound',
    'the backup Secret of this upgrade is not there',
    'Restore it, then retry; or skip the step and put the objects right by hand.',
  );
}

/** The backup's own name is known only when it is made: so these are rights to any Secret of the project. */
export const BACKUP_RIGHTS: readonly Access[] = [
  ...(['get', 'create', 'delete'] as const).map((verb) => accessTo(verb, 'secrets')),
  accessTo('list', 'deploymentconfigs'),
  accessTo('list', 'imagestreams'),
  accessTo('list', 'routes'),
];
