import type * as Sdk from '@aws-sdk/client-s3';
import type { ReportStore } from './report-store.ts';
import { ReportStoreError } from './report-store.ts';

/** An end waits for its report for a few seconds only (workflows/keep-report.ts). */
const TRIES = 2;
const CONNECTS_WITHIN_MS = 3_000;
const ANSWERS_WITHIN_MS = 4_000;

/**
 * A bucket of S3, or of what speaks as it does. Region, credentials and another endpoint are found as the AWS SDK finds them:
 * AWS_REGION, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, a profile, a role of the pod; AWS_ENDPOINT_URL_S3 or AWS_ENDPOINT_URL.
 * The SDK is loaded when the store is used for the first time.
 */
export function s3Store(bucket: string, prefix: string): ReportStore {
  const place = `s3://${[bucket, prefix].filter(Boolean).join('/')}`;
  const keyOf = (path: string): string => [prefix, path].filter(Boolean).join('/');
  let loaded: Promise<Loaded> | undefined;
  const ask = async <T>(work: (loaded: Loaded) => Promise<T>): Promise<T> => {
    try {
      loaded ??= load();
      return await work(await loaded);
    } catch (error) {
      throw new ReportStoreError(`${place} refuses: ${reasonOf(error)}`, { cause: error });
    }
  };

  return {
    place,

    check: () =>
      ask(async ({ client, sdk }) => {
        await client.send(new sdk.ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, MaxKeys: 1 }));
      }),

    list: (folder) =>
      ask(async ({ client, sdk }) => {
        const under = keyOf(`${folder}/`);
        const pages = sdk.paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: under });
        const keys: string[] = [];
        for await (const { Contents = [] } of pages)
          for (const { Key = '' } of Contents) keys.push(prefix === '' ? Key : Key.slice(prefix.length + 1));
        return keys;
      }),

    read: (path) =>
      ask(async ({ client, sdk }) => {
        try {
          const { Body } = await client.send(new sdk.GetObjectCommand({ Bucket: bucket, Key: keyOf(path) }));
          return await Body?.transformToString();
        } catch (error) {
          if (error instanceof sdk.NoSuchKey) return undefined;
          throw error;
        }
      }),

    write: (path, text) =>
      ask(async ({ client, sdk }) => {
        await client.send(
          new sdk.PutObjectCommand({
            ...{ Bucket: bucket, Key: keyOf(path), Body: text, ContentType: 'application/json' },
          }),
        );
      }),
  };
}

interface Loaded {
  readonly client: Sdk.S3Client;
  readonly sdk: typeof Sdk;
}

async function load(): Promise<Loaded> {
  const sdk = await import('@aws-sdk/client-s3');
  const isElsewhere = Boolean(process.env['AWS_ENDPOINT_URL_S3'] || process.env['AWS_ENDPOINT_URL']);
  const client = new sdk.S3Client({
    maxAttempts: TRIES,
    requestHandler: { connectionTimeout: CONNECTS_WITHIN_MS, requestTimeout: ANSWERS_WITHIN_MS },
    // Stores of others have buckets in paths, and take no checksums that AWS has thought of since.
    forcePathStyle: isElsewhere,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
  return { client, sdk };
}

/** How the SDK begins the words of what others threw. */
const WRAPPED = /^AWS SDK error wrapper for (?:Error: )?/;

/** Its name and words: some say only one of them. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const words = [error.name === 'Error' ? undefined : error.name, error.message.replace(WRAPPED, '')];
  return words.filter(Boolean).join(': ').replaceAll(/\s+/g, ' ');
}
