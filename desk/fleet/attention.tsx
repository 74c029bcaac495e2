import type { JSX } from 'preact';
import type { FleetPage } from '../../src/desk/contract.ts';
import type { TenantLine } from '../../src/domain/fleet/show/tenant-lines.ts';
import { NEEDS_SOMEBODY } from '../../src/domain/fleet/tenant/states.ts';
import { Link } from '../app/link.tsx';
import { fleetPath, tenantPath } from '../app/route.ts';
import { Age } from '../parts/age.tsx';
import { Marked } from '../parts/marked.tsx';
import { TENANT_MARKS } from '../parts/states.ts';
import { number } from '../words/plural.ts';
import { moment } from '../words/time.ts';

/** The first of each kind are named here; all of them stand among the tenants. */
const NAMED = 3;

/** Tenants that need somebody, kind by kind. */
export function Attention({ page }: { readonly page: FleetPage }): JSX.Element | null {
  const { attention, counts, name, phase } = page.progress;
  const kinds = NEEDS_SOMEBODY.filter((state) => counts[state] > 0);
  if (kinds.length === 0) return null;
  return (
    <section aria-labelledby="attention" class="wide">
      <h2 id="attention">Needs somebody</h2>
      {kinds.map((state) => {
        const lines = attention.filter((line) => line.state === state).slice(0, NAMED);
        const hidden = counts[state] - lines.length;
        return (
          <div key={state} class="attention">
            <h3>
              <Marked mark={TENANT_MARKS[state]}>
                {number(counts[state])} {state}
              </Marked>
            </h3>
            <ul>
              {lines.map((line) => (
                <AttentionLine key={line.name} line={line} isEnded={phase === 'ended'} />
              ))}
            </ul>
            {hidden > 0 && (
              <p>
                <Link to={fleetPath(name, 'tenants', `state=${state}`)}>
                  and {number(hidden)} more that are {state}
                </Link>
              </p>
            )}
          </div>
        );
      })}
    </section>
  );
}

function AttentionLine({
  line,
  isEnded,
}: {
  readonly line: TenantLine;
  readonly isEnded: boolean;
}): JSX.Element {
  const { name, tenant, wave, since, attempts, failure, notBefore } = line;
  return (
    <li>
      <Link to={tenantPath(tenant)}>{name}</Link>{' '}
      <span class="muted">
        wave {wave}
        {since !== '' && (
          <>
            , for <Age at={since} />
          </>
        )}
        {attempts > 1 && `, attempt ${attempts}`}
      </span>{' '}
      {failure?.message}
      {notBefore !== undefined && !isEnded && (
        <span class="muted"> Is tried again at {moment(notBefore)}.</span>
      )}
      {failure?.hint !== undefined && <p class="hint">{failure.hint}</p>}
    </li>
  );
}
