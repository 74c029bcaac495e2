import { isCut } from '../../../domain/text/cut-at-word.ts';
import { command, hintAtEnd } from '../../../domain/tenant/decisions.ts';
import { isLive } from '../../../domain/fleet/tenant/states.ts';
import { hintOfFailure } from '../../../domain/tenant/failure.ts';
import type { TenantLine } from '../../../domain/fleet/show/tenant-lines.ts';

/**
 * What to do about its failure, if anything; of one whose run has ended nothing is decided any more: it is tried again. And
 * where all of it is said, if the fleet remembers only the beginning.
 */
export function hintOf({ state, failure, tenant }: TenantLine): string[] {
  if (!failure) return [];
  const { message } = failure;
  const hint = hintOfFailure(failure);
  const whole = isCut(message) || (hint !== undefined && isCut(hint));
  return [
    ...(hint === undefined ? [] : [isLive(state) ? hint : hintAtEnd(hint, '; then try it again')]),
    ...(whole ? [`all of it: ${command(tenant, 'report')}`] : []),
  ];
}
