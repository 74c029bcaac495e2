import { expect, test } from '@jest/globals';
import picocolors from 'picocolors';
import { renderFleetList, renderTenantList } from '../../src/cli/fleet/render/list.ts';
import { renderFleetReport, renderTenantReport, tenantRow } from '../../src/cli/fleet/render/report.ts';
import { renderFleetSummary } from '../../src/cli/fleet/render/summary.ts';
import { tenantLines } from '../../src/domain/fleet/show/tenant-lines.ts';
import type { TenantProgress } from '../../src/domain/tenant/progress.ts';
import { fleetSpec } from '../support/fleet-spec.ts';
import { NOW_MS, standOf, stateOf } from '../support/fleet-stand.ts';

const colors = picocolors.createColors(false);
const spec = fleetSpec(
  {
    waves: [
      { name: 'canary', tenants: ['a'] },
      { name: 'rest', tenants: ['b', 'c'], approval: 'required', soakMinutes: 30 },
    ],
  },
  { name: 'prod' },
);
const failure = { type: 'ImportFailed', message: '503 | Service Unavailable' } as const;
const options = {
  entries: { 0: { state: 'reverted', failure, attempts: 2, runId: 'r' } },
  state: {
    waves: [
      { startedMs: NOW_MS - 60_000, doneMs: NOW_MS },
      { approved: { by: 'olga', why: 'looks well', atMs: NOW_MS } },
    ],
    journal: [
      { at: '2026-11-25T11:00:00.000Z', event: 'started', actor: { by: 'olga', why: 'change 4711' } },
      { at: '2026-11-25T11:30:00.000Z', event: 'paused', actor: { by: 'otto', why: 'lunch' } },
    ],
  },
} as const;
const [line] = tenantLines(spec, stateOf(spec, options).entries);
if (!line) throw new Error('there is no tenant');

test('the report says who started, paused and approved, and why', () => {
  const text = renderFleetReport(standOf(spec, options));
  expect(text).toContain('# 3scale 2.3 → 2.4: fleet prod');
  expect(text).toContain('by olga: change 4711 |');
  expect(text).toContain('| 2026-11-25T11:30:00.000Z | paused | otto | lunch |  |');
  expect(text).toMatch(/\| rest \|.*\| olga \| looks well \|/);
  expect(text).toContain('| canary | done | 1: 1 reverted |');
});

test('a reverted tenant stands with its error, its attempts and its steps', () => {
  const upgrade = {
    startedAt: '2026-11-25T11:57:00.000Z',
    endedAt: '2026-11-25T11:58:30.000Z',
    pastPointOfNoReturn: false,
    findings: [],
    leftovers: [],
    journal: [],
    steps: [
      {
        id: 'x',
        title: 'Tag amp-zync',
        guide: '5',
        status: 'reverted',
        attempts: 3,
        startedAt: '2026-11-25T11:57:10.000Z',
        endedAt: '2026-11-25T11:57:40.000Z',
      },
    ],
  } as unknown as TenantProgress;
  const text = renderTenantReport({ line, upgrade });
  expect(text).toContain('| Error | ImportFailed: 503 \\| Service Unavailable |');
  expect(text).toContain('| Attempts | 2 |');
  expect(text).toContain('| Tag amp-zync | 5 | reverted | 3 | 2026-11-25T11:57:10.000Z | 30 s |  |');
  expect(tenantRow({ line, upgrade })).toContain('1 min 30 s');
});

test('where a tenant’s history is gone, the report has what the fleet remembers', () => {
  expect(renderTenantReport({ line })).toContain('this is what the fleet remembers');
  expect(renderTenantReport({ line })).toContain('ImportFailed');
});

test('a list of tenants has a row for each, with why', () => {
  const rows = renderTenantList(tenantLines(spec, stateOf(spec, options).entries), {
    nowMs: NOW_MS,
    colors,
  }).split('\n');
  expect(rows).toHaveLength(4);
  expect(rows[0]).toMatch(/^TENANT +CLUSTER +WAVE +STATE +SINCE +ATTEMPTS +WHY$/);
  expect(rows[1]).toMatch(
    /^sim1\/a +sim1\.example\.com +canary +reverted +3 min 00 s +2 +503 \| Service Unavailable; Make the image available; then try it again$/,
  );
});

test('a list of fleets has also those that give no answer', () => {
  const text = renderFleetList(
    [
      { name: 'prod', startedAt: '', stand: '', progress: standOf(spec, options) },
      { name: 'test', startedAt: '2026-11-01T10:00:00Z', stand: 'no worker answers' },
    ],
    colors,
  );
  expect(text).toMatch(/prod +2\.3 → 2\.4 +\w[\w-]* +2026-11-25 11:00 UTC +3: 1 reverted, 2 pending/);
  expect(text).toMatch(/test +no worker answers +2026-11-01 10:00 UTC/);
});

test('what is asked about before a start names tenants, clusters, waves, budgets and warnings', () => {
  const text = renderFleetSummary(spec, ['fleet.yaml:7: wave rest selects nobody'], colors);
  expect(text).toContain('prod  2.3 → 2.4: 3 tenants on 1 cluster, in 2 waves');
  expect(text).toMatch(/rest +2 +30 min +required/);
  expect(text).toContain('! fleet.yaml:7: wave rest selects nobody');
});
