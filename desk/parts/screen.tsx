import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Standing, ViewData, ViewName } from '../../src/desk/contract.ts';
import { useNow } from '../app/clock.ts';
import { useDesk } from '../app/desk.ts';
import type { Live } from '../app/live.ts';
import type { Connection } from '../app/stream.ts';
import { moment } from '../words/time.ts';
import { Age } from './age.tsx';
import { Notice, Problem } from './notice.tsx';

interface ScreenProps<V extends ViewName> {
  readonly title: string;
  readonly live: Live<V>;
  /** Shown once there is something to show. */
  readonly children: (data: ViewData[V]) => ComponentChildren;
  /** In the place of the plain heading. */
  readonly head?: (data: ViewData[V], fresh: JSX.Element | null) => ComponentChildren;
}

/** A page with a view of its own: whether it is live, how old it is, and then what it shows. */
export function Screen<V extends ViewName>({ title, live, head, children }: ScreenProps<V>): JSX.Element {
  const { answer, connection, retry } = live;
  useEffect(() => {
    document.title = `${title} — 3scale upgrades`;
  }, [title]);
  useSaidConnection(connection);
  const { data, standing } = answer;
  const isFresh = connection.kind === 'live' && !standing.away && standing.readAt !== undefined;
  const fresh = isFresh ? <Fresh /> : null;
  return (
    <>
      {data !== undefined && head ? (
        head(data, fresh)
      ) : (
        <div class="head">
          <h1>{title}</h1>
          {fresh}
        </div>
      )}
      <Freshness connection={connection} standing={standing} retry={retry} hasData={data !== undefined} />
      {data === undefined
        ? connection.kind !== 'refused' && !standing.away && <p class="muted waiting">Asking Temporal …</p>
        : children(data)}
    </>
  );
}

const Fresh = (): JSX.Element => (
  <span class="fresh muted">
    <span class="sign tone-good" aria-hidden="true">
      ●
    </span>
    live
  </span>
);

interface FreshnessProps {
  readonly connection: Connection;
  readonly standing: Standing;
  readonly retry: () => void;
  readonly hasData: boolean;
}

/** Nothing is shown as if it were now where it is not. */
function Freshness({ connection, standing, retry, hasData }: FreshnessProps): JSX.Element {
  const seen =
    standing.readAt === undefined ? (
      'nothing has been seen yet'
    ) : (
      <>
        as last seen <Age at={standing.readAt} /> ago
      </>
    );
  return (
    <>
      {connection.kind === 'refused' && <Problem problem={connection.problem} />}
      {connection.kind === 'broken' && (
        <Notice tone="away" sign="?">
          <p>
            {connection.answers
              ? `What is new does not come by itself since ${moment(connection.sinceMs)}: the stream of this page is broken.`
              : `The server of this page does not answer since ${moment(connection.sinceMs)}.`}{' '}
            {hasData ? seen : ''} <RetryIn ms={connection.retryMs} />{' '}
            <button type="button" class="quiet" onClick={retry}>
              Try now
            </button>
          </p>
        </Notice>
      )}
      {connection.kind !== 'broken' && standing.away && (
        <Notice tone="away" sign="?">
          <p>
            Nobody answers since {moment(standing.away.since)}: {standing.away.why}{' '}
            {hasData ? <>This is {seen}.</> : ''}
          </p>
        </Notice>
      )}
    </>
  );
}

function RetryIn({ ms }: { readonly ms: number }): JSX.Element {
  useNow();
  const seconds = Math.max(0, Math.ceil((ms - Date.now()) / 1_000));
  return <>It is tried again {seconds === 0 ? 'now' : `in ${seconds} s`}.</>;
}

/** Said once for each break, and once when it is over: to whoever does not see it. */
function useSaidConnection({ kind }: Connection): void {
  const { say } = useDesk();
  const before = useRef(kind);
  useEffect(() => {
    if (kind === 'broken' && before.current !== 'broken')
      say('The connection is broken: what is shown grows old.');
    if (kind === 'live' && before.current === 'broken') say('The connection is back: what is shown is live.');
    before.current = kind;
  }, [kind, say]);
}
