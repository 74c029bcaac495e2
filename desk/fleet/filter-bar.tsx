import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { FleetPage } from '../../src/desk/contract.ts';
import { queryOf } from '../app/api.ts';
import { fleetPath, go } from '../app/route.ts';
import { FLEET_TENANT_STATES } from '../../src/domain/fleet/tenant/states.ts';
import { Marked } from '../parts/marked.tsx';
import { TENANT_MARKS } from '../parts/states.ts';
import { number } from '../words/plural.ts';
import type { Filter } from './filter.ts';
import { isNarrowed, SORTS } from './filter.ts';
import type { Rows } from './rows.ts';

interface FilterBarProps {
  readonly page: FleetPage;
  readonly filter: Filter;
  readonly rows: Rows;
}

type Changes = { readonly [K in keyof Filter]?: Filter[K] | undefined };

/** A pause in typing after which it is looked for. */
const TYPED_MS = 250;

/** What is shown of the tenants: every choice stands in the address at once. */
export function FilterBar({ page, filter, rows }: FilterBarProps): JSX.Element {
  const { progress, clusters } = page;
  const set = (changes: Changes): void =>
    go(fleetPath(progress.name, 'tenants', queryOf({ ...filter, ...changes })), true);
  const states = FLEET_TENANT_STATES.filter(
    (state) => progress.counts[state] > 0 || filter.state?.includes(state),
  );
  return (
    <form class="filter" role="search" aria-label="Tenants" onSubmit={(event) => event.preventDefault()}>
      <TextField
        label="Find"
        value={filter.text ?? ''}
        set={(text) => set({ text })}
        placeholder="name, project, message"
      />
      <Choice
        label="Wave"
        value={filter.wave?.[0]}
        choices={progress.waves.map(({ name }) => name)}
        set={(wave) => set({ wave })}
      />
      <Choice
        label="Cluster"
        value={filter.cluster?.[0]}
        choices={clusters.map(({ name }) => name)}
        set={(cluster) => set({ cluster })}
      />
      <TextField
        label="Label"
        value={filter.label?.[0] ?? ''}
        set={(label) => set({ label: [label] })}
        placeholder="tier=canary"
      />
      <Choice
        label="Order"
        value={filter.sort}
        none="plan"
        choices={SORTS.filter((name) => name !== 'plan')}
        set={([sort]) => set({ sort: SORTS.find((name) => name === sort) })}
      />
      <fieldset class="chips">
        <legend class="unseen">States</legend>
        {states.map((state) => {
          const isOn = filter.state?.includes(state) ?? false;
          const others = (filter.state ?? []).filter((one) => one !== state);
          return (
            <button
              key={state}
              type="button"
              aria-pressed={isOn}
              class="chip"
              onClick={() => set({ state: isOn ? others : [...others, state] })}
            >
              <Marked mark={TENANT_MARKS[state]}>
                {state} {number(progress.counts[state])}
              </Marked>
            </button>
          );
        })}
      </fieldset>
      <p class="muted" role="status">
        {rows.matching === undefined
          ? 'Looking …'
          : `${number(rows.matching)} of ${number(rows.total ?? progress.total)} tenants`}
        {isNarrowed(filter) && (
          <button type="button" class="quiet" onClick={() => go(fleetPath(progress.name, 'tenants'))}>
            show all
          </button>
        )}
      </p>
    </form>
  );
}

interface TextFieldProps {
  readonly label: string;
  readonly value: string;
  readonly placeholder: string;
  readonly set: (value: string) => void;
}

function TextField({ label, value, placeholder, set }: TextFieldProps): JSX.Element {
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped(value), [value]);
  useEffect(() => {
    if (typed === value) return undefined;
    const timer = setTimeout(() => set(typed), TYPED_MS);
    return () => clearTimeout(timer);
    // Only what is typed begins it: what else has changed meanwhile is taken along.
  }, [typed]);
  return (
    <label>
      {label}
      <input
        type="search"
        value={typed}
        placeholder={placeholder}
        onInput={({ currentTarget }) => setTyped(currentTarget.value)}
      />
    </label>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string | undefined;
  readonly choices: readonly string[];
  readonly none?: string;
  readonly set: (values: string[]) => void;
}

function Choice({ label, value, choices, none = 'all', set }: ChoiceProps): JSX.Element {
  return (
    <label>
      {label}
      <select
        value={value ?? ''}
        onChange={({ currentTarget }) => set(currentTarget.value === '' ? [] : [currentTarget.value])}
      >
        <option value="">{none}</option>
        {choices.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
