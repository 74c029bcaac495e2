import type { JSX } from 'preact';
import type { BudgetBar, FleetPage } from '../../src/desk/contract.ts';
import { number } from '../words/plural.ts';

/** How much may still go wrong: of the fleet, and of waves that have a budget of their own. */
export function Budgets({ page }: { readonly page: FleetPage }): JSX.Element {
  const { budgets, progress } = page;
  const { maxConcurrent, maxConcurrentPerCluster, failureBudget } = progress.limits;
  return (
    <section aria-labelledby="budgets">
      <h2 id="budgets">Budgets</h2>
      <ul class="budgets">
        {budgets.map((bar) => (
          <BudgetLine key={`${bar.wave ?? ''} ${bar.kind}`} bar={bar} />
        ))}
      </ul>
      <p class="muted">
        At once: {number(maxConcurrent)}, {number(maxConcurrentPerCluster)} of a cluster.
        {failureBudget.strict && ' Strict: those in flight count as failed before another one starts.'}
      </p>
    </section>
  );
}

function BudgetLine({ bar }: { readonly bar: BudgetBar }): JSX.Element {
  const { wave, kind, used, allowed, words } = bar;
  const isOver = allowed !== undefined && used > allowed;
  const isFull = allowed !== undefined && used === allowed && used > 0;
  const state = isOver ? 'exceeded' : isFull ? 'used up' : '';
  return (
    <li>
      <div>
        {wave !== undefined && <span class="muted">wave {wave}: </span>}
        {kind} <b>{number(used)}</b> of {words}
        {state !== '' && <b class={isOver ? 'tone-bad' : 'tone-warn'}> {state}</b>}
      </div>
      {allowed !== undefined && <Bar used={used} allowed={allowed} isAway={kind === 'unreachable'} />}
    </li>
  );
}

/** The mark stands where the budget ends; what is beyond it is seen. */
function Bar({
  used,
  allowed,
  isAway,
}: {
  readonly used: number;
  readonly allowed: number;
  readonly isAway: boolean;
}): JSX.Element {
  const most = Math.max(used, allowed, 1);
  const end = (allowed / most) * 1_000;
  const tone = used > allowed ? 'bad' : isAway ? 'away' : 'warn';
  return (
    <svg class="budget-bar" viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true">
      <rect class="fill-empty" y="2" width="1000" height="6" />
      <rect class={`fill-${tone}`} y="2" width={(used / most) * 1_000} height="6" />
      <rect class="fill-text" x={Math.min(996, end)} width="4" height="10" />
    </svg>
  );
}
