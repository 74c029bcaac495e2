import type { JSX } from 'preact';
import { useCallback, useMemo, useState } from 'preact/hooks';
import type { FleetPage } from '../../src/desk/contract.ts';
import { usePlace } from '../app/route.ts';
import { Problem } from '../parts/notice.tsx';
import { ActOnMany } from './act-on-many.tsx';
import { FilterBar, Matching } from './filter-bar.tsx';
import { filterIn } from './filter.ts';
import { Grid } from './grid.tsx';
import { Legend } from './legend.tsx';
import { useRows } from './rows.ts';
import { useNarrow } from './sizes.ts';

interface MatrixProps {
  readonly page: FleetPage;
  readonly rowsVersion: number;
}

/** Tenants × steps: as many as there are, of which only those that are seen are fetched and drawn. */
export function Matrix({ page, rowsVersion }: MatrixProps): JSX.Element {
  const fleet = page.progress.name;
  const { query } = usePlace();
  const search = query.toString();
  const filter = useMemo(() => filterIn(new URLSearchParams(search)), [search]);
  const isNarrow = useNarrow();
  const rows = useRows(fleet, filter, rowsVersion);
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const pick = useCallback((name: string): void => setPicked((before) => toggled(before, name)), []);
  return (
    <section aria-labelledby="matrix" class="matrix">
      <h2 id="matrix" class="unseen">
        Tenants and steps
      </h2>
      {isNarrow ? (
        <details>
          <summary>Filter</summary>
          <FilterBar page={page} filter={filter} />
        </details>
      ) : (
        <FilterBar page={page} filter={filter} />
      )}
      <div class="above">
        <Matching page={page} filter={filter} rows={rows} />
        <ActOnMany
          page={page}
          filter={filter}
          rows={rows}
          picked={picked}
          clear={() => setPicked(new Set())}
        />
      </div>
      {rows.problem && <Problem problem={rows.problem} />}
      <Grid page={page} rows={rows} picked={picked} pick={pick} />
      <Legend columns={page.columns} />
    </section>
  );
}

function toggled(names: ReadonlySet<string>, name: string): ReadonlySet<string> {
  const next = new Set(names);
  if (!next.delete(name)) next.add(name);
  return next;
}
