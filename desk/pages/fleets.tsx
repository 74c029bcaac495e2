import type { JSX } from 'preact';
import type { FleetRow } from '../../src/desk/contract.ts';
import { Link } from '../app/link.tsx';
import { useLive } from '../app/live.ts';
import { fleetPath } from '../app/route.ts';
import { Age } from '../parts/age.tsx';
import { Counts } from '../parts/counts.tsx';
import { Marked } from '../parts/marked.tsx';
import { Screen } from '../parts/screen.tsx';
import { PHASE_MARKS } from '../parts/states.ts';
import { ShareBar } from '../parts/share-bar.tsx';
import { plural } from '../words/plural.ts';

export function FleetsScreen(): JSX.Element {
  const live = useLive({ view: 'fleets' });
  return (
    <Screen title="Fleets" live={live}>
      {({ fleets }) =>
        fleets.length === 0 ? (
          <p>
            No fleet was started here. A first one: <code>threescale-upgrade fleet discover</code>
          </p>
        ) : (
          <ul class="cards">
            {fleets.map((fleet) => (
              <FleetCard key={`${fleet.name} ${fleet.startedAt}`} fleet={fleet} />
            ))}
          </ul>
        )
      }
    </Screen>
  );
}

function FleetCard({ fleet }: { readonly fleet: FleetRow }): JSX.Element {
  const { name, phase, stand, path, startedAt, endedAt, total, counts, needs = 0, kept } = fleet;
  return (
    <li class="card">
      <h2>
        <Link to={fleetPath(name)}>{name}</Link>
        {phase ? (
          <Marked mark={PHASE_MARKS[phase]}>{phase}</Marked>
        ) : (
          <Marked mark={{ sign: '?', tone: 'away' }}>{stand}</Marked>
        )}
      </h2>
      {counts && total !== undefined && (
        <>
          <ShareBar counts={counts} total={total} label={`${name}, all tenants`} />
          <Counts counts={counts} fleet={name} />
        </>
      )}
      <p class="muted">
        {path !== undefined && `${path} · `}
        {total !== undefined && `${plural(total, 'tenant')} · `}
        began <Age at={startedAt} /> ago
        {endedAt !== undefined && (
          <>
            , ended <Age at={endedAt} /> ago
          </>
        )}
        {kept && ' · known from its kept report only'}
      </p>
      {needs > 0 && (
        <p>
          <Marked mark={{ sign: '✗', tone: 'bad' }}>{needs} need somebody</Marked>
        </p>
      )}
    </li>
  );
}
