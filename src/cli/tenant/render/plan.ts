import type { FieldChange, PlannedStep, TenantPlan } from '../../../domain/tenant/plan.ts';
import { plainDeep } from '../../../domain/text/plain-text.ts';
import { planHasChanges } from '../../../domain/tenant/plan.ts';
import type { Colors } from '../../io.ts';

/** A plan as a readable diff, with what will happen besides, ending with the next command to type, where one is named. */
export function renderPlan(
  given: TenantPlan,
  colors: Colors,
  { start, outlook }: { readonly start?: string | undefined; readonly outlook?: string } = {},
): string {
  const plan = plainDeep(given);
  const lines = [
    colors.bold(`${plan.context}/${plan.namespace}: 3scale ${plan.from} → ${plan.to}`),
    colors.dim(`cluster ${plan.cluster}, plan ${plan.pathHash}`),
    '',
    ...plan.steps.flatMap((step) => renderStep(step, colors)),
  ];
  if (plan.notes.length > 0) lines.push('', 'Worth knowing:', ...plan.notes.map((note) => `  • ${note}`));
  if (outlook !== undefined && planHasChanges(plan)) lines.push('', outlook);
  lines.push('', planHasChanges(plan) ? summary(plan, start) : 'Nothing to do: the tenant is upgraded.');
  return lines.join('\n');
}

function renderStep(step: PlannedStep, colors: Colors): string[] {
  const label = step.guide === 'tool' ? '' : colors.dim(` (guide ${step.guide})`);
  const head = `${marker(step, colors)} ${step.title}${label}`;
  const note = step.note ? [`    ${colors.dim(step.note)}`] : [];
  return [head, ...note, ...step.changes.flatMap((change) => renderChange(change, colors))];
}

function marker(step: PlannedStep, colors: Colors): string {
  switch (step.status) {
    case 'todo':
      return colors.yellow('~');
    case 'done':
      return colors.green('✓');
    case 'absent':
      return colors.dim('-');
    case 'blocked':
      return colors.red('✗');
  }
}

function renderChange(change: FieldChange, colors: Colors): string[] {
  const where = [change.object, change.path].filter(Boolean).join(' ');
  if (change.before === undefined) return [colors.green(`    + ${where}${value(change.after)}`)];
  if (change.after === undefined) return [colors.red(`    - ${where}${value(change.before)}`)];
  return [`    ~ ${where}`, colors.red(`      - ${change.before}`), colors.green(`      + ${change.after}`)];
}

const value = (text: string | undefined): string => (text ? `: ${text}` : '');

function summary(plan: TenantPlan, start: string | undefined): string {
  const todo = plan.steps.filter((step) => step.status === 'todo');
  const changes = todo.reduce((sum, step) => sum + step.changes.length, 0);
  return `${todo.length} steps with ${changes} changes.${start === undefined ? '' : ` To do it:  ${start}`}`;
}
