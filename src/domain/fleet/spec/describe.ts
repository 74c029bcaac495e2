import { someOf } from '../../text/some-of.ts';
import type { Freeze, WindowPolicy } from '../../windows/policy.ts';
import type { Allowance, FailureBudget } from './spec.ts';
import { BUDGET_KINDS } from '../tenant/states.ts';

/** `3`, `5%`, or `any number`. */
function describeBound(allowance: Allowance | undefined): string {
  if (!allowance) return 'any number';
  return 'count' in allowance ? String(allowance.count) : `${allowance.percent}%`;
}

/** `failed 2%, blocked any number, unreachable any number, strict`. */
export function describeBudget(budget: Partial<FailureBudget> | undefined): string {
  if (!budget) return 'none of its own';
  const kinds = BUDGET_KINDS.map((kind) => `${kind} ${describeBound(budget[kind])}`);
  return [...kinds, ...(budget.strict ? ['strict'] : [])].join(', ');
}

/** `holidays (2026-12-20 to 2027-01-07)`. */
export function describeFreeze({ name, from, to }: Freeze): string {
  const span = `${timeOf(from)} to ${timeOf(to)}`;
  return name === undefined ? span : `${name} (${span})`;
}

/** `2026-12-24 17:00 UTC`; what is no moment in UTC is left as it was written. */
function timeOf(text: string): string {
  const [, day, time] = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d(?::(?!00)\d\d)?)(?::00)?Z$/.exec(text) ?? [];
  return day === undefined ? text : `${day} ${time} UTC`;
}

/** `"0 22 * * 6" Europe/Berlin for 240 min, but for holidays (2026-12-20 to 2027-01-07) and 2 more`. */
export function describeWindows({ windows, freezes }: WindowPolicy): string {
  const opens = windows.map(
    ({ opens: line, zone, durationMinutes }) => `"${line}" ${zone} for ${durationMinutes} min`,
  );
  const names = someOf(freezes.map(describeFreeze));
  return [
    opens.length > 0 ? opens.join(' and ') : 'always open',
    ...(names === '' ? [] : [`but for ${names}`]),
  ].join(', ');
}
