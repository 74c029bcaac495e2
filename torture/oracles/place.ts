import type { World } from '../arena/world.ts';
import type { Violation } from './evidence.ts';

/** A context that leads elsewhere for a while takes no change with it. */
export function judgePlace({ decoy }: World): Violation[] {
  return (decoy?.wire.deeds ?? []).map(({ method, path, writer }) => ({
    oracle: 'elsewhere',
    what: `${method} ${path} by ${writer} changed a cluster that is not the tenant’s`,
  }));
}
