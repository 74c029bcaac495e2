export { tenantUpgrade } from './tenant-upgrade.ts';
