import type { Actor } from '../src/domain/tenant.ts';

/** A signal sent by hand may lack what every message of ours carries. */
export function known(actor: Partial<Actor> | undefined): Actor {
  return { by: actor?.by?.trim() || 'somebody', why: actor?.why?.trim() || 'no reason given' };
}
