import type { Facts } from '../../notify/message.ts';
import { cutAtWord } from '../../text/cut-at-word.ts';
import { renderDuration } from '../../text/duration.ts';
import { plainText } from '../../text/plain-text.ts';
import { shellWord } from '../../tenant/decisions.ts';
import type { Ledger } from '../ledger.ts';
import { at, nameOfTenant } from '../spec/spec.ts';
import { describeVersions } from '../spec/versions.ts';
import type { FleetTenantState, StateCounts } from '../tenant/states.ts';
import { FLEET_TENANT_STATES } from '../tenant/states.ts';

/** Tenants that one message names, and what it says of each. */
const NAMED = 20;
const LONGEST_REASON = 160;

export const tenantsText = (count: number): string => `${count} tenant${count === 1 ? '' : 's'}`;

/** `2 upgraded, 1 held`. */
export function countsText(counts: StateCounts): string {
  return FLEET_TENANT_STATES.filter((state) => counts[state] > 0)
    .map((state) => `${counts[state]} ${state}`)
    .join(', ');
}

/** Those that are not zero. */
export function countsOf(counts: StateCounts): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
}

/** What every message of a fleet may say. */
export function fleetFacts({ spec, head, counts }: Ledger): Facts {
  const command = `threescale-upgrade fleet status ${shellWord(spec.name)}`;
  return {
    subject: `Fleet ${spec.name}`,
    fleet: spec.name,
    path: `3scale ${describeVersions(spec.paths)}`,
    tenants: tenantsText(counts.size),
    waves: `${spec.waves.length} wave${spec.waves.length === 1 ? '' : 's'}`,
    counts: countsText(counts.ofFleet),
    by: head.startedBy.by,
    why: head.startedBy.why,
    command,
  };
}

/** `shop (held): HookFailed: …`, a line each; at most twenty of them. */
export function namesText({ spec, counts }: Ledger, indexes: readonly number[]): string {
  const lines = indexes.slice(0, NAMED).map((index) => {
    const entry = counts.entry(index);
    const { type, message } = entry?.failure ?? {};
    const reason = [type, message].filter(Boolean).join(': ');
    const name = plainText(nameOfTenant(spec, at(spec.tenants, index)));
    const told = reason === '' ? '' : `: ${cutAtWord(plainText(reason), LONGEST_REASON)}`;
    return `${name} (${counts.state(index)})${told}`;
  });
  const more = indexes.length - NAMED;
  return [...lines, ...(more > 0 ? [`and ${more} more`] : [])].join('\n');
}

/** `2 tenants held, 1 tenant reverted`. */
export function byState({ counts }: Ledger, indexes: readonly number[]): string {
  const groups = Map.groupBy(indexes, (index): FleetTenantState => counts.state(index));
  return [...groups].map(([state, own]) => `${tenantsText(own.length)} ${state}`).join(', ');
}

export const tookText = (fromMs: number, toMs: number): string => renderDuration(toMs - fromMs);
