import type { JSX } from 'preact';
import type { FleetPage } from '../../src/desk/contract.ts';
import { Link } from '../app/link.tsx';
import { useLive } from '../app/live.ts';
import type { Page } from '../app/route.ts';
import { fleetPath } from '../app/route.ts';
import { FleetHead } from '../fleet/head.tsx';
import { Journal } from '../fleet/journal.tsx';
import { Matrix } from '../fleet/matrix.tsx';
import { Overview } from '../fleet/overview.tsx';
import { Windows } from '../fleet/windows.tsx';
import { Screen } from '../parts/screen.tsx';

type Part = Extract<Page, { readonly fleet: string }>['page'];

const PARTS: readonly {
  readonly part: Part;
  readonly word: string;
  readonly path?: 'tenants' | 'windows' | 'journal';
}[] = [
  { part: 'fleet', word: 'Overview' },
  { part: 'fleet-tenants', word: 'Tenants × steps', path: 'tenants' },
  { part: 'fleet-windows', word: 'Windows', path: 'windows' },
  { part: 'fleet-journal', word: 'Journal', path: 'journal' },
];

export function FleetScreen({ fleet, part }: { readonly fleet: string; readonly part: Part }): JSX.Element {
  const live = useLive({ view: 'fleet', fleet });
  return (
    <Screen
      title={fleet}
      live={live}
      head={(data, fresh) => <FleetHead page={data} fresh={fresh} isShort={part !== 'fleet'} />}
    >
      {(data) => (
        <>
          <nav class="tabs" aria-label={`Parts of ${fleet}`}>
            {PARTS.map((one) => (
              <Link key={one.part} to={fleetPath(fleet, one.path)} current={one.part === part}>
                {one.word}
              </Link>
            ))}
          </nav>
          <PartShown part={part} page={data} rowsVersion={live.rows?.rowsVersion ?? data.rowsVersion} />
        </>
      )}
    </Screen>
  );
}

interface PartProps {
  readonly part: Part;
  readonly page: FleetPage;
  readonly rowsVersion: number;
}

function PartShown({ part, page, rowsVersion }: PartProps): JSX.Element {
  switch (part) {
    case 'fleet':
      return <Overview page={page} />;
    case 'fleet-tenants':
      return <Matrix page={page} rowsVersion={rowsVersion} />;
    case 'fleet-windows':
      return <Windows windows={page.windows} />;
    case 'fleet-journal':
      return <Journal entries={page.progress.journal} />;
  }
}
