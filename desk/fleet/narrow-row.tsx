import { Link } from '../app/link.tsx';
import { tenantPath } from '../app/route.ts';
import { Age } from '../parts/age.tsx';
import { Marked } from '../parts/marked.tsx';
import { TENANT_MARKS } from '../parts/states.ts';
import { steady } from '../parts/steady.ts';
import { progressOf } from './columns.ts';
import type { RowProps } from './grid-row.tsx';

/** Where there is no room for a cell for each step: how many are done, and which one is at work. */
export const NarrowRow = steady(function NarrowRow({
  page,
  row,
  place,
  top,
  activeColumn,
  isPicked,
  pick,
}: RowProps) {
  const far = row ? progressOf(page, row) : undefined;
  const active = (column: number): string => (activeColumn === column ? ' active' : '');
  return (
    <div
      role="row"
      aria-rowindex={place + 2}
      aria-selected={isPicked}
      class={isPicked ? 'grid-row picked' : 'grid-row'}
      style={{ transform: `translateY(${top}px)` }}
    >
      <div id={`cell-${place}-0`} role="gridcell" aria-colindex={1} class={`fact fact-name${active(0)}`}>
        {row ? (
          <>
            <input
              type="checkbox"
              tabIndex={-1}
              checked={isPicked}
              onChange={() => pick(row.name)}
              aria-label={`Pick ${row.name}`}
            />
            <Link to={tenantPath(row.tenant)}>{row.name}</Link>
          </>
        ) : (
          '…'
        )}
      </div>
      <div id={`cell-${place}-1`} role="gridcell" aria-colindex={2} class={`fact muted${active(1)}`}>
        {row && far && (
          <>
            <Marked mark={TENANT_MARKS[row.state]}>{row.state}</Marked>{' '}
            {row.since !== '' && <Age at={row.since} />}
            {row.steps ? `, ${far.done} of ${far.of} steps` : ''}
            {far.at === undefined ? '' : `, at ${far.at}`}
          </>
        )}
      </div>
    </div>
  );
});
