import type { JSX } from 'preact';
import type { Need, NeedKind, NeedsMe } from '../../src/desk/contract.ts';
import { Link } from '../app/link.tsx';
import { useLive } from '../app/live.ts';
import { fleetPath, tenantPath } from '../app/route.ts';
import { Age } from '../parts/age.tsx';
import { Marked } from '../parts/marked.tsx';
import { Notice } from '../parts/notice.tsx';
import { Offers } from '../parts/offers.tsx';
import { Screen } from '../parts/screen.tsx';
import { NEED_MARKS } from '../parts/states.ts';
import { number } from '../words/plural.ts';
import { moment } from '../words/time.ts';

const WORDS: Readonly<Record<NeedKind, string>> = {
  approval: 'awaits approval',
  halted: 'halted',
  paused: 'paused',
  'stands-still': 'stands still',
  held: 'held',
  lost: 'lost',
  unreachable: 'unreachable',
  reverted: 'reverted',
  blocked: 'blocked',
};

/** Everything that waits for a person, over all fleets and tenants. */
export function NeedsScreen(): JSX.Element {
  const live = useLive({ view: 'needs-me' });
  return (
    <Screen title="Needs me" live={live}>
      {(data) => <Needs data={data} />}
    </Screen>
  );
}

function Needs({ data: { needs, counts, unknown } }: { readonly data: NeedsMe }): JSX.Element {
  const kinds = (Object.keys(WORDS) as NeedKind[]).filter((kind) => counts[kind] > 0);
  return (
    <>
      {needs.length === 0 && unknown.length === 0 && (
        <Notice tone="good" sign="✓">
          <p>Nothing waits for anybody.</p>
        </Notice>
      )}
      {kinds.length > 0 && (
        <ul class="tally">
          {kinds.map((kind) => (
            <li key={kind}>
              <Marked mark={NEED_MARKS[kind]}>
                {number(counts[kind])} {WORDS[kind]}
              </Marked>
            </li>
          ))}
        </ul>
      )}
      {unknown.map(({ name, why }) => (
        <Notice key={name} tone="away" sign="?">
          <p>
            Nothing is known of <b>{name}</b>: {why}
          </p>
        </Notice>
      ))}
      <ol class="needs">
        {needs.map((need) => (
          <NeedItem key={need.id} need={need} />
        ))}
      </ol>
    </>
  );
}

function NeedItem({ need }: { readonly need: Need }): JSX.Element {
  const { kind, since, reason, hint, again, offers } = need;
  const who = need.name ?? need.fleet ?? '';
  return (
    <li class={`need tone-edge-${NEED_MARKS[kind].tone}`}>
      <h2>
        <Marked mark={NEED_MARKS[kind]}>{WORDS[kind]}</Marked> <Subject need={need} />
        <span class="muted since">
          for <Age at={since} />
        </span>
      </h2>
      <p>{reason}</p>
      {hint !== undefined && <p class="hint">{hint}</p>}
      {again !== undefined && <p class="muted">It is tried again by itself at {moment(again)}.</p>}
      <Offers offers={offers} about={who} words />
    </li>
  );
}

/** Whom it is about: a tenant, a wave, a fleet; each leads to its page. */
function Subject({ need: { fleet, wave, name, tenant } }: { readonly need: Need }): JSX.Element {
  return (
    <>
      {tenant && <Link to={tenantPath(tenant)}>{name ?? `${tenant.context}/${tenant.namespace}`}</Link>}
      {!tenant && wave !== undefined && <b>wave {wave}</b>}
      {fleet !== undefined && (
        <>
          {tenant || wave !== undefined ? <span class="muted"> of </span> : ''}
          <Link to={fleetPath(fleet)}>{fleet}</Link>
        </>
      )}
    </>
  );
}
