/** One fleet, with metrics, traces and a structured log: what is told of it, and that the dashboard and the alerts ask for no more. */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parse, stringify } from 'yaml';
import { fleetWorkflowId } from '../../src/domain/fleet/spec/spec.ts';
import { CliProcess, pause } from '../support/cli-process.ts';
import { ROOT } from '../support/compose-file.ts';
import type { Lab } from '../support/lab.ts';
import { openLab } from '../support/lab.ts';
import { told, untold } from '../support/promql.ts';
import type { CliResult } from '../support/run-cli.ts';
import { runCli } from '../support/run-cli.ts';
import { secretValues } from '../support/secret-values.ts';
import type { ReceivedSpan, TraceReceiver } from '../support/trace-receiver.ts';
import { receiveTraces } from '../support/trace-receiver.ts';

const FLEET = {
  name: 'measured',
  clusters: { sim1: {}, sim2: {} },
  tenants: [
    { name: 'good', cluster: 'sim1', namespace: 'good' },
    { name: 'bad', cluster: 'sim2', namespace: 'bad' },
  ],
  waves: [
    { name: 'first', select: { tenants: ['good'] } },
    { name: 'rest', select: { rest: true } },
  ],
  failureBudget: { failed: 3, blocked: 1 },
};
const inDays = (days: number): Date => new Date(Date.now() + days * 24 * 60 * 60_000);
/** One that waits for what the other holds, in a window that closes, and one that waits for a window. */
const WAITING = {
  name: 'waiting',
  clusters: {
    sim1: {
      windows: [{ opens: `0 0 1 ${inDays(62).getUTCMonth() + 1} *`, durationMinutes: 600, zone: 'UTC' }],
    },
    sim2: { freezes: [{ from: inDays(30).toISOString(), to: inDays(31).toISOString(), zone: 'UTC' }] },
  },
  tenants: [
    { name: 'later', cluster: 'sim1', namespace: 'later' },
    { name: 'bad', cluster: 'sim2', namespace: 'bad' },
  ],
  waves: [{ name: 'all', select: { rest: true } }],
};
const HELD_STEP = 'roll-out-system-sidekiq';

let lab: Lab;
let receiver: TraceReceiver;
let worker: CliProcess;
let exporter: CliProcess;
const processes: CliProcess[] = [];
let started: CliResult;
let ofWorker = '';
let ofFleets = '';
let afterTermination = '';

beforeAll(async () => {
  lab = await openLab({ worker: false, clusters: 2 });
  receiver = await receiveTraces();
  await lab.simulator.install('sim1', 'good');
  await lab.simulator.install('sim1', 'later');
  await lab.simulator.install('sim2', 'bad');
  const { faults } = lab.simulator.cluster('sim2');
  faults.onWork('rollout', { namespace: 'bad', name: 'system-sidekiq', message: 'crash loop' });
  const env = { TEMPORAL_ADDRESS: lab.target.address, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url };
  const flags = ['--metrics-port', '0', '--log-format', 'json', '--kubeconfig', lab.kubeconfig];
  const begin = (args: readonly string[], given: Readonly<Record<string, string>> = {}): CliProcess => {
    const begun = new CliProcess(args, { TEMPORAL_ADDRESS: lab.target.address, ...given });
    processes.push(begun);
    return begun;
  };
  worker = begin(['worker', ...flags], { ...env, OTEL_BSP_SCHEDULE_DELAY: '200' });
  exporter = begin(['metrics', '--port', '0']);
  await Promise.all([worker.says('worker ready'), exporter.says('/metrics')]);
  const command = (fleet: { readonly name: string }): string[] => {
    const file = join(lab.folder, `${fleet.name}.yaml`);
    writeFileSync(file, stringify(fleet));
    const more = ['--kubeconfig', lab.kubeconfig, '--yes', '--why', 'change 4711'];
    return ['fleet', 'start', '-f', file, ...more];
  };
  started = await runCli(command(FLEET), env);
  // Nothing else is worth waiting for where it did not come so far.
  if (started.exitCode !== 4) throw new Error(`${started.exitCode}: ${started.stdout}${started.stderr}`);
  // It watches what it has started.
  begin(command(WAITING));
  ofFleets = await scraped(exporter, bothWait);
  ofWorker = await scraped(worker, () => true);
  await lab.client.workflow.getHandle(fleetWorkflowId(WAITING.name)).terminate('by hand');
  afterTermination = await scraped(exporter, (text) => text.includes('fleet_terminated{'));
  await worker.kill('SIGTERM');
}, 600_000);

