import type {
  FleetAnswer,
  FleetRevertMessage,
  RetryMessage,
  TenantChoice,
} from '../../src/domain/fleet/fleet-upgrade.ts';
import { beginRevert } from '../../src/domain/fleet/rules/orders.ts';
import type { TenantOrder } from '../../src/domain/fleet/tenant/decide.ts';
import { decideEach, namedIn, retryOrder } from '../../src/domain/fleet/tenant/decide-each.ts';
import type { Actor } from '../../src/domain/tenant/tenant.ts';
import { actorOf } from '../../src/domain/tenant/tenant.ts';
import type { Fleet } from './fleet.ts';
import { letGoOn, tellWord } from './tell.ts';

/** Those that failed, or were left out, again; a held one is told to try its step again. */
export function retryTenants(fleet: Fleet, message: RetryMessage): FleetAnswer {
  return decideAll(fleet, message, 'retried', retryOrder(message));
}

export function skipTenants(fleet: Fleet, message: Actor & TenantChoice): FleetAnswer {
  return decideAll(fleet, message, 'skipped', { kind: 'skip' });
}

/** In reverse order: what came last goes back first. */
export function revertTenants(fleet: Fleet, message: FleetRevertMessage): FleetAnswer {
  if (beginRevert(fleet.ledger, message, Date.now())) letGoOn(fleet, actorOf(message));
  return decideAll(fleet, message, 'reverting', { kind: 'revert', actor: message });
}

function decideAll(
  fleet: Fleet,
  message: Actor & TenantChoice,
  event: 'retried' | 'skipped' | 'reverting',
  order: TenantOrder,
): FleetAnswer {
  const { ledger } = fleet;
  const answer = decideEach(ledger, message, order, {
    nowMs: Date.now(),
    tell: (index, word) => tellWord(fleet, index, word, message),
  });
  fleet.touch();
  ledger.journal(Date.now(), event, message, namedIn(answer));
  return answer;
}
