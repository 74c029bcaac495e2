import { useEffect, useState } from 'preact/hooks';
import type { TenantRef } from '../../src/domain/tenant/tenant.ts';

/** Where somebody is: all that the address says, so that it can be sent to a colleague. */
export interface Place {
  readonly path: string;
  readonly query: URLSearchParams;
}

const here = (): Place => ({ path: location.pathname, query: new URLSearchParams(location.search) });

const MOVED = 'desk:moved';

/** Goes there; `replace` leaves no step for the back button, as for each letter of a filter. */
export function go(to: string, replace = false): void {
  if (to === location.pathname + location.search) return;
  if (replace) history.replaceState(null, '', to);
  else history.pushState(null, '', to);
  dispatchEvent(new Event(MOVED));
}

export function usePlace(): Place {
  const [place, setPlace] = useState(here);
  useEffect(() => {
    const moved = (): void => setPlace(here());
    addEventListener('popstate', moved);
    addEventListener(MOVED, moved);
    return () => {
      removeEventListener('popstate', moved);
      removeEventListener(MOVED, moved);
    };
  }, []);
  return place;
}

/** The pages, by their addresses. */
export type Page =
  | { readonly page: 'needs-me' | 'fleets' | 'tenants' }
  | { readonly page: 'fleet' | 'fleet-tenants' | 'fleet-windows' | 'fleet-journal'; readonly fleet: string }
  | ({ readonly page: 'tenant' } & TenantRef)
  | { readonly page: 'nowhere' };

export function pageAt({ path, query }: Place): Page {
  const [first, second, third] = path.split('/').filter(Boolean).map(decoded);
  if (first === undefined) return { page: 'needs-me' };
  if (first === 'fleets' && second === undefined) return { page: 'fleets' };
  if (first === 'fleets' && second !== undefined) {
    if (third === undefined) return { page: 'fleet', fleet: second };
    if (third === 'tenants' || third === 'windows' || third === 'journal')
      return { page: `fleet-${third}`, fleet: second };
  }
  if (first === 'tenants' && second === undefined) return { page: 'tenants' };
  if (first === 'tenants' && second !== undefined && third !== undefined)
    return { page: 'tenant', context: second, namespace: third, cluster: query.get('cluster') ?? '' };
  return { page: 'nowhere' };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

export const fleetPath = (fleet: string, part?: 'tenants' | 'windows' | 'journal', query = ''): string =>
  `/fleets/${encodeURIComponent(fleet)}${part ? `/${part}` : ''}${query === '' ? '' : `?${query}`}`;

export const tenantPath = ({ cluster, context, namespace }: TenantRef): string =>
  `/tenants/${encodeURIComponent(context)}/${encodeURIComponent(namespace)}?${new URLSearchParams({ cluster }).toString()}`;