afterAll(async () => {
  for (const { child } of processes) child.kill('SIGKILL');
  await receiver.close();
  await lab.close();
});

const bothWait = (text: string): boolean =>
  text.includes('fleet="waiting",wave="all",state="queued"') && text.includes('window_opens_seconds{');

async function scraped(from: CliProcess, until: (text: string) => boolean): Promise<string> {
  const [url = ''] = /http:\S+\/metrics/.exec(from.said) ?? [];
  for (;;) {
    const text = await (await fetch(url)).text();
    if (until(text)) return text;
    await pause(500);
  }
}

test('the fleet went as it was to go: one is upgraded, one is held', () => {
  expect([started.exitCode, started.stderr]).toEqual([4, expect.any(String)]);
});

test('metrics tell of tenants, slots, budgets, and of what waits for somebody', () => {
  const lines = [
    'threescale_upgrade_temporal_answers 1',
    'threescale_upgrade_fleet_answers{fleet="measured"} 1',
    'threescale_upgrade_fleet_tenants{fleet="measured",wave="first",state="upgraded"} 1',
    'threescale_upgrade_fleet_tenants{fleet="measured",wave="rest",state="held"} 1',
    'threescale_upgrade_fleet_phase{fleet="measured",phase="needs-decisions"} 1',
    'threescale_upgrade_fleet_budget_left{fleet="measured",wave="",kind="failed"} 2',
    'threescale_upgrade_fleet_slots_used{fleet="measured"} 0',
  ];
  expect(lines.filter((line) => !ofFleets.split('\n').includes(line))).toEqual([]);
  expect(ofFleets).toMatch(/fleet_waits_for_somebody_seconds\{fleet="measured",reason="held"\} \d/);
});

