import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fleetSuite, fleetTenantSuite, renderFleetPlanJunit } from '../../src/cli/fleet/render/junit.ts';
import { renderCheckJunit, renderReportJunit } from '../../src/cli/tenant/render/junit.ts';
import { escapeXml, renderJunit } from '../../src/cli/render/junit-xml.ts';
import type { FleetOverview } from '../../src/cli/fleet/overview.ts';
import { tenantLines } from '../../src/domain/fleet/show/tenant-lines.ts';
import type { StepProgress, TenantProgress, TenantState } from '../../src/domain/tenant/progress.ts';
import { fleetSpec } from '../support/fleet-spec.ts';
import type { StandOptions } from '../support/fleet-stand.ts';
import { NOW_MS, standOf, stateOf } from '../support/fleet-stand.ts';
import { junitErrors } from '../support/junit.ts';

const tenant = { cluster: 'https://api.example.com:6443', context: 'prod', namespace: 'shop' };
const failure = {
  type: 'RolloutFailed',
  message: 'dc/zync: <rollout> 3 failed',
  hint: 'Look at: oc logs',
  evidence: {
    pods: [
      {
        pod: 'zync-3-x',
        role: 'application',
        container: 'zync',
        state: 'waiting',
        reason: 'CrashLoopBackOff',
        log: ['no <host>'],
      },
    ],
  },
} as const;

function step(title: string, status: StepProgress['status'], more: Partial<StepProgress> = {}): StepProgress {
  return { id: title, title, guide: '1', status, attempts: 1, ...more };
}

function progress(state: TenantState, more: Partial<TenantProgress> = {}): TenantProgress {
  return {
    tenant,
    from: '2.3',
    to: '2.4',
    pathHash: 'abc',
    state,
    startedAt: '2026-11-25T11:00:00.000Z',
    steps: [],
    findings: [],
    pastPointOfNoReturn: false,
    leftovers: [],
    journal: [],
    ...more,
  };
}

test('whatever a text has in it, the report can be read, and by the schema of its readers', async () => {
  const texts = [
    ...fc.sample(fc.string({ unit: 'binary', maxLength: 30 }), { numRuns: 300, seed: 1 }),
    '\u0000\u001b[31m\ufffe\uffff\ud800 ]]> <!-- & " \' \r\n\t',
  ];
  const cases = texts.map((text) => ({
    name: text,
    classname: text,
    ms: 12,
    outcome: { kind: 'failed', type: text, message: text, text } as const,
    said: [text],
  }));
  const report = renderJunit('all', [
    {
      name: 'suite',
      timestamp: '2026-11-25T11:00:00.000Z',
      ms: 1,
      properties: { text: texts.join('') },
      cases,
    },
  ]);
  expect(await junitErrors(report)).toEqual([]);
});

test('what is no XML, or no test report, would be noticed', async () => {
  expect(await junitErrors('<testsuites><testsuite></testsuites>')).not.toEqual([]);
  expect(await junitErrors('<testsuites><testsuite name="a"/></testsuites>')).not.toEqual([]);
  expect(await junitErrors('<testsuites name="\u0007"/>')).not.toEqual([]);
});

test('characters that XML forbids are seen to be missing', () => {
  expect(escapeXml('a\u0007b\ud800c<&>"\n')).toBe('a\ufffdb\ufffdc&lt;&amp;&gt;&quot;\n');
});

describe('check', () => {
  test('a tenant without an obstacle has one case, which passes', async () => {
    const report = renderCheckJunit(
      tenant,
      {
        installation: 'from',
        version: '2.3.0',
        findings: [],
        alreadyDone: [],
      },
      'any time',
    );
    expect(await junitErrors(report)).toEqual([]);
    expect(report).toContain('<testsuite name="prod/shop" tests="1" failures="0" errors="0" skipped="0">');
    expect(report).toContain('<testcase name="can be upgraded" classname="prod/shop"/>');
    expect(report).toContain('<property name="maintenance window" value="any time"/>');
  });

  test('a check that stands against it fails once, with all that it is about; a warning passes and is told', async () => {
    const about = { check: 'images-followed', severity: 'fatal', hint: 'Use --follow' } as const;
    const report = renderCheckJunit(
      tenant,
      {
        installation: 'from',
        findings: [
          { ...about, object: 'dc/zync', message: 'it follows another tag' },
          { ...about, object: 'dc/system-app', message: 'it follows nothing' },
          { check: 'rolls-without-a-gap', severity: 'warning', message: 'there is a gap', hint: 'Wait.' },
        ],
        alreadyDone: [],
      },
      'any time',
    );
    expect(await junitErrors(report)).toEqual([]);
    expect(report).toContain('tests="3" failures="2"');
    expect(report).toContain(
      '<failure type="blocked" message="it follows another tag, and 1 more">dc/zync: it follows another tag\nUse --follow\n' +
        'dc/system-app: it follows nothing\nUse --follow</failure>',
    );
    expect(report).toContain('<failure type="images-followed" message="it follows another tag, and 1 more">');
    expect(report).toContain('<system-out>there is a gap\nWait.</system-out>');
  });
});

