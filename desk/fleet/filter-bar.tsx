import type { JSX } from 'preact';
import type { FleetPage } from '../../src/desk/contract.ts';
import { queryOf } from '../app/api.ts';
import { fleetPath, go } from '../app/route.ts';
import { FLEET_TENANT_STATES } from '../../src/domain/fleet/tenant/states.ts';
import { Marked } from '../parts/marked.tsx';
import { TENANT_MARKS } from '../parts/states.ts';
import { number } from '../words/plural.ts';
import type { Filter } from './filter.ts';
import { isNarrowed, SORTS } from './filter.ts';
import { Choice, TextField } from './filter-fields.tsx';
import { Labels } from './labels.tsx';
import type { Rows } from './rows.ts';

interface FilterBarProps {
  readonly page: FleetPage;
  readonly filter: Filter;
}

type Changes = { readonly [K in keyof Filter]?: Filter[K] | undefined };

/** What is shown of the tenants: every choice stands in the address at once. */
export function FilterBar({ page, filter }: FilterBarProps): JSX.Element {
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
      <Labels page={page} filter={filter} set={(label) => set({ label })} />
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
    </form>
  );
}

interface MatchingProps extends FilterBarProps {
  readonly rows: Rows;
}

/** How many match, of how many: said once it is known. */
export function Matching({ page: { progress }, filter, rows }: MatchingProps): JSX.Element {
  return (
    <p class="muted" role="status">
      {rows.matching === undefined
        ? 'Looking …'
        : `${number(rows.matching)} of ${number(rows.total ?? progress.total)} tenants`}{' '}
      {isNarrowed(filter) && (
        <button type="button" class="quiet" onClick={() => go(fleetPath(progress.name, 'tenants'))}>
          show all
        </button>
      )}
    </p>
  );
}
