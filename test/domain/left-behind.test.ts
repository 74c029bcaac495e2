import { expect, test } from '@jest/globals';
import { leftBehind } from '../../src/domain/tenant/left-behind.ts';
import type { TenantProgress } from '../../src/domain/tenant/progress.ts';

test.each([
  ['reverted', { pastPointOfNoReturn: true }, ['which was migrated: 2.3 on it is not supported']],
  ['aborted', { pastPointOfNoReturn: true }, ['which was migrated']],
  ['reverted', { pastPointOfNoReturn: false, mayBePastPointOfNoReturn: true }, ['which may be migrated']],
  ['reverted', { pastPointOfNoReturn: false }, []],
  ['upgraded', { pastPointOfNoReturn: true }, []],
  // 2.4 may run on it.
  ['abandoned', { pastPointOfNoReturn: true }, []],
  ['reverting', { pastPointOfNoReturn: true }, []],
] as const)('%s, %j: of the database it says %j', (state, crossing, said) => {
  const progress = { state, from: '2.3', leftovers: ['a backup'], ...crossing } as unknown as TenantProgress;
  expect(leftBehind(progress)).toEqual([
    'a backup',
    ...said.map((words) => expect.stringContaining(words) as unknown),
  ]);
});
