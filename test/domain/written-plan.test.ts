import { expect, test } from '@jest/globals';
import type { PlanContent } from '../../src/domain/tenant/written-plan.ts';
import { movedSince } from '../../src/domain/tenant/written-plan.ts';

const change = { object: 'dc/zync', path: 'spec.image', before: 'a', after: 'b' };
const step = { id: 'set-image', title: 'Set it', guide: '6', status: 'todo', changes: [change] } as const;
const finding = { check: 'c', severity: 'warning', message: 'it is tight', hint: 'see' } as const;
const zync = { uid: '17', fields: { spec: { image: 'x', containers: [{ name: 'zync', env: 'y' }] } } };
const PLAN: PlanContent = {
  tenant: { cluster: 'api', context: 'prod', namespace: 'shop' },
  choices: {
    path: '2.3-2.4',
    options: {},
    windows: { windows: [], freezes: [] },
    onFailure: 'revert',
    logs: true,
  },
  pathHash: '0123456789ab',
  installation: 'from',
  version: '2.3.0',
  findings: [finding],
  steps: [step],
  objects: { 'dc/zync': zync },
};

test('what is found as it was planned has not moved', () => {
  expect(movedSince(PLAN, structuredClone(PLAN))).toEqual([]);
});

test.each<[string, Partial<PlanContent>, string]>([
  ['the version', { version: '2.3.1' }, 'the version found: was 2.3.0, is 2.3.1'],
  ['the installation', { installation: 'half-upgraded' }, 'the installation: was from, is half-upgraded'],
  ['a step done', { steps: [{ ...step, status: 'done', changes: [] }] }, 'step set-image: was todo, is done'],
  ['a step less', { steps: [] }, 'step set-image: is gone'],
  ['a step more', { steps: [step, { ...step, id: 'more' }] }, 'step more: was not planned'],
  [
    'what a step finds',
    { steps: [{ ...step, changes: [{ ...change, before: 'c' }] }] },
    'step set-image: dc/zync spec.image: planned a → b, now it would be c → b',
  ],
  [
    'a change more',
    { steps: [{ ...step, changes: [change, { object: 'dc/app', path: '', after: 'one rollout' }] }] },
    'step set-image: dc/app: planned nothing, now it would be nothing → one rollout',
  ],
  ['a finding more', { findings: [finding, { ...finding, message: 'low' }] }, 'found now: low'],
  ['a finding less', { findings: [] }, 'found no more: it is tight'],
  [
    'a field',
    { objects: { 'dc/zync': { ...zync, fields: { spec: { ...zync.fields.spec, image: 'z' } } } } },
    'dc/zync spec.image has changed',
  ],
  ['an object anew', { objects: { 'dc/zync': { ...zync, uid: '18' } } }, 'dc/zync was created anew'],
  ['an object less', { objects: {} }, 'dc/zync is gone'],
  ['an object more', { objects: { 'dc/zync': zync, 'dc/app': zync } }, 'dc/app is there, and was not'],
])('%s is told', (_, moved, line) => {
  expect(movedSince(PLAN, { ...PLAN, ...moved })).toEqual([line]);
});
