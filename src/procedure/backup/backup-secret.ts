import { gunzipSync, gzipSync } from 'node:zlib';
import { earlierBackupName } from '../../domain/tenant/backup-name.ts';
import { isOpenShiftError } from '../../openshift/api-error.ts';
import type { TenantApi, TenantReader } from '../../openshift/tenant-api.ts';
import type { Secret } from '../../openshift/types.ts';
import type { Backup } from './backup.ts';
import { StepError } from '../step-error.ts';

/** A Secret holds 1 MiB; what is larger takes several. */
const PART_BYTES = 1_000_000;
const MOST_PARTS = 16;
/** More than all objects of a path may take together: what unfolds to more was not written by us. */
const LARGEST_BYTES = 64 * 1024 * 1024;

const KEY = 'backup.json.gz';
const PARTS = 'threescale-upgrade/parts';
const UPGRADE = 'threescale-upgrade/upgrade';
const PATH = 'threescale-upgrade/path';
const HALF_WAY = 'threescale-upgrade/half-way';

export const OURS = { 'app.kubernetes.io/managed-by': 'threescale-upgrade' };
const BACKUP_LABEL = { ...OURS, 'threescale-upgrade/holds': 'backup' };
export const BACKUP_SELECTOR = Object.entries(BACKUP_LABEL)
  .map((pair) => pair.join('='))
  .join(',');

/** How many Secrets the backup takes. Throws `Invalid` where it is too large for as many as it may be. */
export function partsOf(backup: Backup): Buffer[] {
  const plain = Buffer.from(JSON.stringify(backup));
  if (plain.length > LARGEST_BYTES)
    throw tooLarge(
      `${megabytes(plain)} MB, more than the ${LARGEST_BYTES / 1024 / 1024} MiB that are read again`,
    );
  const packed = gzipSync(plain);
  const parts = Array.from({ length: Math.max(1, Math.ceil(packed.length / PART_BYTES)) }, (_, index) =>
    packed.subarray(index * PART_BYTES, (index + 1) * PART_BYTES),
  );
  if (parts.length <= MOST_PARTS) return parts;
  throw tooLarge(`${megabytes(packed)} MB, more than ${MOST_PARTS} Secrets hold`);
}

const megabytes = (bytes: Buffer): number => Math.ceil(bytes.length / 1_000_000);

function tooLarge(size: string): StepError {
  return new StepError(
    'Invalid',
    `a backup of what the upgrade touches takes ${size}`,
    'Look for very large annotations: oc get dc,is,route -o yaml; take them off, then retry.',
  );
}

/** Creates it, once: the Secret that names the others goes last, so that one that is there is whole. */
export async function createBackup(
  api: TenantApi,
  name: string,
  backup: Backup,
  {
    from,
    to,
    halfWay,
  }: {
    readonly from: string;
    readonly to: string;
    /** What it holds is no start: some of the path was done already. */
    readonly halfWay: boolean;
  },
): Promise<void> {
  const parts = partsOf(backup);
  const annotations = {
    [UPGRADE]: name,
    [PATH]: `${from}-${to}`,
    [PARTS]: String(parts.length),
    [HALF_WAY]: String(halfWay),
  };
  for (const [index, part] of [...parts.entries()].reverse()) {
    const labels = index === 0 ? BACKUP_LABEL : OURS;
    try {
      await api.create('secrets', {
        metadata: { name: partName(name, index), labels, annotations },
        type: 'Opaque',
        data: { [KEY]: part.toString('base64') },
      });
    } catch (error) {
      if (!isOpenShiftError(error, 'AlreadyExists')) throw error;
    }
  }
}

/** The first Secret of a backup; undefined where it is not there: then nothing was changed either. */
export async function findBackupSecret(api: TenantReader, name: string): Promise<Secret | undefined> {
  const secret = await api.get('secrets', name);
  const earlier = secret ? undefined : earlierBackupName(name);
  const found = earlier === undefined ? secret : await api.get('secrets', earlier);
  // One of an earlier release names no upgrade; by its short name it must not be taken for a later one's.
  return found && earlier !== undefined && nameOfUpgrade(found) !== undefined ? undefined : found;
}

/** Of a backup that says whose it is; undefined: made by an earlier release. */
export function nameOfUpgrade({ metadata }: Secret): string | undefined {
  return metadata.annotations?.[UPGRADE];
}

/** Whether it was made of a tenant that was half upgraded; undefined: made by an earlier release, which did not say. */
export function isOfHalfWay({ metadata }: Secret): boolean | undefined {
  const said = metadata.annotations?.[HALF_WAY];
  return said === undefined ? undefined : said === 'true';
}

export function isOfPath(
  { metadata }: Secret,
  path: { readonly from: string; readonly to: string },
): boolean {
  return metadata.annotations?.[PATH] === `${path.from}-${path.to}`;
}

/** Undefined where the Secret is not there: then nothing was changed either. */
export async function readBackup(api: TenantReader, name: string): Promise<Backup | undefined> {
  const secret = await findBackupSecret(api, name);
  return secret && readBackupSecret(api, secret);
}

/** Throws `NotVerified` where it does not hold what was backed up any more. */
export async function readBackupSecret(api: TenantReader, secret: Secret): Promise<Backup> {
  const others = Array.from({ length: partCount(secret) - 1 }, (_, index) => index + 1);
  const parts = await Promise.all(
    others.map((index) => api.get('secrets', partName(secret.metadata.name, index))),
  );
  const packed = Buffer.concat(
    [secret, ...parts].map((part) => Buffer.from(part?.data?.[KEY] ?? '', 'base64')),
  );
  try {
    return JSON.parse(gunzipSync(packed, { maxOutputLength: LARGEST_BYTES }).toString('utf8')) as Backup;
  } catch (error) {
    const isTooLarge = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
    throw noBackup(
      secret,
      isTooLarge ? `unfolds to more than ${LARGEST_BYTES / 1024 / 1024} MiB` : undefined,
    );
  }
}

/**
 * All of it, the naming one last, and each by its uid: one that is deleted late takes nothing of a later backup. What is gone
 * already is gone. Throws `NotVerified` where it does not say how many there are.
 */
export async function deleteBackupSecret(api: TenantApi, secret: Secret): Promise<void> {
  const { name, uid } = secret.metadata;
  for (let index = partCount(secret) - 1; index > 0; index -= 1) {
    const part = await api.get('secrets', partName(name, index));
    if (part) await api.delete('secrets', part.metadata.name, { uid: part.metadata.uid });
  }
  await api.delete('secrets', name, { uid });
}

/** How many Secrets it takes. Whoever may edit the Secret can write any number: never more are read than are ever written. */
function partCount(secret: Secret): number {
  const count = Number(secret.metadata.annotations?.[PARTS] ?? 1);
  if (Number.isInteger(count) && count >= 1 && count <= MOST_PARTS) return count;
  throw noBackup(secret, `names a number of parts that is none from 1 to ${MOST_PARTS}`);
}

function noBackup({ metadata }: Secret, why?: string): StepError {
  return new StepError(
    'NotVerified',
    `secret/${metadata.name} does not hold a backup any more${why === undefined ? '' : `: it ${why}`}`,
    'Restore the Secret as it was made, then retry.',
  );
}

const partName = (name: string, index: number): string => (index === 0 ? name : `${name}-${index + 1}`);
