/** A report that is handed over: one file, that says everything, loads nothing, and takes nobody's words for markup. */
import { expect, test } from '@jest/globals';
import { renderReportHtml } from '../../src/cli/tenant/render/html/report.ts';
import type { TenantProgress } from '../../src/domain/tenant/progress.ts';
import { at } from '../../src/domain/fleet/spec/spec.ts';
import { pathFor } from '../support/upgrade-input.ts';
import { reportedFleet } from '../support/reported-fleet.ts';
import { after, tenantProgress } from '../support/tenant-progress.ts';
import { pageErrors } from '../support/well-formed.ts';

async function oneOf(place: number): Promise<TenantProgress> {
  const upgrades: TenantProgress[] = [];
  for await (const { upgrade } of reportedFleet(20, 1).details()) if (upgrade) upgrades.push(upgrade);
  return at(upgrades, place);
}

/** The text of a page between its tags, as a reader sees it. */
const textOf = (page: string): string =>
  page
    .replace(/<style>.*?<\/style>/s, '')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ');

test('each object that was changed stands there with what, when, how long and the section of the guide', async () => {
  const page = renderReportHtml(await oneOf(0));
  expect(await pageErrors(page)).toEqual([]);
  const text = textOf(page);
  expect(text).toContain('3scale 2.3 → 2.4: sim1/3scale-tenant-1');
  expect(text).toMatch(
    /imagestream\/amp-zync tag 2\.4\.0 from registry\.access\.redhat\.com\/3scale-amp24\/zync; latest leads to 2\.4\.0 5 \d\d:\d\d:\d\d 12 s 1 done/,
  );
  expect(text).toMatch(/dc\/system-app AMP_RELEASE=2\.4\.0 on containers system-master, .* 9 /);
  expect(text).toMatch(/dc\/system-app rolled out: migrates the database .* version 2 runs/);
  expect(text).toMatch(/route\/system-master-admin or route\/system-master-admin-route deleted 1 /);
  expect(text).toContain('by olga: fleet prod: change 4711');
  expect(text).toMatch(/What is left to do Nothing\./);
});

test('what is done otherwise than the guide stands there with its reason, of the sections that were done', async () => {
  const text = textOf(renderReportHtml(await oneOf(0)));
  expect(text).toContain('13 rollouts; system-app has no ready pod while the database migrates');
  expect(text).not.toContain('there is no such command');
  const path = pathFor({ impersonation: { fromSecret: 'ours' } });
  const steps = path.steps.map(
    ({ id, title, guide }) => ({ id, title, guide, status: 'done', attempts: 1 }) as const,
  );
  expect(textOf(renderReportHtml(tenantProgress({ steps })))).toContain('there is no such command');
});

test('of choices that the report does not hold only the titles are told: nothing is made up', () => {
  const path = pathFor({ images: { zync: 'mirror.example.com/zync' } });
  const steps = path.steps.map(
    ({ id, title, guide }) => ({ id, title, guide, status: 'done', attempts: 1 }) as const,
  );
  const text = textOf(renderReportHtml(tenantProgress({ steps, pathHash: path.hash })));
  expect(text).toMatch(/imagestream\/amp-zync Tag imagestream\/amp-zync with 2\.4\.0 and point latest at it/);
  expect(text).not.toContain('registry.access.redhat.com');
});

test('what was taken back says so, with its failure and what the cluster showed of it', async () => {
  const page = renderReportHtml(await oneOf(7));
  expect(await pageErrors(page)).toEqual([]);
  const text = textOf(page);
  expect(text).toMatch(/✗ reverted/);
  expect(text).toMatch(/taken back at \d\d:\d\d:\d\d; RolloutFailed: /);
  expect(text).toContain('CrashLoopBackOff');
  expect(page).toContain('\n  | at line 3 of what the application says of its end\n');
  expect(text).toContain('It is reverted, and not upgraded.');
  expect(text).toContain('Tried again');
});

const HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(1)>\u202e\u0000\u001b[2J & \'';

test('nobody’s words become markup, wherever they stand', async () => {
  const actor = { by: HOSTILE, why: HOSTILE, via: HOSTILE };
  const failure = {
    type: 'RolloutFailed',
    message: HOSTILE,
    hint: HOSTILE,
    evidence: {
      pods: [{ pod: HOSTILE, role: 'application', state: 'waiting', log: [HOSTILE] }],
      events: [HOSTILE],
      missing: [HOSTILE],
    },
  } as const;
  const step = { id: HOSTILE, title: HOSTILE, guide: HOSTILE, attempts: 2, note: HOSTILE, failure } as const;
  const times = { startedAt: after(1), endedAt: after(2) };
  const progress = tenantProgress({
    tenant: { cluster: HOSTILE, context: HOSTILE, namespace: HOSTILE },
    state: 'held',
    steps: (['done', 'failed', 'skipped', 'reverted', 'pending'] as const).map((status) => ({
      ...step,
      ...times,
      status,
    })),
    findings: [{ check: 'x', severity: 'fatal', object: HOSTILE, message: HOSTILE, hint: HOSTILE }],
    held: {
      ...{ stepId: HOSTILE, during: 'upgrade', since: after(3), failure, decisions: ['retry', 'revert'] },
      pausedDeploymentConfigs: [HOSTILE],
    },
    leftovers: [HOSTILE],
    backupSecret: HOSTILE,
    journal: [{ at: after(3), event: 'started', actor, detail: HOSTILE }],
    reportKept: { place: HOSTILE },
  });
  const page = renderReportHtml(progress, { still: HOSTILE, left: { message: HOSTILE } });
  expect(await pageErrors(page)).toEqual([]);
  expect(page).not.toMatch(/<script|<img/);
  expect(['\u202e', '\u001b', '\u0000'].filter((unseen) => page.includes(unseen))).toEqual([]);
  expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
});

test('it loads nothing, runs nothing, and is the same each time', async () => {
  const progress = await oneOf(7);
  const page = renderReportHtml(progress);
  expect(page).not.toMatch(/<script|<link|<img|<iframe|\ssrc=|url\(|@import|javascript:/i);
  expect(page).toContain("content=\"default-src 'none'; style-src 'unsafe-inline'");
  expect(renderReportHtml(JSON.parse(JSON.stringify(progress)) as TenantProgress)).toBe(page);
});
