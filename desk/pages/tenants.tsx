import type { JSX } from 'preact';
import type { SingleTenant } from '../../src/desk/contract.ts';
import { Link } from '../app/link.tsx';
import { useLive } from '../app/live.ts';
import { tenantPath } from '../app/route.ts';
import { Age } from '../parts/age.tsx';
import { Marked } from '../parts/marked.tsx';
import { Screen } from '../parts/screen.tsx';
import { markOf } from '../parts/states.ts';

/** Those that were started by themselves. */
export function TenantsScreen(): JSX.Element {
  const live = useLive({ view: 'tenants' });
  return (
    <Screen title="Single tenants" live={live}>
      {({ tenants }) =>
        tenants.length === 0 ? (
          <p>
            No tenant was started by itself here. Those of fleets stand on{' '}
            <Link to="/fleets">their fleet’s page</Link>.
          </p>
        ) : (
          <ul class="cards">
            {tenants.map((tenant) => (
              <TenantCard key={`${tenant.name} ${tenant.runId}`} tenant={tenant} />
            ))}
          </ul>
        )
      }
    </Screen>
  );
}

function TenantCard({ tenant: one }: { readonly tenant: SingleTenant }): JSX.Element {
  const {
    tenant,
    name,
    state,
    step,
    since,
    startedAt,
    by,
    paused,
    standsStill,
    endedFromOutside,
    unknown,
    kept,
  } = one;
  return (
    <li class="card">
      <h2>
        <Link to={tenantPath(tenant)}>{name}</Link>
        <Marked mark={markOf(state)}>{state ?? 'not known'}</Marked>
      </h2>
      <p>
        {step !== undefined && `${step}, `}
        {since !== '' && (
          <>
            for <Age at={since} />
          </>
        )}
      </p>
      <p class="muted">
        began <Age at={startedAt} /> ago{by !== undefined && `, by ${by}`}
        {kept && ' · known from its kept report only'}
      </p>
      {paused && (
        <p>
          <Marked mark={{ sign: '‖', tone: 'warn' }}>paused</Marked>
        </p>
      )}
      {standsStill && (
        <p>
          <Marked mark={{ sign: '○', tone: 'away' }}>stands still: no worker answers</Marked>
        </p>
      )}
      {endedFromOutside !== undefined && (
        <p>
          <Marked mark={{ sign: '!', tone: 'bad' }}>{endedFromOutside}</Marked>
        </p>
      )}
      {unknown !== undefined && <p class="tone-away">{unknown}</p>}
    </li>
  );
}
