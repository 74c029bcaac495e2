import type { JSX } from 'preact';
import type { FleetTenantState, StateCounts } from '../../src/domain/fleet/tenant/states.ts';
import { statesThat, WAITING } from '../../src/domain/fleet/tenant/states.ts';
import { Link } from '../app/link.tsx';
import { fleetPath } from '../app/route.ts';
import { number } from '../words/plural.ts';
import { Marked } from './marked.tsx';
import { TENANT_MARKS } from './states.ts';

/** As the command counts: what is done comes first, and what has not begun last. */
const ORDER: readonly FleetTenantState[] = [
  ...statesThat(({ share }) => share === 'upgraded'),
  ...statesThat(({ share }) => share !== 'upgraded' && share !== 'waiting'),
  ...WAITING.toReversed(),
];

interface CountsProps {
  readonly counts: StateCounts;
  readonly fleet: string;
  readonly wave?: string;
}

/** `412 upgraded, 12 running`: each leads to those tenants. */
export function Counts({ counts, fleet, wave }: CountsProps): JSX.Element {
  return (
    <ul class="counts">
      {ORDER.filter((state) => counts[state] > 0).map((state) => (
        <li key={state}>
          <Link
            to={fleetPath(
              fleet,
              'tenants',
              new URLSearchParams({ state, ...(wave === undefined ? {} : { wave }) }).toString(),
            )}
          >
            <Marked mark={TENANT_MARKS[state]}>
              {number(counts[state])} {state}
            </Marked>
          </Link>
        </li>
      ))}
    </ul>
  );
}