describe('report', () => {
  test.each([
    ['upgraded', {}, undefined],
    ['switching', {}, '<skipped message="not over yet: switching"/>'],
    ['aborted', {}, '<failure type="aborted" message="it is aborted">'],
    [
      'reverted',
      { revertedFor: failure },
      '<failure type="reverted" message="dc/zync: &lt;rollout&gt; 3 failed">',
    ],
    [
      'blocked',
      { findings: [{ check: 'version-is-2.3', severity: 'fatal', message: 'it is 2.2', hint: 'Wait.' }] },
      '<failure type="blocked" message="it is 2.2">',
    ],
    [
      'held',
      {
        held: {
          stepId: 'x',
          during: 'upgrade',
          since: '',
          failure,
          decisions: ['retry'],
          pausedDeploymentConfigs: [],
        },
      },
      '<failure type="held" message="dc/zync: &lt;rollout&gt; 3 failed">',
    ],
  ] as const)('of a tenant that is %s says so in its last case', async (state, more, says) => {
    const report = renderReportJunit(progress(state, more as Partial<TenantProgress>));
    expect(await junitErrors(report)).toEqual([]);
    const last = /<testcase name="is upgraded".*$/s.exec(report)?.[0] ?? '';
    expect(last).toMatch(/^<testcase name="is upgraded" classname="prod\/shop"/);
    if (says === undefined) expect(report).toContain('failures="0"');
    else expect(last).toContain(says);
  });

  test.each([
    [
      { still: 'no worker answers\nsee' },
      '<failure type="stands-still" message="no worker answers&#10;see">',
    ],
    [
      { left: { message: 'it was terminated' } },
      '<failure type="ended-from-outside" message="it was terminated">',
    ],
  ])('of one that does not go on says so: %j', async (beside, says) => {
    const report = renderReportJunit(progress('switching'), beside);
    expect(await junitErrors(report)).toEqual([]);
    expect(report).toContain(says);
  });

  test('has a case for each step, with its time; what was taken back or not come to is skipped', async () => {
    const report = renderReportJunit(
      progress('reverted', {
        endedAt: '2026-11-25T12:00:00.000Z',
        revertedFor: failure,
        steps: [
          step('pause', 'done', {
            startedAt: '2026-11-25T11:00:00.000Z',
            endedAt: '2026-11-25T11:00:01.500Z',
            note: '11 paused',
          }),
          step('verify', 'unchanged'),
          step('route', 'absent'),
          step('tag', 'reverted', { undo: { attempts: 1, note: 'latest is as it was' } }),
          step('roll out zync', 'reverted', { failure }),
          step('left', 'not-reverted'),
          step('delete', 'pending'),
          step('over', 'skipped'),
        ],
      }),
    );
    expect(await junitErrors(report)).toEqual([]);
    expect(report).toContain(
      'tests="9" failures="3" errors="0" skipped="4" time="3600.000" timestamp="2026-11-25T11:00:00"',
    );
    expect(report).toContain('<testcase name="pause" classname="prod/shop" time="1.500">');
    expect(report).toContain('<system-out>11 paused</system-out>');
    expect(report).toContain('<system-out>taken back: latest is as it was</system-out>');
    expect(report).toContain('<skipped message="taken back"/>');
    expect(report).toContain('<skipped message="not begun"/>');
    expect(report).toContain(
      '<failure type="RolloutFailed" message="dc/zync: &lt;rollout&gt; 3 failed">dc/zync: &lt;rollout&gt; 3 failed\n' +
        '  pod/zync-3-x, container zync: CrashLoopBackOff\n    | no &lt;host&gt;\nLook at: oc logs</failure>',
    );
    expect(report).toContain('<property name="state" value="reverted"/>');
  });
});

