import type { HTMLAttributes, JSX } from 'preact';
import type { FleetPage, TenantRow } from '../../src/desk/contract.ts';
import type { StepStatus } from '../../src/domain/tenant/progress.ts';
import { Link } from '../app/link.tsx';
import { tenantPath } from '../app/route.ts';
import { Age } from '../parts/age.tsx';
import { Marked } from '../parts/marked.tsx';
import { STEP_MARKS, TENANT_MARKS } from '../parts/states.ts';
import { steady } from '../parts/steady.ts';
import { FACTS, stepCount, stepsOfRow } from './columns.ts';

export interface RowProps {
  readonly page: FleetPage;
  /** Absent: still being fetched. */
  readonly row: TenantRow | undefined;
  readonly place: number;
  /** px. */
  readonly top: number;
  readonly activeColumn: number | undefined;
  readonly isPicked: boolean;
  readonly pick: (name: string) => void;
}

/** One tenant: its name and state, then a cell for each of its steps. */
export const GridRow = steady(function GridRow({
  page,
  row,
  place,
  top,
  activeColumn,
  isPicked,
  pick,
}: RowProps) {
  const cell = (column: number): HTMLAttributes<HTMLDivElement> & { readonly 'aria-colindex': number } => ({
    id: `cell-${place}-${column}`,
    role: 'gridcell',
    'aria-colindex': column + 1,
    class: column === activeColumn ? 'active' : '',
  });
  const outer = {
    role: 'row',
    'aria-rowindex': place + 2,
    'aria-selected': isPicked,
    class: isPicked ? 'grid-row picked' : 'grid-row',
    style: { transform: `translateY(${top}px)` },
  } as const;
  if (!row)
    return (
      <div {...outer}>
        <div {...cell(0)} class="fact muted">
          …
        </div>
      </div>
    );
  const { name, state, wave, since, failure, steps, unread } = row;
  const columns = stepsOfRow(page, row);
  return (
    <div {...outer} title={failure?.message}>
      <div {...cell(0)} class={`fact fact-name${activeColumn === 0 ? ' active' : ''}`}>
        <input
          type="checkbox"
          tabIndex={-1}
          checked={isPicked}
          onChange={() => pick(name)}
          aria-label={`Pick ${name}`}
        />
        <Link to={tenantPath(row.tenant)}>{name}</Link>
      </div>
      <div {...cell(1)} class={`fact fact-state${activeColumn === 1 ? ' active' : ''}`}>
        <Marked mark={TENANT_MARKS[state]}>{state}</Marked>
      </div>
      <div {...cell(2)} class={`fact fact-wave muted${activeColumn === 2 ? ' active' : ''}`}>
        {wave}
      </div>
      <div {...cell(3)} class={`fact fact-since muted${activeColumn === 3 ? ' active' : ''}`}>
        {since !== '' && <Age at={since} />}
      </div>
      {Array.from({ length: stepCount(page) }, (_, step) => (
        <StepCell
          key={step}
          id={`cell-${place}-${FACTS.length + step}`}
          column={FACTS.length + step + 1}
          title={columns[step]?.title}
          status={steps?.[step]}
          isUnread={unread === true}
          isCrossing={columns[step]?.pointOfNoReturn === true}
          isActive={activeColumn === FACTS.length + step}
        />
      ))}
    </div>
  );
});

interface StepCellProps {
  readonly id: string;
  readonly column: number;
  /** Absent: its path has fewer steps. */
  readonly title: string | undefined;
  readonly status: StepStatus | undefined;
  readonly isUnread: boolean;
  readonly isCrossing: boolean;
  readonly isActive: boolean;
}

/** Its sign is drawn, its words are in its label. */
function StepCell({ id, column, title, status, isUnread, isCrossing, isActive }: StepCellProps): JSX.Element {
  const mark = status
    ? STEP_MARKS[status]
    : isUnread
      ? { sign: '?', tone: 'away' }
      : { sign: '', tone: 'wait' };
  const words = status ?? (isUnread ? 'not known' : 'not begun');
  return (
    <div
      id={id}
      role="gridcell"
      aria-colindex={column}
      class={`step tone-${mark.tone}${isCrossing ? ' no-return' : ''}${isActive ? ' active' : ''}`}
      aria-label={title === undefined ? 'no such step' : `${title}: ${words}`}
      title={title === undefined ? undefined : `${title}: ${words}`}
    >
      {mark.sign}
    </div>
  );
}
