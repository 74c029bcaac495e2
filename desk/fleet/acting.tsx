import type { JSX } from 'preact';
import type { FleetPage } from '../../src/desk/contract.ts';
import { countOf, UNDER_WAY } from '../../src/domain/fleet/tenant/states.ts';
import { Link } from '../app/link.tsx';
import { fleetPath, tenantPath } from '../app/route.ts';
import { Age } from '../parts/age.tsx';
import { Marked } from '../parts/marked.tsx';
import { TENANT_MARKS } from '../parts/states.ts';
import { number } from '../words/plural.ts';

const SHOWN = 14;

/** Who has a slot, in which step, since when. */
export function ActingNow({ page }: { readonly page: FleetPage }): JSX.Element {
  const { acting, slots, progress } = page;
  const shown = acting.slice(0, SHOWN);
  const hidden = countOf(progress.counts, UNDER_WAY) - shown.length;
  return (
    <section aria-labelledby="acting" class="wide">
      <h2 id="acting">
        Acting now{' '}
        <span class="muted">
          {slots.taken} of {slots.of} slots taken
        </span>
      </h2>
      <Slots taken={slots.taken} of={slots.of} />
      {shown.length === 0 ? (
        <p class="muted">Nobody is under way.</p>
      ) : (
        <ul class="acting">
          {shown.map((one) => (
            <li key={one.name}>
              <span>
                <Marked mark={TENANT_MARKS[one.state]}>{one.hasSlot ? '' : `${one.state}, no slot`}</Marked>{' '}
                <Link to={tenantPath(one.tenant)}>{one.name}</Link>
              </span>
              <span>{one.at}</span>
              <span class="muted">
                {one.attempts > 1 && `attempt ${one.attempts}, `}
                <Age at={one.atSince ?? one.since} />
              </span>
            </li>
          ))}
        </ul>
      )}
      {hidden > 0 && (
        <p>
          <Link
            to={fleetPath(progress.name, 'tenants', UNDER_WAY.map((state) => `state=${state}`).join('&'))}
          >
            and {number(hidden)} more under way
          </Link>
        </p>
      )}
    </section>
  );
}

/** A slot is a cell, as long as there are few. */
function Slots({ taken, of }: { readonly taken: number; readonly of: number }): JSX.Element {
  const share = of === 0 ? 0 : Math.min(1, taken / of);
  return (
    <svg class="slots" viewBox="0 0 1000 8" preserveAspectRatio="none" aria-hidden="true">
      <rect class="fill-empty" width="1000" height="8" />
      <rect class="fill-busy" width={share * 1_000} height="8" />
    </svg>
  );
}
