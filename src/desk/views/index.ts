import type { ViewData, ViewName, ViewRequest } from '../contract.ts';
import type { Source } from '../source/source.ts';
import { fleetView } from './fleet.ts';
import { fleetsView } from './fleets.ts';
import { needsView } from './needs-me.ts';
import { tenantView } from './tenant.ts';
import { tenantsView } from './tenants.ts';

/** How often a view is looked at anew while somebody looks, ms: what moves more often than lists of what does. */
export const EVERY_MS: Readonly<Record<ViewName, number>> = {
  fleet: 2_000,
  tenant: 2_000,
  'needs-me': 4_000,
  fleets: 4_000,
  tenants: 10_000,
};

/** What a view shows now. Throws as the command does that shows the same. */
export function lookAtView(source: Source, request: ViewRequest): Promise<ViewData[ViewName]> {
  switch (request.view) {
    case 'needs-me':
      return needsView(source);
    case 'fleets':
      return fleetsView(source);
    case 'fleet':
      return fleetView(source, request.fleet);
    case 'tenants':
      return tenantsView(source);
    case 'tenant':
      return tenantView(source, request);
  }
}
