import type { DecisionMessage } from '../../../domain/tenant/decisions.ts';
import { decisionCommand, refusal } from '../../../domain/tenant/decisions.ts';
import type { Decision, TenantProgress } from '../../../domain/tenant/progress.ts';
import type { TenantRef } from '../../../domain/tenant/tenant.ts';
import { tenantName } from '../../../domain/tenant/tenant.ts';
import { agreed, isAsked, typed } from '../../ask.ts';
import { CliError } from '../../cli-error.ts';
import type { ConsentOptions } from '../../consent.ts';
import { askedActor } from '../../consent.ts';
import { EXIT } from '../../exit-codes.ts';
import { actor } from '../../actor.ts';
import type { Session } from '../../session.ts';
import { Looks } from '../../looks.ts';
import { readProgress, requireUpgrade } from '../upgrades.ts';

/** What is said to an upgrade that cannot be taken back. */
export type Harm = 'abort' | Exclude<Decision, 'retry'>;

interface HarmOptions extends ConsentOptions {
  readonly step?: string;
}

/** Shows a person what will become of it, and asks; undefined where the answer is no. Throws CliError where it is refused. */
export async function agreeTo(
  session: Session,
  tenant: TenantRef,
  harm: Harm,
  options: HarmOptions,
): Promise<DecisionMessage | undefined> {
  const { io } = session;
  const { confirm, step } = options;
  const said = { ...(step === undefined ? {} : { step }), ...(confirm === undefined ? {} : { confirm }) };
  const asks = isAsked(io, options);
  const progress = asks || harm === 'abort' ? await standing(session, tenant) : undefined;
  if (progress) {
    if (harm === 'abort') refuseIdleAbort(progress);
    else refuse(progress, harm, said);
  }
  if (!asks) return { ...actor(options), ...said };
  io.err(whatBecomesOf(tenant, harm, progress).join('\n'));
  const who = await askedActor(io, options);
  if (confirm !== undefined) return { ...who, ...said };
  if (harm === 'revert' && isPast(progress)) {
    const name = await typed(io, options, `Type the name of the project (${tenant.namespace}) to go on:`);
    return name === tenant.namespace ? { ...who, ...said, confirm: name } : undefined;
  }
  return (await agreed(io, options, `${QUESTION[harm]} ${tenantName(tenant)}?`))
    ? { ...who, ...said }
    : undefined;
}

const QUESTION: Readonly<Record<Harm, string>> = {
  abort: 'Abort the upgrade of',
  'skip-step': 'Skip this step of the upgrade of',
  revert: 'Revert the upgrade of',
  abandon: 'Abandon the upgrade of',
};

/** Undefined where neither a worker nor the history says it: what is said is kept for a worker. */
async function standing(session: Session, tenant: TenantRef): Promise<TenantProgress | undefined> {
  const looks = new Looks(session);
  try {
    const upgrade = await requireUpgrade(session, tenant);
    const progress = await readProgress({ ...session, looks }, upgrade);
    const still = looks.told(upgrade.description.workflowId);
    if (still !== undefined) session.io.err(still);
    return progress;
  } catch (error) {
    if (error instanceof CliError && error.exitCode === EXIT.unreachable) return undefined;
    throw error;
  } finally {
    await looks.close();
  }
}

/** In the upgrade's own words, before anything is asked that would come to nothing. Throws CliError. */
export function refuse(progress: TenantProgress, decision: Decision, said: Partial<DecisionMessage>): void {
  const message = { by: 'somebody', why: 'asked for', confirm: progress.tenant.namespace, ...said };
  const why = refusal(progress, decision, message);
  if (why !== undefined) throw new CliError(why, { exitCode: EXIT.refused });
}

/** Where an abort would change nothing, as there is a decision to be taken instead. */
export const isIdleAbort = ({ held, pastPointOfNoReturn }: TenantProgress): boolean =>
  held !== undefined && (pastPointOfNoReturn || held.during === 'revert');

/**
 * Past the point of no return an abort is to hold it, and before it to take it back: where it is held, or held as it is taken
 * back, that is done. Throws CliError.
 */
export function refuseIdleAbort(progress: TenantProgress): void {
  const { tenant, held } = progress;
  if (!held || !isIdleAbort(progress)) return;
  const where = held.during === 'revert' ? 'being taken back' : 'past the point of no return';
  throw new CliError(`${tenantName(tenant)} is ${where}, and held already: an abort would change nothing`, {
    hint: `Decide with one of:\n${held.decisions.map((decision) => decisionCommand(progress, held, decision)).join('\n')}`,
    exitCode: EXIT.refused,
  });
}

const isPast = (progress: TenantProgress | undefined): boolean =>
  progress?.pastPointOfNoReturn === true || progress?.mayBePastPointOfNoReturn === true;

/** What a person is to know before it is said, as lines. */
export function whatBecomesOf(tenant: TenantRef, harm: Harm, progress: TenantProgress | undefined): string[] {
  const name = `${tenantName(tenant)} (${tenant.cluster})`;
  if (!progress) return [`${name}: nobody says where it stands, as no worker answers.`];
  const { from, to, state, held, pastPointOfNoReturn, mayBePastPointOfNoReturn } = progress;
  const where = held ? `held at ${held.stepId}: ${held.failure.message}` : state;
  return [
    `${name}: 3scale ${from} → ${to}, ${where}`,
    pastPointOfNoReturn
      ? '  The point of no return is passed: its database is migrated.'
      : mayBePastPointOfNoReturn
        ? '  Whether the point of no return is passed is not known yet: its database may be migrated.'
        : '  The point of no return is not passed.',
    `  ${effectOf(harm, progress)}`,
  ];
}

/** What comes of it, in a sentence. */
export function effectOf(harm: Harm, progress: TenantProgress): string {
  const { from, held } = progress;
  const step = held?.stepId ?? 'the step';
  const isBack = held?.during === 'revert';
  switch (harm) {
    case 'abort':
      return isPast(progress)
        ? 'What runs is finished; then it is held, and asks what to do: nothing is undone by itself.'
        : 'What was changed is undone, exactly, and the upgrade ends.';
    case 'revert':
      return isPast(progress)
        ? `All of it is undone but the database: ${from} on a migrated database is not supported.`
        : 'What was changed is undone, exactly, and the upgrade ends.';
    case 'skip-step':
      return isBack
        ? `It goes on being taken back without ${step}: what that has changed stays, and the report says so.`
        : `It goes on without ${step}, which is not done later; the report says so.`;
    case 'abandon':
      return `It ends as it stands: ${isBack ? 'nothing more' : 'nothing'} is undone, and nothing goes on.${pausedBy(progress)}`;
  }
}

function pausedBy({ held }: TenantProgress): string {
  const paused = held?.pausedDeploymentConfigs ?? [];
  return paused.length === 0 ? '' : ` Left paused: ${paused.map((name) => `dc/${name}`).join(', ')}.`;
}
