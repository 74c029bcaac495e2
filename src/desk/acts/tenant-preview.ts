import { CliError } from '../../cli/cli-error.ts';
import { EXIT } from '../../cli/exit-codes.ts';
import { effectOf, refuse, refuseIdleAbort } from '../../cli/tenant/actions/agree.ts';
import { hasEnded } from '../../cli/tenant/actions/control.ts';
import { noUpgrade } from '../../cli/tenant/upgrades.ts';
import type { TenantProgress } from '../../domain/tenant/progress.ts';
import { isFinal } from '../../domain/tenant/progress.ts';
import { tenantName } from '../../domain/tenant/tenant.ts';
import type { Act } from '../contract.ts';
import type { Source } from '../source/source.ts';
import type { Touched } from './touched.ts';

type TenantActs = Extract<Act, { readonly tenant: unknown }>;

/** What is said to one tenant's own upgrade. Throws CliError where it would be refused. */
export async function agreeableTenant(source: Source, act: TenantActs): Promise<Touched> {
  const of = source.tenant(act.tenant);
  of.expire();
  const { progress, unknown, runId } = await of.seen();
  if (runId === undefined) throw await noUpgrade(act.tenant);
  if (!progress) throw new CliError(unknown ?? 'nobody says where it stands', { exitCode: EXIT.unreachable });
  if (isFinal(progress.state)) hasEnded(act.tenant);
  refuseByStand(progress, act);
  const { state, held } = progress;
  const where = held ? `held at ${held.stepId}: ${held.failure.message}` : state;
  const harm = act.act === 'pause' || act.act === 'resume' || act.act === 'retry' ? undefined : act.act;
  return {
    names: [tenantName(act.tenant)],
    consequences: [`It is ${where}.`, ...(harm ? [effectOf(harm, progress)] : [])],
    stand: JSON.stringify([runId, state, held?.stepId, progress.pastPointOfNoReturn]),
  };
}

function refuseByStand(progress: TenantProgress, act: TenantActs): void {
  switch (act.act) {
    case 'pause':
    case 'resume':
      return;
    case 'abort':
      refuseIdleAbort(progress);
      return;
    case 'skip-step':
      refuse(progress, act.act, { step: act.step });
      return;
    case 'retry':
    case 'revert':
    case 'abandon':
      refuse(progress, act.act, {});
  }
}
