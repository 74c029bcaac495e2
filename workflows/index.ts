export { tenantUpgrade } from './tenant/tenant-upgrade.ts';
export { fleetUpgrade } from './fleet/fleet-upgrade.ts';
export { tellPeople } from './notify/tell-people.ts';
