import type { JSX } from 'preact';
import type { FleetPage } from '../../src/desk/contract.ts';
import { number } from '../words/plural.ts';
import { Choice } from './filter-fields.tsx';
import type { Filter } from './filter.ts';

interface LabelsProps {
  readonly page: FleetPage;
  readonly filter: Filter;
  readonly set: (labels: readonly string[]) => void;
}

/** Labels that a tenant must have, all of them: one more is chosen, and each is taken away again. Nothing where no tenant has any. */
export function Labels({
  page: { labels },
  filter: { label: chosen = [] },
  set,
}: LabelsProps): JSX.Element | null {
  if (labels.length === 0 && chosen.length === 0) return null;
  const counts = new Map(labels.map(({ label, tenants }) => [label, tenants]));
  return (
    <>
      <Choice
        label="Label"
        value={undefined}
        none={chosen.length === 0 ? 'all' : 'and …'}
        choices={labels.map(({ label }) => label).filter((label) => !chosen.includes(label))}
        words={(label) => `${label} (${number(counts.get(label) ?? 0)})`}
        set={(more) => set([...chosen, ...more])}
      />
      {chosen.length > 0 && (
        <fieldset class="chips">
          <legend class="unseen">Labels</legend>
          {chosen.map((label) => (
            <button
              key={label}
              type="button"
              class="chip"
              aria-pressed
              title="take it away"
              onClick={() => set(chosen.filter((one) => one !== label))}
            >
              {label} ✕
            </button>
          ))}
        </fieldset>
      )}
    </>
  );
}
