import { hintAtEnd } from '../../domain/decisions.ts';
import { LIVE } from '../../domain/fleet/state.ts';
import type { TenantLine } from '../../domain/fleet/tenant-lines.ts';

/** What to do about its failure, if anything; of one whose run has ended nothing is decided any more: it is tried again. */
export function hintOf({ state, failure }: TenantLine): string[] {
  if (failure?.hint === undefined) return [];
  return [LIVE.includes(state) ? failure.hint : hintAtEnd(failure.hint, '; then try it again')];
}
