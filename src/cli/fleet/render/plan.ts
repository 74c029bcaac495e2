import { plural } from './state.ts';
import { someOf } from '../../../domain/text/some-of.ts';
import type { PlanGroup } from '../../../domain/fleet/file/group-plans.ts';
import { describeAllowance } from '../../../domain/fleet/rules/budget.ts';
import type { FailureBudget, Wave } from '../../../domain/fleet/spec/spec.ts';
import { plainDeep } from '../../../domain/text/plain-text.ts';
import type { FleetOverview, FoundOf } from '../overview.ts';
import type { Colors } from '../../io.ts';
import { renderDuration } from '../../render/duration.ts';
import { renderWindow } from '../../tenant/render/window.ts';
import { BUDGET_KINDS } from '../../../domain/fleet/tenant/states.ts';

const MINUTE_MS = 60_000;
/** Names and differences of one kind that are shown: -o json has all. */
const SHOWN = 10;

/** What a fleet would do: its waves and windows, then its tenants grouped by identical change. */
export function renderFleetPlan(given: FleetOverview, colors: Colors, startCommand: string): string {
  const overview = plainDeep(given);
  const { name, hash, tenants, clusters, limits, waves, windows, warnings } = overview;
  return [
    colors.bold(`Fleet ${name}: ${plural(tenants, 'tenant')} on ${plural(clusters, 'cluster')}`),
    colors.dim(`file ${hash}`),
    `At most ${limits.maxConcurrent} at once, ${limits.maxConcurrentPerCluster} per cluster; may go wrong: ` +
      budgetLine(limits.failureBudget, tenants),
    '',
    'Waves:',
    ...waves.map(waveLine),
    '',
    'Windows:',
    ...windows.map(
      ({ policy, tenants: count, answer }) => `  ${plural(count, 'tenant')}: ${renderWindow(policy, answer)}`,
    ),
    '',
    `About ${renderDuration(overview.estimateMinutes * MINUTE_MS)} of work and soak, besides shut windows, approvals and what goes wrong.`,
    ...section('Worth knowing:', warnings),
    ...groupLines(overview.groups, colors),
    ...section(`${plural(overview.warned.length, 'tenant')} with warnings:`, warningsOf(overview.warned)),
    ...section(
      colors.red(`${plural(overview.blocked.length, 'tenant')} blocked:`),
      overview.blocked.map(({ tenant, findings }) =>
        [tenant, ...findings.map(({ message, hint }) => `  ${message}\n      ${hint}`)].join('\n    '),
      ),
    ),
    ...section(
      colors.red(`${plural(overview.unreachable.length, 'tenant')} could not be reached:`),
      overview.unreachable.map(({ tenant, why }) => `${tenant}: ${why}`),
    ),
    ...section(
      `${plural(overview.elsewhere.length, 'tenant')} not looked at from here: the kubeconfig does not have their context`,
      overview.elsewhere,
    ),
    '',
    `To do it:  ${startCommand}`,
  ].join('\n');
}

function waveLine(
  { name, tenants, soakMinutes, approval, maxConcurrent, failureBudget }: Wave,
  index: number,
) {
  const more = [
    ...(approval === 'required' ? ['after an approval'] : []),
    ...(maxConcurrent === undefined ? [] : [`at most ${maxConcurrent} at once`]),
    ...(soakMinutes > 0 ? [`then left alone for ${renderDuration(soakMinutes * MINUTE_MS)}`] : []),
    ...(failureBudget ? [`may go wrong: ${budgetLine(failureBudget, tenants)}`] : []),
  ];
  return `  ${index + 1}. ${name}: ${[plural(tenants, 'tenant'), ...more].join('; ')}`;
}

function budgetLine(budget: Partial<FailureBudget>, size: number): string {
  const kinds = BUDGET_KINDS.map((kind) => `${kind} ${describeAllowance(budget[kind], size)}`);
  return [...kinds, ...(budget.strict ? ['strict'] : [])].join(', ');
}

function groupLines(groups: readonly PlanGroup[], colors: Colors): string[] {
  const [largest, ...others] = groups;
  if (!largest) return [];
  const differ = others.reduce((sum, { tenants }) => sum + tenants.length, 0);
  const head =
    differ === 0
      ? 'all the same'
      : `${largest.tenants.length} the same, ${differ} ${differ === 1 ? 'differs' : 'differ'}`;
  return [
    '',
    colors.bold(`Looked at ${plural(largest.tenants.length + differ, 'tenant')}: ${head}`),
    `  ${plural(largest.tenants.length, 'tenant')}: ${whatChanges(largest)}`,
    ...others.flatMap((group) => [
      `  ${some(group.tenants)}: ${whatChanges(group)}, and otherwise than the largest group:`,
      ...shown(group.only, (line) => colors.green(`    + ${line}`)),
      ...shown(group.lacks, (line) => colors.red(`    - ${line}`)),
    ]),
  ];
}

/** What is said of several tenants stands once. */
function warningsOf(warned: readonly FoundOf[]): string[] {
  const said = warned.flatMap(({ tenant, findings }) =>
    findings.map(({ message, hint }) => ({ tenant, text: `${message}\n      ${hint}` })),
  );
  return [...Map.groupBy(said, ({ text }) => text)].map(
    ([text, of]) => `${some([...new Set(of.map(({ tenant }) => tenant))])}: ${text}`,
  );
}

function whatChanges({ hasChanges, steps, changes }: PlanGroup): string {
  return hasChanges ? `${plural(steps, 'step')} with ${plural(changes, 'change')}` : 'nothing to do';
}

function section(head: string, lines: readonly string[]): string[] {
  return lines.length > 0 ? ['', head, ...shown(lines, (line) => `  • ${line}`)] : [];
}

function shown(lines: readonly string[], render: (line: string) => string): string[] {
  const more = lines.length - SHOWN;
  return [...lines.slice(0, SHOWN).map(render), ...(more > 0 ? [`    and ${more} more: see -o json`] : [])];
}

const some = (names: readonly string[]): string => someOf(names, SHOWN);