test('a fleet that somebody terminates is told as that, and not as one that a worker would let go on', () => {
  expect(afterTermination).toContain('threescale_upgrade_fleet_terminated{fleet="waiting"} 1');
  expect(afterTermination).not.toMatch(/fleet_(answers|tenants)\{fleet="waiting"/);
});

test('a worker tells of steps, retries and requests, and the SDK’s own metrics beside them', () => {
  const metrics = told(ofWorker);
  expect(metrics.get('threescale_upgrade_step_duration_seconds_count')).toEqual(
    new Set(['activity', 'step']),
  );
  expect(ofWorker).toMatch(/step_retries_total\{activity="rollOut",reason="RolloutFailed"\} 1/);
  expect(ofWorker).toMatch(/step_failures_total\{activity="rollOut",reason="RolloutFailed"\} 1/);
  expect(ofWorker).toMatch(/api_requests_total\{cluster="127\.0\.0\.1:\d+",status="200"\} \d{2}/);
  expect([...metrics.keys()]).toEqual(expect.arrayContaining(['temporal_worker_task_slots_available']));
  // No tenant has a series of its own.
  expect(ofWorker).not.toMatch(/["/](good|bad)"/);
});

const dashboard = JSON.parse(readFileSync(join(ROOT, 'deploy/grafana/fleet.json'), 'utf8')) as {
  readonly panels: readonly {
    readonly title: string;
    readonly targets: readonly { readonly expr: string }[];
  }[];
};
const rules = parse(readFileSync(join(ROOT, 'deploy/prometheus/rules.yaml'), 'utf8')) as {
  readonly groups: readonly {
    readonly rules: readonly { readonly alert: string; readonly expr: string }[];
  }[];
};
const asked = [
  ...dashboard.panels.flatMap(({ title, targets }) => targets.map(({ expr }) => [title, expr] as const)),
  ...rules.groups.flatMap((group) => group.rules.map(({ alert, expr }) => [alert, expr] as const)),
];

/** Of what such a run does not come to. */
const declared = (text: string): Map<string, Set<string>> => {
  const metrics = told(text);
  for (const [, name = ''] of text.matchAll(/^# TYPE (\S+) /gm))
    if (!metrics.has(name)) metrics.set(name, new Set());
  return metrics;
};

test.each(asked)('%s asks for what a run has told: %s', (_, expr) => {
  const all = new Map([...declared(afterTermination), ...declared(ofFleets), ...declared(ofWorker)]);
  expect(untold(expr, all)).toEqual([]);
});

test('what nobody tells is noticed', () => {
  const metrics = told('threescale_upgrade_x{fleet="a"} 1\n');
  expect(untold('sum by (wave) (threescale_upgrade_x{flet="a"}) + threescale_upgrade_y', metrics)).toEqual([
    'threescale_upgrade_y',
    'threescale_upgrade_x{flet}',
    'by (wave)',
  ]);
});

test('Prometheus’ own tool takes the metrics, the rules and the dashboard’s expressions, where it is there', () => {
  if (spawnSync('promtool', ['--version']).error) return;
  const file = join(lab.folder, 'dashboard.yaml');
  const exprs = dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
  const recorded = exprs.map((expr, index) => ({
    record: `panel:${index}`,
    expr: expr.replaceAll('$__rate_interval', '5m'),
  }));
  writeFileSync(file, stringify({ groups: [{ name: 'dashboard', rules: recorded }] }));
  for (const checked of [file, join(ROOT, 'deploy/prometheus/rules.yaml')]) {
    const { status, stderr } = spawnSync('promtool', ['check', 'rules', checked], { encoding: 'utf8' });
    expect([status, stderr]).toEqual([0, '']);
  }
  for (const input of [ofFleets, ofWorker.replace(/^# HELP temporal_[^]*/m, '')]) {
    const { status, stderr } = spawnSync('promtool', ['check', 'metrics'], { input, encoding: 'utf8' });
    expect([status, stderr]).toEqual([0, '']);
  }
});

const named = (pattern: RegExp): ReceivedSpan[] => receiver.spans.filter(({ name }) => pattern.test(name));
const valueOf = ({ attributes }: ReceivedSpan, key: string): unknown =>
  Object.values((attributes.find((one) => one.key === key)?.value ?? {}) as object)[0];

test('a trace leads from the command to the fleet’s start, and from each tenant to its requests', () => {
  const [command] = named(/^threescale-upgrade fleet start$/);
  const [start] = named(/^StartWorkflow:fleetUpgrade$/);
  expect(start).toMatchObject({ traceId: command?.traceId, parentSpanId: command?.spanId });
  const tenants = named(/^BeginTenant$/);
  expect(tenants).toHaveLength(2);
  for (const { traceId, spanId, links } of tenants) {
    expect(links?.map((link) => link.traceId)).toEqual([command?.traceId]);
    const ofTenant = receiver.spans.filter((span) => span.traceId === traceId);
    const attempts = ofTenant.filter(({ name }) => name === 'RunActivity:rollOut');
    expect(attempts.length).toBeGreaterThan(5);
    expect(new Set(attempts.map(({ parentSpanId }) => parentSpanId))).toEqual(new Set([spanId]));
    const written = ofTenant.find(({ name }) => name === 'PATCH deploymentconfigs');
    const caller = ofTenant.find((span) => span.spanId === written?.parentSpanId);
    expect(caller?.name).toMatch(/^RunActivity:/);
    expect(written && valueOf(written, 'http.response.status_code')).toBe(200);
  }
});

test('the log has documents, each of a failure with fleet, tenant, step and attempt', () => {
  const entries = worker.said
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
  const failed = entries.filter(({ failure }) => failure === 'RolloutFailed');
  expect(failed.map(({ fleet, step, attempt }) => ({ fleet, step, attempt }))).toEqual([
    { fleet: 'measured', step: HELD_STEP, attempt: 1 },
    { fleet: 'measured', step: HELD_STEP, attempt: 2 },
  ]);
  expect(failed[0]).toMatchObject({
    level: 'warn',
    tenant: expect.stringMatching(/^127\.0\.0\.1:\d+\/bad$/),
  });
});

test('nothing secret is in metrics, traces and log, and no message of an error in traces', () => {
  const secrets = [
    ...secretValues(lab.simulator.cluster('sim1'), 'good'),
    ...secretValues(lab.simulator.cluster('sim2'), 'bad'),
  ];
  expect(secrets.length).toBeGreaterThan(30);
  for (const text of [ofWorker, ofFleets, receiver.text, worker.said])
    expect(secrets.filter((secret) => text.includes(secret))).toEqual([]);
  expect(receiver.text).not.toMatch(/crash loop|Bearer|change 4711/i);
});
