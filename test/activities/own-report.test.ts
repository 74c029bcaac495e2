import { expect, test } from '@jest/globals';
import { refuseUnlessOwnReport } from '../../activities/permitted.ts';

const tenant = { cluster: 'api.example.test:6443', context: 'prod', namespace: '3scale' };
const OWN = 'upgrade/api.example.test:6443/3scale';

test('an upgrade’s own report is kept, and a fleet’s own', () => {
  expect(() => {
    refuseUnlessOwnReport({ tenant }, OWN);
    refuseUnlessOwnReport({ fleet: 'prod' }, 'fleet/prod');
  }).not.toThrow();
});

test.each([
  ['another tenant’s', { tenant: { ...tenant, namespace: 'other' } }, OWN],
  ['a tenant’s, by a fleet', { tenant }, 'fleet/prod'],
  ['of a tenant whose name leads elsewhere', { tenant: { ...tenant, namespace: '../../x' } }, OWN],
  ['of no tenant', { tenant: null }, OWN],
  ['another fleet’s', { fleet: 'prod' }, 'fleet/other'],
  ['a fleet’s, by an upgrade', { fleet: 'prod' }, OWN],
  ['a fleet’s, by nobody', { fleet: 'prod' }, undefined],
  ['nobody’s', {}, 'fleet/prod'],
])('refused is %s', (_what, about, workflowId) => {
  expect(() => {
    refuseUnlessOwnReport(about, workflowId);
  }).toThrow(/^refused, and nothing was touched: /);
});
