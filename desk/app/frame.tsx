import type { JSX } from 'preact';
import { FleetScreen } from '../pages/fleet.tsx';
import { FleetsScreen } from '../pages/fleets.tsx';
import { NeedsScreen } from '../pages/needs.tsx';
import { TenantScreen } from '../pages/tenant.tsx';
import { TenantsScreen } from '../pages/tenants.tsx';
import { post } from './api.ts';
import { useDesk } from './desk.ts';
import { Link } from './link.tsx';
import type { Page } from './route.ts';
import { pageAt, usePlace } from './route.ts';
import { useTheme } from './theme.ts';

/** What stands around every page: where to go, who looks, and what may be done here. */
export function Frame({ leave }: { readonly leave: () => void }): JSX.Element {
  const { info } = useDesk();
  const page = pageAt(usePlace());
  return (
    <>
      <a class="skip" href="#main">
        Skip to the content
      </a>
      <header class="top">
        <nav aria-label="Pages">
          <Link to="/" current={page.page === 'needs-me'}>
            Needs me
          </Link>
          <Link to="/fleets" current={page.page.startsWith('fleet')}>
            Fleets
          </Link>
          <Link to="/tenants" current={page.page === 'tenants' || page.page === 'tenant'}>
            Single tenants
          </Link>
        </nav>
        <Who leave={leave} />
      </header>
      {info.readOnly !== undefined && <p class="read-only">Read-only: {info.readOnly}</p>}
      <main id="main" tabIndex={-1}>
        <Shown page={page} />
      </main>
      <footer class="muted">
        threescale-upgrade {info.release} · Temporal at {info.temporal}
        {info.temporalUi !== undefined && (
          <>
            {' · '}
            <a href={info.temporalUi} rel="noreferrer">
              Temporal’s own page
            </a>
          </>
        )}
      </footer>
    </>
  );
}

function Who({ leave }: { readonly leave: () => void }): JSX.Element {
  const { info } = useDesk();
  const [theme, next] = useTheme();
  const { name, role } = info.user;
  const logout = (): void => void post('/logout', {}).then(leave, leave);
  return (
    <div class="who">
      <span class="muted">{info.readOnly === undefined ? `${name}, role ${role}` : name}</span>
      <button type="button" class="quiet" onClick={next} aria-label={`Colours: ${theme}. Change them`}>
        {theme === 'system' ? '◐' : theme === 'light' ? '○' : '●'} {theme}
      </button>
      {info.logsOut && (
        <button type="button" class="quiet" onClick={logout}>
          log out
        </button>
      )}
    </div>
  );
}

function Shown({ page }: { readonly page: Page }): JSX.Element {
  switch (page.page) {
    case 'needs-me':
      return <NeedsScreen />;
    case 'fleets':
      return <FleetsScreen />;
    case 'tenants':
      return <TenantsScreen />;
    case 'fleet':
    case 'fleet-tenants':
    case 'fleet-windows':
    case 'fleet-journal':
      return <FleetScreen key={page.fleet} fleet={page.fleet} part={page.page} />;
    case 'tenant': {
      const { cluster, context, namespace } = page;
      return (
        <TenantScreen key={`${cluster} ${context} ${namespace}`} tenant={{ cluster, context, namespace }} />
      );
    }
    case 'nowhere':
      return (
        <>
          <h1>There is no such page</h1>
          <p>
            <Link to="/">What needs me</Link> is where to begin.
          </p>
        </>
      );
  }
}
