import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ConfigError } from '../../src/config/reading/config-error.ts';
import { reportStore } from '../../src/reports/find-store.ts';
import { folderStore } from '../../src/reports/folder-store.ts';
import { ReportStoreError } from '../../src/reports/report-store.ts';
import { s3Store } from '../../src/reports/s3-store.ts';
import { setEnv } from '../support/set-env.ts';
import type { S3Server } from '../support/s3-server.ts';
import { openS3 } from '../support/s3-server.ts';

const root = mkdtempSync(join(tmpdir(), 'threescale-upgrade-test-'));
let s3: S3Server;
let restore: () => void;
beforeAll(async () => {
  s3 = await openS3('reports');
  restore = setEnv({ ...s3.env, AWS_MAX_ATTEMPTS: '1' });
});
afterAll(async () => {
  restore();
  await s3.close();
  rmSync(root, { recursive: true });
});

describe.each([
  ['a folder', () => folderStore(join(root, 'named'))],
  ['a bucket', () => s3Store('reports', '')],
  ['a bucket’s prefix', () => s3Store('reports', 'upgrades/prod')],
])('%s', (_name, open) => {
  test('keeps what is written, the last of it, and lists what is under a folder', async () => {
    const store = open();
    await store.check();
    expect(await store.list('reports')).toEqual([]);
    await store.write('reports/api%2Ex%3A6443/one/a.json', 'first');
    await store.write('reports/api%2Ex%3A6443/one/a.json', 'second, of Zoë');
    await store.write('reports/api%2Ex%3A6443/two/b.json', 'third');
    await store.write('reports-of-others/c.json', 'fourth');
    const listed = await store.list('reports');
    expect(listed.toSorted()).toEqual([
      'reports/api%2Ex%3A6443/one/a.json',
      'reports/api%2Ex%3A6443/two/b.json',
    ]);
    expect(await store.list('reports/api%2Ex%3A6443/two')).toEqual(['reports/api%2Ex%3A6443/two/b.json']);
    expect(await store.read('reports/api%2Ex%3A6443/one/a.json')).toBe('second, of Zoë');
    expect(await store.read('reports/none.json')).toBeUndefined();
  });
});

test('a bucket of more than a thousand files is listed whole', async () => {
  const store = s3Store('reports', 'many');
  const names = Array.from({ length: 1_010 }, (_, index) => `all/${index}.json`);
  for (let next = 0; next < names.length; next += 50)
    await Promise.all(names.slice(next, next + 50).map((name) => store.write(name, '{}')));
  expect((await store.list('all')).toSorted()).toEqual(names.toSorted());
});

test('what lies beside the state is this user’s only; a named folder is as the umask lets it be', async () => {
  const before = process.umask(0o022);
  try {
    await folderStore(join(root, 'own'), { isPrivate: true }).write('reports/a.json', '{}');
    await folderStore(join(root, 'shared')).write('reports/a.json', '{}');
  } finally {
    process.umask(before);
  }
  const modeOf = (path: string): string => (statSync(join(root, path)).mode & 0o777).toString(8);
  expect(['own', 'own/reports', 'own/reports/a.json'].map(modeOf)).toEqual(['700', '700', '600']);
  expect(['shared/reports', 'shared/reports/a.json'].map(modeOf)).toEqual(['755', '644']);
});

test('a store that refuses says which and why, and no credential', async () => {
  writeFileSync(join(root, 'file'), '');
  const onFile = folderStore(join(root, 'file'));
  await expect(onFile.write('reports/a.json', '{}')).rejects.toThrow(
    `the folder ${join(root, 'file')} refuses: ENOTDIR`,
  );
  await expect(onFile.check()).rejects.toThrow('refuses: EEXIST');
  const absent = s3Store('absent', '');
  for (const work of [() => absent.check(), () => absent.list('x'), () => absent.write('x', '')]) {
    const refused = work();
    await expect(refused).rejects.toThrow(ReportStoreError);
    await expect(refused).rejects.toThrow(/^s3:\/\/absent refuses: NoSuchBucket: /);
  }
  const back = setEnv({ AWS_ACCESS_KEY_ID: 'WRONG', AWS_SECRET_ACCESS_KEY: 'hunter2hunter2' });
  const refused = s3Store('reports', '').check();
  await expect(refused).rejects.toThrow(/^s3:\/\/reports refuses: /);
  await expect(refused).rejects.not.toThrow('hunter2');
  back();
});

test('nobody answers: the store says so', async () => {
  const back = setEnv({ AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:9' });
  await expect(s3Store('reports', '').check()).rejects.toThrow(
    /^s3:\/\/reports refuses: connect ECONNREFUSED/,
  );
  back();
});

test.each([
  ['', 'a folder beside the state', expect.stringContaining('threescale-upgrade')],
  ['none', 'nowhere', undefined],
  ['/srv/reports', 'a folder', '/srv/reports'],
  ['s3://bucket', 'a bucket', 's3://bucket'],
  ['s3://bucket/', 'a bucket', 's3://bucket'],
  ['s3://bucket/of/prod/', 'a prefix', 's3://bucket/of/prod'],
])('%j is %s', (said, _what, place) => {
  const back = setEnv({ THREESCALE_UPGRADE_REPORTS: said });
  expect(reportStore().place).toEqual(place);
  back();
});

test.each([
  'reports',
  './reports',
  's3:/bucket',
  's3://',
  's3://B',
  's3://user:hunter2@host/bucket',
  'gs://x',
])('%j is refused, and is not repeated', (said) => {
  const back = setEnv({ THREESCALE_UPGRADE_REPORTS: said });
  let error: unknown;
  try {
    reportStore();
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toBeInstanceOf(ConfigError);
  expect((error as ConfigError).message).toBe('THREESCALE_UPGRADE_REPORTS is no place for reports');
  back();
});
