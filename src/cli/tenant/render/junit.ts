import { leftBehind } from '../../../domain/tenant/left-behind.ts';
import picocolors from 'picocolors';
import type { Finding, PreflightReport } from '../../../domain/tenant/finding.ts';
import { plainDeep } from '../../../domain/text/plain-text.ts';
import type { StepFailure, StepProgress, TenantProgress } from '../../../domain/tenant/progress.ts';
import { isFinal } from '../../../domain/tenant/progress.ts';
import type { TenantRef } from '../../../domain/tenant/tenant.ts';
import { tenantName } from '../../../domain/tenant/tenant.ts';
import { evidenceLines } from './evidence.ts';
import type { JunitCase, JunitOutcome, JunitSuite } from '../../render/junit-xml.ts';
import { renderJunit } from '../../render/junit-xml.ts';
import { crossingOf } from './report.ts';

/** A report is no terminal. */
const COLORLESS = picocolors.createColors(false);

const PASSED: JunitOutcome = { kind: 'passed' };

/** `check`, as JUnit's readers have it: a case for whether it can be upgraded, and one for each check that found something. */
export function renderCheckJunit(tenant: TenantRef, report: PreflightReport, window: string): string {
  return renderJunit('3scale check', [
    checkSuite(tenantName(tenant), plainDeep(report), { 'maintenance window': window }),
  ]);
}

/** `report` of one tenant: a case for each step, and one for how it stands as a whole. */
export function renderReportJunit(progress: TenantProgress, beside: Beside = {}): string {
  return renderJunit('3scale report', [
    progressSuite(tenantName(progress.tenant), plainDeep(progress), beside),
  ]);
}

/** What is to be said of an upgrade besides: that it stands still, or how it was ended from outside. */
interface Beside {
  readonly still?: string;
  readonly left?: { readonly message: string };
}

/** The suite of a tenant that was looked at. */
export function checkSuite(
  name: string,
  report: Pick<PreflightReport, 'findings' | 'version'>,
  properties: Readonly<Record<string, string>> = {},
): JunitSuite {
  const fatal = report.findings.filter(({ severity }) => severity === 'fatal');
  const outcome: JunitOutcome =
    fatal.length > 0
      ? { kind: 'failed', type: 'blocked', message: summary(fatal), text: textOf(fatal) }
      : PASSED;
  return {
    name,
    properties: { ...properties, ...(report.version === undefined ? {} : { version: report.version }) },
    cases: [{ name: 'can be upgraded', classname: name, outcome }, ...findingCases(name, report.findings)],
  };
}

/** A check has one case, whatever number of objects it is about. What is only worth knowing passes. */
function findingCases(classname: string, findings: readonly Finding[]): JunitCase[] {
  return [...Map.groupBy(findings, ({ check }) => check)].map(([check, found]) => {
    const fatal = found.filter(({ severity }) => severity === 'fatal');
    const name = `check: ${check}`;
    if (fatal.length === 0) return { name, classname, outcome: PASSED, said: [textOf(found)] };
    return {
      name,
      classname,
      outcome: { kind: 'failed', type: check, message: summary(fatal), text: textOf(found) },
    };
  });
}

function summary(findings: readonly Finding[]): string {
  const [first] = findings;
  const more = findings.length - 1;
  return `${first?.message ?? ''}${more > 0 ? `, and ${more} more` : ''}`;
}

const textOf = (findings: readonly Finding[]): string =>
  findings
    .map(({ object, message, hint }) => `${object === undefined ? '' : `${object}: `}${message}\n${hint}`)
    .join('\n');

/** The suite of a tenant whose upgrade runs or has ended. */
export function progressSuite(name: string, progress: TenantProgress, beside: Beside = {}): JunitSuite {
  const { tenant, state, startedAt, endedAt, pathHash, backupSecret } = progress;
  return {
    name,
    timestamp: startedAt,
    ...(endedAt === undefined ? {} : { ms: Date.parse(endedAt) - Date.parse(startedAt) }),
    properties: {
      state,
      cluster: tenant.cluster,
      path: `${progress.from}-${progress.to}`,
      plan: pathHash,
      'point of no return': crossingOf(progress),
      ...(backupSecret === undefined ? {} : { backup: `secret/${backupSecret}` }),
    },
    cases: [
      ...findingCases(name, progress.findings),
      ...progress.steps.map((step) => stepCase(name, step)),
      { name: UPGRADED, classname: name, outcome: endOf(progress, beside), said: leftBehind(progress) },
    ],
  };
}

/** The case of each tenant that says how it stands as a whole. */
export const UPGRADED = 'is upgraded';

function stepCase(classname: string, step: StepProgress): JunitCase {
  const { title, startedAt, endedAt, note, undo } = step;
  const said = [
    ...(note === undefined ? [] : [note]),
    ...(undo?.note === undefined ? [] : [`taken back: ${undo.note}`]),
  ];
  return {
    name: title,
    classname,
    ...(startedAt === undefined || endedAt === undefined
      ? {}
      : { ms: Date.parse(endedAt) - Date.parse(startedAt) }),
    outcome: stepOutcome(step),
    said,
  };
}

/** What was taken back after it had failed counts as failed: that is why it was taken back. */
function stepOutcome({ status, failure }: StepProgress): JunitOutcome {
  switch (status) {
    case 'done':
    case 'unchanged':
      return PASSED;
    case 'failed':
    case 'reverting':
    case 'reverted':
      return failure ? failed(failure) : { kind: 'skipped', message: STATUS[status] };
    case 'not-reverted':
      return failure
        ? failed(failure)
        : { kind: 'failed', type: status, message: 'it was not taken back: it is as the upgrade left it' };
    default:
      return { kind: 'skipped', message: STATUS[status] };
  }
}

const STATUS: Readonly<
  Record<'pending' | 'running' | 'absent' | 'skipped' | 'failed' | 'reverting' | 'reverted', string>
> = {
  pending: 'not begun',
  running: 'under way',
  absent: 'its object is not there, and need not be',
  skipped: 'skipped',
  failed: 'failed',
  reverting: 'is being taken back',
  reverted: 'taken back',
};

/** With what the cluster shows of it, where somebody has looked. */
function failed(failure: StepFailure, type = failure.type): JunitOutcome {
  const { message, hint } = failure;
  const text = [message, ...evidenceLines(failure, COLORLESS, '  '), ...(hint === undefined ? [] : [hint])];
  return { kind: 'failed', type, message, text: text.join('\n') };
}

function endOf(
  { state, held, revertedFor, findings }: TenantProgress,
  { still, left }: Beside,
): JunitOutcome {
  if (state === 'upgraded') return PASSED;
  const why = held?.failure ?? revertedFor;
  if (state === 'held' || isFinal(state)) {
    const fatal = findings.filter(({ severity }) => severity === 'fatal');
    if (why) return failed(why, state);
    const message = state === 'blocked' && fatal.length > 0 ? summary(fatal) : `it is ${state}`;
    return { kind: 'failed', type: state, message, ...(fatal.length > 0 ? { text: textOf(fatal) } : {}) };
  }
  if (left) return { kind: 'failed', type: 'ended-from-outside', message: left.message };
  if (still !== undefined) return { kind: 'failed', type: 'stands-still', message: still };
  return { kind: 'skipped', message: `not over yet: ${state}` };
}
