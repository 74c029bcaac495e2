import { receiverProblem } from '../../notify/receivers.ts';
import type { Actor } from '../../tenant/tenant.ts';
import type { Ledger } from '../ledger.ts';
import type { FleetRevertMessage, SetMessage, TenantChoice } from '../fleet-upgrade.ts';
import { at, FLEET_LIMITS, waveStarts } from '../spec/spec.ts';
import { tenantsCalled } from '../show/tenant-lines.ts';

/** Indexes of the tenants that a message is about, in the fleet's order. */
export function chosen({ spec }: Ledger, { tenants, wave, all }: TenantChoice): readonly number[] {
  if (all) return spec.tenants.map((_, index) => index);
  if (wave !== undefined) {
    const number = spec.waves.findIndex(({ name }) => name === wave);
    const first = at(waveStarts(spec), Math.max(0, number));
    return number < 0
      ? []
      : Array.from({ length: at(spec.waves, number).tenants }, (_, place) => first + place);
  }
  return tenants ? tenantsCalled(spec, tenants).indexes : [];
}

/** Why a message about tenants cannot be taken; undefined where it can. */
export function refusalOfChoice(ledger: Ledger, verb: string, choice: TenantChoice): string | undefined {
  const { spec } = ledger;
  const given = [choice.tenants, choice.wave, choice.all || undefined].filter((part) => part !== undefined);
  if (given.length !== 1) return `${verb} needs exactly one of --tenant, --wave and --all`;
  if (ledger.head.ending && verb === 'retry')
    return `the fleet ${spec.name} is being aborted: nothing starts any more`;
  if (choice.wave !== undefined && !spec.waves.some(({ name }) => name === choice.wave)) {
    return unknownWave(ledger, choice.wave);
  }
  const { unknown } = tenantsCalled(spec, choice.tenants ?? []);
  if (unknown.length === 0) return undefined;
  return `the fleet ${spec.name} has no tenant ${unknown.join(', ')}; list them with: threescale-upgrade fleet list ${spec.name}`;
}

export function refusalOfRevert(ledger: Ledger, message: FleetRevertMessage): string | undefined {
  const refusal = refusalOfChoice(ledger, 'revert', message);
  if (refusal !== undefined) return refusal;
  const { name } = ledger.spec;
  if (message.confirm === name) return undefined;
  return (
    'upgraded tenants would go back to the old version on a migrated database, which nobody supports. ' +
    `If you mean it, name the fleet: --confirm ${name}`
  );
}

export function refusalOfApproval(
  { spec, waves }: Ledger,
  { wave }: Actor & { readonly wave: string },
): string | undefined {
  const number = spec.waves.findIndex(({ name }) => name === wave);
  if (number < 0) return unknownWave({ spec }, wave);
  const { approval } = at(spec.waves, number);
  const { doneMs, startedMs, approved } = at(waves, number);
  if (doneMs !== undefined) return `wave ${wave} is over: there is nothing to approve`;
  if (startedMs !== undefined) return `wave ${wave} is under way: there is nothing to approve`;
  if (approval === 'none') return `wave ${wave} needs no approval`;
  return approved ? `wave ${wave} was approved by ${approved.by} already` : undefined;
}

export function refusalOfLimits({ spec }: Ledger, message: SetMessage): string | undefined {
  const { wave, maxConcurrent, maxConcurrentPerCluster, failureBudget, notify } = message;
  const isEmpty = maxConcurrent === undefined && maxConcurrentPerCluster === undefined && !failureBudget;
  if (isEmpty && !notify) {
    return 'nothing to set: give a limit, such as --max-concurrent 5';
  }
  if (wave !== undefined && !spec.waves.some(({ name }) => name === wave)) return unknownWave({ spec }, wave);
  if (wave !== undefined && maxConcurrentPerCluster !== undefined) {
    return 'a wave has no limit for each cluster: leave --wave out';
  }
  if (wave !== undefined && notify)
    return 'who is told is said of the fleet, not of a wave: leave --wave out';
  const problem = notify?.map(receiverProblem).find((one) => one !== undefined);
  if (problem !== undefined) return `a receiver cannot be used: part of it ${problem}`;
  const wrong = [maxConcurrent, maxConcurrentPerCluster].find(
    (limit) =>
      limit !== undefined && !(Number.isInteger(limit) && limit >= 1 && limit <= FLEET_LIMITS.inFlight),
  );
  if (wrong !== undefined)
    return `${wrong} in flight at once is no number from 1 to ${FLEET_LIMITS.inFlight}`;
  return undefined;
}

function unknownWave({ spec }: Pick<Ledger, 'spec'>, wave: string): string {
  return `the fleet ${spec.name} has no wave ${wave}; it has: ${spec.waves.map(({ name }) => name).join(', ')}`;
}
