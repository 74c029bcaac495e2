import { expect, test } from '@jest/globals';
import { endReport } from '../../../src/domain/fleet/tenant/end-report.ts';
import { notLooked } from '../../../src/domain/tenant/not-looked.ts';
import type { TenantProgress } from '../../../src/domain/tenant/progress.ts';
import { pathFor } from '../../support/upgrade-input.ts';

const path = pathFor();
const aborted = (facts: Partial<TenantProgress>): boolean => {
  const progress: TenantProgress = {
    tenant: { cluster: 'sim1.example.com', context: 'sim1', namespace: 'tenant' },
    from: path.from,
    to: path.to,
    pathHash: path.hash,
    state: 'aborted',
    startedAt: '2026-11-26T00:00:00.000Z',
    steps: [],
    findings: [],
    pastPointOfNoReturn: false,
    leftovers: [],
    journal: [],
    ...facts,
  };
  const report = endReport(progress, 'aborted', path);
  return report.kind === 'ended' && report.untouched === true;
};

test('an aborted tenant is untouched where nothing is past the point of no return, and nothing is left there', () => {
  expect(aborted({})).toBe(true);
  expect(aborted({ leftovers: [notLooked('the cluster does not answer')] })).toBe(true);
  expect(aborted({ leftovers: ['dc/zync is left paused'] })).toBe(false);
  expect(aborted({ pastPointOfNoReturn: true })).toBe(false);
});
