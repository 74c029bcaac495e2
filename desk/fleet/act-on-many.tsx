import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { FleetAct, FleetPage, RowsAnswer } from '../../src/desk/contract.ts';
import type { TenantChoice } from '../../src/domain/fleet/fleet-upgrade.ts';
import { get, problemIn, queryOf } from '../app/api.ts';
import { mayDo, useDesk } from '../app/desk.ts';
import { number, plural } from '../words/plural.ts';
import type { Filter } from './filter.ts';
import { isNarrowed } from './filter.ts';
import type { Rows } from './rows.ts';

interface ActOnManyProps {
  readonly page: FleetPage;
  readonly filter: Filter;
  readonly rows: Rows;
  readonly picked: ReadonlySet<string>;
  readonly clear: () => void;
}

/** Of more than so many that a filter has found, each would have to be named. */
const MOST_NAMED = 500;

const VERBS = ['retry', 'skip', 'revert'] as const;
type Verb = (typeof VERBS)[number];

const SAYS: Readonly<Record<Verb, (choice: TenantChoice) => FleetAct>> = {
  retry: (choice) => ({ act: 'retry', choice }),
  skip: (choice) => ({ act: 'skip', choice }),
  revert: (choice) => ({ act: 'revert', choice }),
};

/** What may be said to those that were picked, or to all that are shown. */
export function ActOnMany({ page, filter, rows, picked, clear }: ActOnManyProps): JSX.Element | null {
  const { info, act, say } = useDesk();
  const [problem, setProblem] = useState('');
  if (!mayDo(info, 'operate')) return null;
  const fleet = page.progress.name;
  const whom = picked.size > 0 ? `the ${plural(picked.size, 'tenant')} picked` : shownWords(rows, filter);
  const tooMany = picked.size === 0 && isTooMany(rows, filter);

  const ask = (verb: Verb): void => {
    setProblem('');
    choiceOf({ fleet, filter, picked }).then(
      (choice) => act({ fleet, ...SAYS[verb](choice) }, `${verb}: ${whom}`),
      (error: unknown) => {
        setProblem(problemIn(error).message);
        say(problemIn(error).message);
      },
    );
  };
  return (
    <div class="many" role="group" aria-label="Say it to several tenants">
      <span>For {whom}:</span>
      {VERBS.filter((verb) => verb !== 'revert' || mayDo(info, 'harm')).map((verb) => (
        <button
          key={verb}
          type="button"
          class={verb === 'revert' ? 'harmful' : undefined}
          disabled={tooMany || (picked.size === 0 && rows.matching === 0)}
          onClick={() => ask(verb)}
        >
          {verb}
        </button>
      ))}
      {picked.size > 0 && (
        <button type="button" class="quiet" onClick={clear}>
          pick nobody
        </button>
      )}
      {tooMany && <span class="muted">narrow it to {number(MOST_NAMED)} at most, or to a whole wave</span>}
      {problem !== '' && <span class="tone-bad">{problem}</span>}
    </div>
  );
}

/** A whole wave, and the whole fleet, have names of their own. */
function ownChoice(filter: Filter): TenantChoice | undefined {
  if (!isNarrowed(filter)) return { all: true };
  const { wave, sort: _, ...others } = filter;
  const [only] = wave ?? [];
  return only !== undefined && wave?.length === 1 && Object.keys(others).length === 0
    ? { wave: only }
    : undefined;
}

const isTooMany = (rows: Rows, filter: Filter): boolean =>
  ownChoice(filter) === undefined && (rows.matching ?? 0) > MOST_NAMED;

const shownWords = (rows: Rows, filter: Filter): string =>
  isNarrowed(filter) ? `the ${plural(rows.matching ?? 0, 'tenant')} shown` : 'the whole fleet';

async function choiceOf({
  fleet,
  filter,
  picked,
}: {
  readonly fleet: string;
  readonly filter: Filter;
  readonly picked: ReadonlySet<string>;
}): Promise<TenantChoice> {
  if (picked.size > 0) return { tenants: [...picked] };
  const own = ownChoice(filter);
  if (own) return own;
  const query = queryOf({ ...filter, limit: MOST_NAMED });
  const { rows } = await get<RowsAnswer>(`/fleets/${encodeURIComponent(fleet)}/tenants?${query}`);
  return { tenants: rows.map(({ name }) => name) };
}
