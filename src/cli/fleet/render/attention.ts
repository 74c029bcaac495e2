import { command, shellWord } from '../../../domain/tenant/decisions.ts';
import type { Offer } from '../../../domain/fleet/tenant/states.ts';
import { countOf, NEEDS_SOMEBODY, traitsOf, UNDER_WAY } from '../../../domain/fleet/tenant/states.ts';
import type { FleetProgress } from '../../../domain/fleet/show/progress.ts';
import type { TenantLine } from '../../../domain/fleet/show/tenant-lines.ts';
import type { TenantProgress } from '../../../domain/tenant/progress.ts';
import { fleetCommand } from '../fleet-command.ts';
import type { Colors } from '../../io.ts';
import { renderDuration } from '../../render/duration.ts';
import type { Section } from '../../render/fit.ts';
import { hintOf } from './hint.ts';
import { moment } from '../../render/time.ts';

export interface TenantsOptions {
  readonly nowMs: number;
  readonly colors: Colors;
  /** What tenants' own workflows say, by their names. */
  readonly underWay?: ReadonlyMap<string, TenantProgress>;
}

/** How many of each kind a screen names. */
const NAMED = 10;
/** How many tenants under way it shows with their step. */
export const WORKING_SHOWN = 12;

/** Tenants under way: what each is at, and since when. */
export function workingSection(
  { running, counts, name }: FleetProgress,
  { nowMs, colors, underWay }: TenantsOptions,
): Section | undefined {
  const total = countOf(counts, UNDER_WAY);
  if (total === 0) return undefined;
  const shown = running.slice(0, WORKING_SHOWN);
  const width = Math.max(...shown.map((line) => line.name.length), 0);
  return {
    head: ['', colors.bold(`  under way (${total})`)],
    items: shown.map((line) => {
      const since = line.since === '' ? '' : renderDuration(nowMs - Date.parse(line.since));
      return [
        `  ${colors.cyan('▶')} ${line.name.padEnd(width)}  ${since.padStart(12)}  ${atWhat(line, underWay?.get(line.name), nowMs)}`,
      ];
    }),
    total,
    more: (hidden) =>
      `    and ${hidden} more: ${fleetCommand(name, 'list', `--state ${UNDER_WAY.join(',')}`)}`,
    atLeast: 1,
  };
}

/** What a tenant under way is at, and since when. */
export function atWhat(line: TenantLine, upgrade: TenantProgress | undefined, nowMs: number): string {
  const { what, begun, others = '' } = doing(line, upgrade);
  const again = line.attempts > 1 ? ` (attempt ${line.attempts})` : '';
  const opens =
    line.state === 'parked' && line.notBefore !== undefined
      ? `, which opens at ${moment(line.notBefore)}`
      : '';
  const since = begun === undefined ? '' : `, ${renderDuration(nowMs - Date.parse(begun))}`;
  return `${what}${opens}${since}${others}${again}`;
}

/** The same without moments and ages: what it is at, when that begun, and how much is beside it. */
export function doing(
  line: TenantLine,
  upgrade: TenantProgress | undefined,
): { readonly what: string; readonly begun?: string; readonly others?: string } {
  if (line.state === 'parked') return { what: 'waits for its window' };
  if (line.state === 'asking') return { what: 'waits for a slot to go on' };
  if (line.stopped) return { what: 'stopped: the fleet is paused' };
  const back = line.takingBack ? 'being taken back; ' : '';
  if (!upgrade) return { what: `${back}running` };
  const steps = upgrade.steps.filter(({ status }) => status === 'running' || status === 'reverting');
  const [step] = steps;
  if (!step) return { what: `${back}${upgrade.state}` };
  const begun = step.status === 'running' ? step.startedAt : step.undo?.startedAt;
  return {
    what: `${back}${upgrade.state}: ${step.status === 'reverting' ? 'undoing: ' : ''}${step.title}`,
    ...(begun === undefined ? {} : { begun }),
    ...(steps.length > 1 ? { others: ` and ${steps.length - 1} beside it` } : {}),
  };
}

/** The command needs the tenant's context, which only its site may have. */
const allChoices = ({ site }: TenantLine): string =>
  site === undefined ? 'all choices' : `all choices, at ${site}`;

/** What somebody can do about one: a command. */
function offered(offer: Offer, fleet: string, line: TenantLine): string {
  switch (offer) {
    case 'retry':
    case 'skip':
      return fleetCommand(fleet, offer, `--tenant ${shellWord(line.name)}`, '--why "…"');
    case 'status':
      return `${allChoices(line)}: ${command(line.tenant, 'status')}`;
  }
}

/** One that has ended hears of no skip any more. */
export const choicesOf = (fleet: string, line: TenantLine, isEnded: boolean): string[] =>
  (traitsOf(line.state).attention?.offers ?? [])
    .filter((offer) => !(isEnded && offer === 'skip'))
    .map((offer) => offered(offer, fleet, line));

/** Tenants that need somebody, kind by kind: why, and what to type. */
export function attentionSections(
  { attention, counts, name, phase }: FleetProgress,
  { nowMs, colors }: TenantsOptions,
): Section[] {
  return NEEDS_SOMEBODY.flatMap((state): Section[] => {
    const lines = attention.filter((line) => line.state === state).slice(0, NAMED);
    if (counts[state] === 0) return [];
    return [
      {
        head: ['', colors.red(`  ${state} (${counts[state]})`)],
        items: lines.map((line) => {
          const since = line.since === '' ? '' : ` for ${renderDuration(nowMs - Date.parse(line.since))}`;
          const later =
            line.notBefore !== undefined && phase !== 'ended'
              ? `; is tried again at ${moment(line.notBefore)}`
              : '';
          const attempts = line.attempts > 1 ? `, attempt ${line.attempts}` : '';
          return [
            `  ${colors.red('✗')} ${line.name}${colors.dim(`${since}${attempts}`)}  ${line.failure?.message ?? ''}${later}`,
            ...hintOf(line).map((hint) => `      ${hint}`),
            ...choicesOf(name, line, phase === 'ended').map((choice) => `      ${choice}`),
          ];
        }),
        total: counts[state],
        more: (hidden) => `    and ${hidden} more: ${fleetCommand(name, 'list', `--state ${state}`)}`,
        atLeast: 1,
      },
    ];
  });
}
