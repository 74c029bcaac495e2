import type { JSX, TargetedKeyboardEvent } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { FleetPage } from '../../src/desk/contract.ts';
import { go, tenantPath } from '../app/route.ts';
import { FACTS, stepCount } from './columns.ts';
import { GridHead } from './grid-head.tsx';
import { GridRow } from './grid-row.tsx';
import type { Cell } from './move.ts';
import { moved } from './move.ts';
import { NarrowRow } from './narrow-row.tsx';
import type { Rows } from './rows.ts';
import { rowHeight, useHeight, useNarrow } from './sizes.ts';

interface GridProps {
  readonly page: FleetPage;
  readonly rows: Rows;
  readonly picked: ReadonlySet<string>;
  readonly pick: (name: string) => void;
}

/** Rows above and below what is seen: a look further finds them there. */
const BEYOND = 10;

/** Rows by their place: only those that are seen are in the page, however many there are. */
export function Grid({ page, rows, picked, pick }: GridProps): JSX.Element {
  const grid = useRef<HTMLDivElement>(null);
  const isNarrow = useNarrow();
  const height = useHeight(grid);
  const [top, setTop] = useState(0);
  const [active, setActive] = useState<Cell>({ row: 0, column: 0 });
  const size = rowHeight(isNarrow);
  const count = rows.matching ?? 0;
  const columns = isNarrow ? 2 : FACTS.length + stepCount(page);
  const first = Math.max(0, Math.min(Math.floor(top / size) - BEYOND, count - 1));
  const last = Math.min(count - 1, Math.ceil((top + height) / size) + BEYOND);
  const { want } = rows;
  useEffect(() => {
    if (last >= first) want(first, last);
  }, [want, first, last]);

  const perPage = Math.max(1, Math.floor(height / size) - 2);
  const press = (event: TargetedKeyboardEvent<HTMLDivElement>): void => {
    const row = rows.row(active.row);
    if (event.key === 'Enter' && row) return go(tenantPath(row.tenant));
    if (event.key === ' ' && row) {
      event.preventDefault();
      return pick(row.name);
    }
    const to = moved(active, event, { rows: count, columns, perPage });
    if (!to) return;
    event.preventDefault();
    setActive(to);
    reveal(grid.current, { place: to.row, size, column: to.column });
  };

  const Row = isNarrow ? NarrowRow : GridRow;
  return (
    <div
      ref={grid}
      class={isNarrow ? 'grid narrow' : 'grid'}
      role="grid"
      tabIndex={0}
      aria-label="Tenants and steps: arrow keys move, Enter opens a tenant, space picks it"
      aria-rowcount={count + 1}
      aria-colcount={columns}
      aria-multiselectable
      aria-activedescendant={
        active.row >= first && active.row <= last ? `cell-${active.row}-${active.column}` : undefined
      }
      onKeyDown={press}
      onScroll={({ currentTarget }) => setTop(currentTarget.scrollTop)}
    >
      {!isNarrow && <GridHead page={page} />}
      <div class="grid-body" role="rowgroup" style={{ height: `${count * size}px` }}>
        {Array.from({ length: Math.max(0, last - first + 1) }, (_, offset) => {
          const place = first + offset;
          const row = rows.row(place);
          return (
            <Row
              key={place}
              page={page}
              row={row}
              place={place}
              top={place * size}
              activeColumn={active.row === place ? active.column : undefined}
              isPicked={row !== undefined && picked.has(row.name)}
              pick={pick}
            />
          );
        })}
      </div>
      {rows.matching === 0 && <p class="muted nobody">Nobody matches.</p>}
    </div>
  );
}

/** Brings a row, and a column, to where it is seen: below the head, beside the name. */
function reveal(
  grid: HTMLElement | null,
  { place, size, column }: { readonly place: number; readonly size: number; readonly column: number },
): void {
  if (!grid) return;
  const head = grid.querySelector<HTMLElement>('.grid-head')?.offsetHeight ?? 0;
  const from = place * size;
  if (from < grid.scrollTop) grid.scrollTop = from;
  else if (from + size + head > grid.scrollTop + grid.clientHeight)
    grid.scrollTop = from + size + head - grid.clientHeight;
  const at = grid.querySelectorAll<HTMLElement>('[role=columnheader]')[column];
  if (!at) return;
  const fixed = grid.querySelector<HTMLElement>('[role=columnheader]')?.offsetWidth ?? 0;
  if (column === 0) grid.scrollLeft = 0;
  else if (at.offsetLeft < grid.scrollLeft + fixed) grid.scrollLeft = at.offsetLeft - fixed;
  else if (at.offsetLeft + at.offsetWidth > grid.scrollLeft + grid.clientWidth)
    grid.scrollLeft = at.offsetLeft + at.offsetWidth - grid.clientWidth;
}
