import { isAbsolute } from 'node:path';
import { ConfigError } from '../config/reading/config-error.ts';
import { stateFolder } from '../temporal/dev-server/folders.ts';
import { folderStore } from './folder-store.ts';
import type { ReportStore } from './report-store.ts';
import { NOWHERE } from './report-store.ts';
import { s3Store } from './s3-store.ts';

const VARIABLE = 'THREESCALE_UPGRADE_REPORTS';

/** `s3://bucket/prefix`: names as S3 takes them. */
const S3 = /^s3:\/\/(?<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(?<prefix>.*?))?\/*$/;

/** A store's place, as the end of a sentence. */
export const inPlace = ({ place }: ReportStore): string =>
  place === undefined ? `nowhere (${VARIABLE} is none)` : `in ${place}`;

const found = new Map<string, ReportStore>();

/**
 * Where THREESCALE_UPGRADE_REPORTS says: a folder, `s3://bucket/prefix`, or `none`; where it says nothing, beside the state.
 * Throws ConfigError.
 */
export function reportStore(): ReportStore {
  const said = process.env[VARIABLE] || '';
  if (said === '') return folderStore(stateFolder(), { isPrivate: true });
  const store = found.get(said) ?? storeOf(said);
  found.set(said, store);
  return store;
}

function storeOf(said: string): ReportStore {
  if (said === 'none') return NOWHERE;
  if (isAbsolute(said)) return folderStore(said);
  const { bucket, prefix = '' } = S3.exec(said)?.groups ?? {};
  if (bucket !== undefined) return s3Store(bucket, prefix);
  throw new ConfigError(
    `${VARIABLE} is no place for reports`,
    `It is the whole path of a folder, s3://BUCKET/PREFIX, or none; as in: export ${VARIABLE}=/var/lib/threescale-upgrade`,
    VARIABLE,
  );
}
