import { someOf } from '../../../domain/text/some-of.ts';
import type { Change, SpecDiff } from '../../../domain/fleet/spec/diff.ts';
import { isSame } from '../../../domain/fleet/spec/diff.ts';
import type { Colors } from '../../io.ts';
import { plural } from './state.ts';

const NAMED = 10;

/** What a file changes in a running fleet. */
export function renderFleetDiff(name: string, diff: SpecDiff, colors: Colors): string {
  if (isSame(diff)) return `Nothing to change: the fleet ${name} runs with this.`;
  return [
    colors.bold(`What changes in the fleet ${name}:`),
    ...differenceLines(diff, colors),
    'Tenants that were started keep the plan they were started with; a retry with --new-plan takes the new one.',
    'Those under way keep their windows and policy as well, until they are started again.',
  ].join('\n');
}

/** What another file means otherwise; empty where it means the same. */
export function differenceLines(
  { added, removed, moved, changed, settings, reordered }: SpecDiff,
  colors: Colors,
): string[] {
  return [
    ...named(
      colors.green(`+ ${plural(added.length, 'tenant')} more`),
      added.map(({ name: tenant, wave }) => `${tenant} (wave ${wave})`),
    ),
    ...named(
      colors.red(`- ${plural(removed.length, 'tenant')} less`),
      removed.map(({ name: tenant, wave }) => `${tenant} (wave ${wave})`),
    ),
    ...named(
      colors.yellow(`~ ${plural(moved.length, 'tenant')} in another wave`),
      moved.map(({ name: tenant, from, to }) => `${tenant} (${from} → ${to})`),
    ),
    ...changed.flatMap(({ changes, tenants }) => [
      ...named(colors.yellow(`~ ${plural(tenants.length, 'tenant')} with other settings`), tenants),
      ...changes.map((change) => `      ${changeLine(change)}`),
    ]),
    ...settings.map((change) => colors.yellow(`~ ${changeLine(change)}`)),
    ...(reordered ? [colors.yellow('~ tenants come in another order')] : []),
  ];
}

const changeLine = ({ what, from, to }: Change): string => `${what}: ${from} → ${to}`;

function named(head: string, tenants: readonly string[]): string[] {
  if (tenants.length === 0) return [];
  return [`${head}: ${someOf(tenants, NAMED)}`];
}
