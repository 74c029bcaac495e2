export { tenantUpgrade } from './tenant-upgrade.ts';
export { fleetUpgrade } from './fleet-upgrade.ts';
