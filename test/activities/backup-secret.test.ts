import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  createBackup,
  deleteBackupSecret,
  findBackupSecret,
  partsOf,
  readBackupSecret,
} from '../../src/procedure/backup/backup-secret.ts';
import type { Backup } from '../../src/procedure/backup/backup.ts';
import type { TenantApi } from '../../src/openshift/tenant-api.ts';
import type { Secret } from '../../src/openshift/types.ts';
import type { SimulatedClusters } from '../support/simulated-clusters.ts';
import { openClusters } from '../support/simulated-clusters.ts';

let lab: SimulatedClusters;
let api: TenantApi;
beforeAll(async () => {
  lab = await openClusters({ tenants: 1 });
  api = lab.clusters.open(lab.clusters.tenant('sim1', 'tenant-1'));
});
afterAll(() => lab.close());

const NAME = 'threescale-upgrade-backup-01a21800-0000-7000-8000-000000000000';
const PARTS = 'threescale-upgrade/parts';
const noise = (bytes: number): string => randomBytes(bytes).toString('base64');
const backupOf = (text: string): Backup => ({ text }) as unknown as Backup;

async function found(): Promise<Secret> {
  const secret = await findBackupSecret(api, NAME);
  if (!secret) throw new Error('there is no backup');
  return secret;
}

const requests = (): object => lab.simulator.cluster('sim1').audit.requests('tenant-1');

test('a backup of several Secrets is read as it was written, and deleted whole', async () => {
  const backup = backupOf(noise(3_000_000));
  await createBackup(api, NAME, backup, { from: '2.3', to: '2.4', halfWay: false });
  expect(Number((await found()).metadata.annotations?.[PARTS])).toBeGreaterThan(2);
  expect(await readBackupSecret(api, await found())).toEqual(backup);
  await deleteBackupSecret(api, await found());
  const names = (await api.list('secrets')).map(({ metadata }) => metadata.name);
  expect(names.filter((name) => name.startsWith(NAME))).toEqual([]);
});

test('what has taken the name of a part since it was looked at stays: each part is deleted by its uid', async () => {
  await createBackup(api, NAME, backupOf(noise(1_500_000)), { from: '2.3', to: '2.4', halfWay: false });
  const secret = await found();
  expect(secret.metadata.annotations?.[PARTS]).toBe('2');
  const late = new Proxy(api, {
    get: (target, key) => {
      const value = Reflect.get(target, key, target) as unknown;
      if (key !== 'delete') return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      return async (...args: Parameters<TenantApi['delete']>) => {
        await api.delete(args[0], args[1]);
        await api.create('secrets', { metadata: { name: args[1] }, type: 'Opaque', data: {} });
        return api.delete(...args);
      };
    },
  });
  await expect(deleteBackupSecret(late, secret)).rejects.toMatchObject({ kind: 'Conflict' });
  expect(await api.get('secrets', `${NAME}-2`)).toBeDefined();
  for (const name of [NAME, `${NAME}-2`]) await api.delete('secrets', name);
});

test.each(['50000000', '17', '1e9', 'Infinity', '0', '-1', '1.5', 'many', ''])(
  'a backup that says it has %j parts is none any more, and no part is asked for',
  async (parts) => {
    await createBackup(api, NAME, backupOf('x'), { from: '2.3', to: '2.4', halfWay: false });
    await api.patch('secrets', NAME, [
      { op: 'replace', path: '/metadata/annotations/threescale-upgrade~1parts', value: parts },
    ]);
    const secret = await found();
    const before = { ...requests() };
    const said = {
      type: 'NotVerified',
      message: `secret/${NAME} does not hold a backup any more: it names a number of parts that is none from 1 to 16`,
    };
    await expect(readBackupSecret(api, secret)).rejects.toMatchObject(said);
    await expect(deleteBackupSecret(api, secret)).rejects.toMatchObject(said);
    expect(requests()).toEqual(before);
    await api.delete('secrets', NAME);
  },
);

test('a backup that unfolds to far more than it was is not unfolded', async () => {
  const bomb = gzipSync(Buffer.alloc(300 * 1024 * 1024, '0'));
  expect(bomb.length).toBeLessThan(1_000_000);
  await createBackup(api, NAME, backupOf('x'), { from: '2.3', to: '2.4', halfWay: false });
  await api.patch('secrets', NAME, [
    { op: 'replace', path: '/data/backup.json.gz', value: bomb.toString('base64') },
  ]);
  await expect(readBackupSecret(api, await found())).rejects.toMatchObject({
    type: 'NotVerified',
    message: `secret/${NAME} does not hold a backup any more: it unfolds to more than 64 MiB`,
  });
  await api.delete('secrets', NAME);
});

test('none is written that would not be read again', () => {
  expect(() => partsOf(backupOf('0'.repeat(65 * 1024 * 1024)))).toThrow('more than the 64 MiB');
});
