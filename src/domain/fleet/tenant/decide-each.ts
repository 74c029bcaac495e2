import { someOf } from '../../text/some-of.ts';
import type { FleetAnswer, RetryMessage, TenantChoice } from '../fleet-upgrade.ts';
import type { Ledger } from '../ledger.ts';
import { at, nameOfTenant, tenantRef } from '../spec/spec.ts';
import type { TenantOrder, Word } from './decide.ts';
import { decide } from './decide.ts';
import { chosen } from './refusals.ts';

/** The journal names a few: all that was done stands on the tenants. */
const NAMED = 5;

/** Tells the workflow of a tenant what was decided about it; absent in a fleet that has ended, which tells nobody. */
export type Tell = (index: number, word: Word) => void;

/** Decides about every tenant of a choice, last first; who was refused is told where they were named. */
export function decideEach(
  ledger: Ledger,
  choice: TenantChoice,
  order: TenantOrder,
  { nowMs, tell }: { readonly nowMs: number; readonly tell?: Tell },
): FleetAnswer {
  const { spec, counts } = ledger;
  const done: string[] = [];
  const refused: { tenant: string; why: string }[] = [];
  for (const index of chosen(ledger, choice).toReversed()) {
    const name = nameOfTenant(spec, at(spec.tenants, index));
    const entry = counts.entry(index);
    const decided = decide(entry, order, { nowMs, hasEnded: !tell, tenant: tenantRef(spec, index) });
    if ('refused' in decided) {
      if (choice.tenants) refused.push({ tenant: name, why: decided.refused });
      continue;
    }
    if (decided.entry && decided.entry !== entry) ledger.put(index, decided.entry);
    if (decided.tell) tell?.(index, decided.tell);
    done.push(name);
  }
  return { done: done.reverse(), refused: refused.reverse() };
}

/** What a retry is to each of those it is about. */
export function retryOrder({ all = false, newPlan = false }: RetryMessage): TenantOrder {
  return { kind: 'retry', isNamed: !all, newPlan };
}

/** Whom a decision was about, as the journal has it. */
export function namedIn({ done }: FleetAnswer): string {
  return someOf(done, NAMED) || 'nobody';
}
