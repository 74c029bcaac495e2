import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { ApiError, RowsAnswer, TenantRow } from '../../src/desk/contract.ts';
import { get, problemIn, queryOf } from '../app/api.ts';
import type { Filter } from './filter.ts';

/** Rows are fetched by pages of so many, those that are seen only. */
const PAGE = 100;
/** Pages that are kept: what was seen long ago is fetched again. */
const KEPT = 12;
/** While tenants change all the time, what is shown is fetched this often at most. */
const AGAIN_MS = 2_000;

export interface Rows {
  /** Absent: not known yet. */
  readonly matching?: number;
  readonly total?: number;
  readonly counts: RowsAnswer['counts'];
  readonly problem?: ApiError['error'];
  /** Undefined where it is still being fetched. */
  readonly row: (place: number) => TenantRow | undefined;
  /** Sees to it that these are there. */
  readonly want: (first: number, last: number) => void;
}

interface Known {
  readonly key: string;
  readonly head?: Pick<RowsAnswer, 'matching' | 'total' | 'counts'>;
  readonly pages: ReadonlyMap<number, RowsAnswer>;
  readonly problem?: ApiError['error'];
}

/** The rows of a fleet that match, fetched as they are looked at, and again when they have changed. */
export function useRows(fleet: string, filter: Filter, rowsVersion: number): Rows {
  const key = useMemo(() => `${fleet} ${queryOf(filter)}`, [fleet, filter]);
  const [known, setKnown] = useState<Known>({ key, pages: new Map() });
  const wanted = useRef<readonly [number, number]>([0, 0]);
  const under = useRef(new Map<number, AbortController>());
  const now = known.key === key ? known : { key, pages: new Map<number, RowsAnswer>() };
  const shown = useRef(now);
  shown.current = now;

  const load = useCallback(
    (page: number): void => {
      if (under.current.has(page)) return;
      const abort = new AbortController();
      under.current.set(page, abort);
      const query = queryOf({ ...filter, offset: page * PAGE, limit: PAGE });
      get<RowsAnswer>(`/fleets/${encodeURIComponent(fleet)}/tenants?${query}`, abort.signal)
        .then(
          (answer) => setKnown((before) => withPage(before, { key, page, answer })),
          (error: unknown) => {
            if (!abort.signal.aborted)
              setKnown((before) => ({ ...ofKey(before, key), problem: problemIn(error) }));
          },
        )
        .finally(() => {
          if (under.current.get(page) === abort) under.current.delete(page);
        });
    },
    [fleet, filter, key],
  );

  // Another filter: what is under way for the one before is of no use.
  useEffect(() => {
    wanted.current = [0, 0];
    load(0);
    const started = under.current;
    return () => {
      started.forEach((abort) => abort.abort());
      started.clear();
    };
  }, [load]);

  useAgain(rowsVersion, () => {
    const [first, last] = wanted.current;
    for (let page = first; page <= last; page += 1) load(page);
  });

  const want = useCallback(
    (first: number, last: number): void => {
      wanted.current = [Math.floor(first / PAGE), Math.floor(last / PAGE)];
      for (let page = wanted.current[0]; page <= wanted.current[1]; page += 1)
        if (!shown.current.pages.has(page)) load(page);
    },
    [load],
  );
  const row = useCallback(
    (place: number) => now.pages.get(Math.floor(place / PAGE))?.rows[place % PAGE],
    [now.pages],
  );
  return {
    ...now.head,
    counts: now.head?.counts ?? {},
    row,
    want,
    ...(now.problem ? { problem: now.problem } : {}),
  };
}

const ofKey = (before: Known, key: string): Known =>
  before.key === key ? before : { key, pages: new Map() };

function withPage(
  before: Known,
  { key, page, answer }: { readonly key: string; readonly page: number; readonly answer: RowsAnswer },
): Known {
  const { pages } = ofKey(before, key);
  const others = [...pages].filter(([place]) => place !== page).slice(-KEPT + 1);
  const { matching, total, counts } = answer;
  return { key, head: { matching, total, counts }, pages: new Map([...others, [page, answer]]) };
}

/** Calls it when the version has changed, and not more often than may be. */
function useAgain(version: number, again: () => void): void {
  const latest = useRef(again);
  latest.current = again;
  const first = useRef(version);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => {
    if (version === first.current) return;
    first.current = version;
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      latest.current();
    }, AGAIN_MS);
  }, [version]);
  useEffect(() => () => clearTimeout(timer.current), []);
}
