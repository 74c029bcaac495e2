/** What auditors are told: only what the evidence shows, and of the very bytes that were written. */
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import picocolors from 'picocolors';
import { handOver } from '../../src/cli/fleet/hand-over.ts';
import type { Io } from '../../src/cli/io.ts';
import { tenantTests } from '../../src/cli/statement/tenant-tests.ts';
import { refuseUnlessOver, tenantStatement } from '../../src/cli/tenant/statement.ts';
import type { TenantDetail } from '../../src/cli/fleet/tenants.ts';
import { pathFor } from '../support/upgrade-input.ts';
import type { ReportedFleet } from '../support/reported-fleet.ts';
import { reportedFleet } from '../support/reported-fleet.ts';
import { stepProgress, tenantProgress } from '../support/tenant-progress.ts';

interface Statement {
  readonly _type: string;
  readonly predicateType: string;
  readonly subject: readonly { readonly name: string; readonly digest: Readonly<Record<string, string>> }[];
  readonly predicate: {
    readonly result: string;
    readonly configuration: readonly {
      readonly name: string;
      readonly uri?: string;
      readonly digest?: object;
    }[];
    readonly passedTests: readonly string[];
    readonly warnedTests: readonly string[];
    readonly failedTests: readonly string[];
  };
}

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'statement-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const REPORT = { name: 'report.html', digest: { sha256: 'ab' } };
const NAME = 'https://prod:6443/3scale';
const done = stepProgress('zync', { status: 'done', attempts: 1 });
const upgraded = { state: 'upgraded', steps: [done], journal: [] } as const;

const statementOf = (more: Parameters<typeof tenantProgress>[0]): Statement =>
  JSON.parse(tenantStatement({ progress: tenantProgress(more) }, REPORT)) as Statement;

test('an upgraded tenant passes, with its steps, and what was chosen stands in it by its digest', () => {
  const path = pathFor();
  const { _type, predicateType, subject, predicate } = statementOf({ ...upgraded, pathHash: path.hash });
  expect([_type, predicateType]).toEqual([
    'https://in-toto.io/Statement/v1',
    'https://in-toto.io/attestation/test-result/v0.1',
  ]);
  expect(subject).toEqual([
    REPORT,
    { name: NAME, digest: { sha256: expect.stringMatching(/^[0-9a-f]{64}$/) } },
  ]);
  expect(predicate).toMatchObject({ result: 'PASSED', passedTests: [NAME, `${NAME}/zync`], failedTests: [] });
  const [tool, steps] = predicate.configuration;
  expect(tool).toEqual({ name: 'tool', uri: expect.stringMatching(/^pkg:npm\/threescale-upgrade@\d/) });
  expect(steps?.digest).toEqual({
    sha256: expect.stringMatching(new RegExp(`^${path.hash}[0-9a-f]{52}$`)),
    sha256First12: path.hash,
  });
});

test('steps that this release does not know by their hash are named by what is known of it', () => {
  const [, steps] = statementOf(upgraded).predicate.configuration;
  expect(steps?.digest).toEqual({ sha256First12: '0123456789ab' });
});

test('what was skipped, left behind or warned of is no clean pass', () => {
  const skipped = stepProgress('resque', { status: 'skipped' });
  expect(statementOf({ ...upgraded, steps: [done, skipped] }).predicate).toMatchObject({
    result: 'WARNED',
    warnedTests: [NAME, `${NAME}/resque`],
  });
  expect(statementOf({ ...upgraded, leftovers: ['the old route'] }).predicate.result).toBe('WARNED');
  const finding = { check: 'x', severity: 'warning', message: 'm', hint: 'h' } as const;
  expect(statementOf({ ...upgraded, findings: [finding] }).predicate).toMatchObject({
    result: 'WARNED',
    warnedTests: [NAME, `${NAME}/check/x`],
  });
});

