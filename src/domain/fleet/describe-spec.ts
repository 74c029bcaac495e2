import type { WindowPolicy } from '../window.ts';
import type { Allowance, FailureBudget } from './spec.ts';

/** `3`, `5%`, or `any number`. */
export function describeBound(allowance: Allowance | undefined): string {
  if (!allowance) return 'any number';
  return 'count' in allowance ? String(allowance.count) : `${allowance.percent}%`;
}

/** `failed 2%, blocked any number, unreachable any number, strict`. */
export function describeBudget(budget: Partial<FailureBudget> | undefined): string {
  if (!budget) return 'none of its own';
  const kinds = (['failed', 'blocked', 'unreachable'] as const).map(
    (kind) => `${kind} ${describeBound(budget[kind])}`,
  );
  return [...kinds, ...(budget.strict ? ['strict'] : [])].join(', ');
}

/** `"0 22 * * 6" Europe/Berlin for 240 min, 2 freezes`. */
export function describeWindows({ windows, freezes }: WindowPolicy): string {
  const opens = windows.map(
    ({ opens: line, zone, durationMinutes }) => `"${line}" ${zone} for ${durationMinutes} min`,
  );
  const names = freezes.map(({ name, from, to }) => (name === undefined ? `${from} to ${to}` : name));
  return [
    opens.length > 0 ? opens.join(' and ') : 'always open',
    ...(names.length > 0
      ? [`but for ${names.slice(0, 3).join(', ')}${names.length > 3 ? ` and ${names.length - 3} more` : ''}`]
      : []),
  ].join(', ');
}