describe('a fleet', () => {
  const spec = fleetSpec({ waves: [{ name: 'canary', tenants: ['a', 'b', 'c', 'd'] }] }, { name: 'prod' });
  const options = {
    entries: {
      0: { state: 'upgraded', attempts: 1, runId: 'r' },
      1: { state: 'unreachable', failure, attempts: 2, runId: 'r' },
      2: { state: 'skipped', attempts: 1 },
    },
    state: { waves: [{ startedMs: NOW_MS - 60_000, doneMs: NOW_MS }] },
  } as const;

  test('has a suite for itself and one for each tenant, which says how its fleet knows it', async () => {
    const lines = tenantLines(spec, stateOf(spec, options).entries);
    const upgrade = progress('upgraded', { steps: [step('pause', 'done')] });
    const suites = lines.map((line, place) => fleetTenantSuite(place === 0 ? { line, upgrade } : { line }));
    const report = renderJunit('fleet', [fleetSuite(standOf(spec, options)), ...suites]);
    expect(await junitErrors(report)).toEqual([]);
    expect(suites.map(({ cases }) => cases.at(-1)?.outcome.kind)).toEqual([
      'passed',
      'failed',
      'skipped',
      'skipped',
    ]);
    expect(suites[0]?.cases.map(({ name }) => name)).toEqual(['pause', 'is upgraded']);
    expect(report).toContain('<failure type="unreachable" message="dc/zync: &lt;rollout&gt; 3 failed">');
    expect(report).toContain('<testsuite name="fleet prod" tests="2"');
    expect(report).toContain('<testcase name="wave canary" classname="fleet prod" time="60.000"');
  });

  test('that is over passes where what is left out was left out by somebody, and fails where tenants have failed', () => {
    const over = (entries: NonNullable<StandOptions['entries']>) =>
      fleetSuite(standOf(spec, { ...options, entries })).cases.map(({ outcome }) => outcome);
    const upgraded = { state: 'upgraded', attempts: 1, runId: 'r' } as const;
    const rest = { 0: upgraded, 1: upgraded, 2: { state: 'skipped', attempts: 1 } } as const;
    expect(over({ ...rest, 3: { state: 'rolled-back' } }).map(({ kind }) => kind)).toEqual([
      'passed',
      'passed',
    ]);
    const failed = {
      kind: 'failed',
      type: 'not-upgraded',
      message: 'not all are upgraded: 2 upgraded, 1 reverted, 1 skipped',
    };
    expect(over({ ...rest, 3: { state: 'reverted' } })).toEqual([failed, failed]);
  });

  test('that has halted fails with why', () => {
    const halted = { since: '2026-11-25T11:00:00.000Z', why: '2 failed, 1 may' };
    const suite = fleetSuite({ ...standOf(spec, options), halted });
    expect(suite.cases.at(-1)?.outcome).toEqual({
      kind: 'failed',
      type: 'halted',
      message: '2 failed, 1 may',
    });
  });

  test('its plan has a suite for each tenant', async () => {
    const overview: Partial<FleetOverview> = {
      groups: [{ tenants: ['a', 'b'], hasChanges: true, steps: 21, changes: 37, only: [], lacks: [] }],
      warned: [
        {
          tenant: 'b',
          findings: [
            { check: 'components', severity: 'warning', message: 'dc/x is not there', hint: 'See to it.' },
          ],
        },
      ],
      blocked: [
        {
          tenant: 'c',
          findings: [{ check: 'version-is-2.3', severity: 'fatal', message: 'it is 2.2', hint: 'Wait.' }],
        },
      ],
      unreachable: [{ tenant: 'd', why: 'no answer' }],
      elsewhere: ['e'],
    };
    const report = renderFleetPlanJunit(overview as FleetOverview);
    expect(await junitErrors(report)).toEqual([]);
    expect(report.match(/<testsuite /g)).toHaveLength(5);
    expect(report).toContain('<system-out>steps to do: 21, changes: 37</system-out>');
    expect(report).toContain('warning: dc/x is not there. See to it.');
    expect(report).toContain('<failure type="version-is-2.3" message="it is 2.2">');
    expect(report).toContain('<failure type="unreachable" message="no answer">');
    expect(report).toContain('<skipped message="not looked at');
  });
});