test.each(['held', 'reverted', 'blocked', 'aborted', 'abandoned'] as const)('%s has not passed', (state) => {
  const reverted = stepProgress('amp', { status: 'reverted' });
  expect(statementOf({ state, steps: [done, reverted, stepProgress('later')] }).predicate).toMatchObject({
    result: 'FAILED',
    passedTests: [`${NAME}/zync`],
    failedTests: [NAME, `${NAME}/amp`],
  });
});

test('a tenant that says it is upgraded with a step that failed has not passed', () => {
  const failed = stepProgress('amp', { status: 'not-reverted' });
  expect(tenantTests(tenantProgress({ ...upgraded, steps: [failed] })).failed).toContain(NAME);
});

test('of what is not over nothing is stated', () => {
  expect(() => {
    refuseUnlessOver({ progress: tenantProgress({ state: 'switching' }) });
  }).toThrow('is not over (switching)');
});

interface Written {
  readonly report: string;
  readonly text: string;
  readonly statement: Statement;
}

async function written(
  { spec, progress, lines, details }: ReportedFleet,
  output: 'html' | 'json' | 'junit' | 'text' = 'html',
): Promise<Written> {
  const out: string[] = [];
  const io: Io = {
    out: (line) => out.push(line),
    err: () => undefined,
    interactive: false,
    colors: picocolors.createColors(false),
  };
  const file = join(folder, `${output}.json`);
  const handed = { progress, lines, details: details(), spec, planFile: 'f00d' };
  await handOver(io, handed, { output, statement: file });
  const text = readFileSync(file, 'utf8');
  return { report: out.map((line) => `${line}\n`).join(''), text, statement: JSON.parse(text) as Statement };
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

test.each([
  ['html', 'report.html'],
  ['json', 'report.json'],
  ['junit', 'report.xml'],
  ['text', 'report.md'],
] as const)(
  'the digest is that of the bytes that -o %s wrote, and each time the same',
  async (output, name) => {
    const fleet = reportedFleet(6, 2);
    const { report, text, statement } = await written(fleet, output);
    expect(statement.subject[0]).toEqual({ name, digest: { sha256: sha256(report) } });
    expect((await written(fleet, output)).text).toBe(text);
  },
);

test('a fleet is stated tenant by tenant, with the failures of their steps; its file and its plan are named', async () => {
  const { statement, report } = await written(reportedFleet(10, 2), 'json');
  const { result, passedTests, failedTests, configuration } = statement.predicate;
  const name = (tenant: number): string => `sim1.example.com/3scale-tenant-${tenant}`;
  expect([result, passedTests]).toEqual(['FAILED', [1, 2, 3, 4, 5, 6, 7, 9, 10].map(name)]);
  expect(failedTests).toEqual(expect.arrayContaining([name(8), `${name(8)}/roll-out-zync`]));
  expect(configuration.map(({ name: own }) => own)).toEqual([
    'tool',
    'fleet file',
    `steps ${pathFor().hash}`,
    'plan file',
  ]);
  // Its subjects can be found again in the report of the same fleet: by the entries of -o json.
  const { fleet, tenants } = JSON.parse(report) as {
    readonly fleet: object;
    readonly tenants: readonly object[];
  };
  const digests = statement.subject.slice(1).map(({ digest }) => digest['sha256']);
  expect(digests).toEqual([fleet, ...tenants].map((entry) => sha256(canonical(entry))));
});

/** As `jq -cjS` writes it. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${fields.map(([key, part]) => `${JSON.stringify(key)}:${canonical(part)}`).join(',')}}`;
}

test('an upgraded tenant whose steps nobody can show any more is stated with a warning', async () => {
  const fleet = reportedFleet(2, 1);
  const details = async function* (): AsyncGenerator<TenantDetail> {
    for await (const { line } of fleet.details()) yield { line, missing: 'gone' };
  };
  const { statement } = await written({ ...fleet, details });
  expect(statement.predicate).toMatchObject({ result: 'WARNED', passedTests: [] });
});
