import { someOf } from '../../text/some-of.ts';
import type { Book } from '../ledger.ts';
import type { FleetAnswer, TenantChoice } from '../fleet-upgrade.ts';
import { chosen } from './refusals.ts';
import { at, nameOfTenant } from '../spec/spec.ts';
import type { FleetTenantState } from './states.ts';

/** What was done about one tenant; a sentence where nothing could be. */
export type Outcome = 'done' | { readonly why: string };

/** The journal names a few: all that was done stands on the tenants. */
const NAMED = 5;

/** Decides about every tenant of a choice, last first; who was refused is told where they were named. */
export function decideEach(
  book: Book,
  choice: TenantChoice,
  decide: (index: number, state: FleetTenantState, name: string) => Outcome,
): FleetAnswer {
  const { spec, tally } = book;
  const done: string[] = [];
  const refused: { tenant: string; why: string }[] = [];
  for (const index of chosen(book, choice).toReversed()) {
    const name = nameOfTenant(spec, at(spec.tenants, index));
    const outcome = decide(index, tally.state(index), name);
    if (outcome === 'done') done.push(name);
    else if (choice.tenants) refused.push({ tenant: name, why: outcome.why });
  }
  return { done: done.reverse(), refused: refused.reverse() };
}

/** Whom a decision was about, as the journal has it. */
export function namedIn({ done }: FleetAnswer): string {
  return someOf(done, NAMED) || 'nobody';
}
