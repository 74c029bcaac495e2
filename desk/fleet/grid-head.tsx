import type { JSX } from 'preact';
import type { FleetPage } from '../../src/desk/contract.ts';
import { FACTS, stepCount } from './columns.ts';

/** Where several paths are taken, a column is the place in each: its number says which. */
export function GridHead({ page }: { readonly page: FleetPage }): JSX.Element {
  const [only, ...others] = page.columns;
  const steps = others.length === 0 ? (only?.steps ?? []) : [];
  return (
    <div role="rowgroup" class="grid-head">
      <div role="row" aria-rowindex={1} class="grid-row">
        {FACTS.map((name, place) => (
          <div key={name} role="columnheader" aria-colindex={place + 1} class={`fact fact-${name}`}>
            {name === 'name' ? 'tenant' : name}
          </div>
        ))}
        {Array.from({ length: stepCount(page) }, (_, place) => {
          const step = steps[place];
          return (
            <div
              key={place}
              role="columnheader"
              aria-colindex={FACTS.length + place + 1}
              class={step?.pointOfNoReturn ? 'step-head no-return' : 'step-head'}
              title={step?.title}
              aria-label={step?.title ?? `step ${place + 1}`}
            >
              <span>{step ? step.id : place + 1}</span>
            </div>
          );
        })}
      </div>
    </div>
  );
}
