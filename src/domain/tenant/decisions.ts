import type { Decision, HeldStatus, TenantProgress } from './progress.ts';
import { isFinal } from './progress.ts';
import type { Actor, TenantRef } from './tenant.ts';
import { tenantName } from './tenant.ts';

/** A decision as it arrives: who, why, about which step, and the confirmation that some need. */
export interface DecisionMessage extends Actor {
  readonly step?: string;
  readonly confirm?: string;
}

/** What may be decided about a held tenant. */
export function allowedDecisions(situation: {
  readonly during: HeldStatus['during'];
  readonly skippable: boolean;
  /** False where nothing was touched that could be undone. */
  readonly revertible: boolean;
}): Decision[] {
  const { during, skippable, revertible } = situation;
  const decisions: Decision[] = ['retry'];
  if (skippable) decisions.push('skip-step');
  if (revertible && during === 'upgrade') decisions.push('revert');
  return [...decisions, 'abandon'];
}

/** Why a decision cannot be taken as things stand, with what to type instead; undefined where it can. */
export function refusal(
  progress: TenantProgress,
  decision: Decision,
  message: DecisionMessage | undefined,
): string | undefined {
  const { held, tenant } = progress;
  if (!held) return notHeld(progress, decision);
  if (!message?.by?.trim() || !message.why?.trim())
    return `${decision} needs to say who asks and why: ${decisionCommand(progress, held, decision)}`;
  if (message.step && message.step !== held.stepId) {
    return (
      `${tenantName(tenant)} is held at step ${held.stepId}, not at ${message.step}; ` +
      `decide about ${held.stepId}; read about it with ${command(tenant, 'status')}`
    );
  }
  if (!held.decisions.includes(decision)) return notAllowed(progress, held, decision);
  if (decision === 'skip-step' && !message.step) {
    const line = decisionCommand(progress, held, decision);
    return `${tenantName(tenant)} is held at step ${held.stepId}, and skip-step must name it: ${line}`;
  }
  if (decision === 'revert' && progress.pastPointOfNoReturn && message.confirm !== tenant.namespace) {
    return (
      `${tenantName(tenant)} is past the point of no return: its database is migrated, and ${progress.from} on a ` +
      `migrated database is not supported. If you mean it, name the namespace: ` +
      decisionCommand(progress, held, decision)
    );
  }
  return undefined;
}

function notHeld(progress: TenantProgress, decision: Decision): string {
  const { tenant, state, paused } = progress;
  const name = tenantName(tenant);
  if (isFinal(state)) {
    return `the upgrade of ${name} has ended (${state}): nothing is left to decide; see ${command(tenant, 'report')}`;
  }
  if (paused) {
    return `${name} is paused, not held: nothing has failed; let it go on with ${command(tenant, 'resume', WHY)}`;
  }
  if (state === 'reverting') {
    return `${name} is being reverted and not held: nothing is to be decided; watch it with ${command(tenant, 'watch')}`;
  }
  const instead = decision === 'revert' || decision === 'abandon' ? 'abort' : 'pause';
  return `${name} is not held (${state}): nothing is to be decided; to stop it: ${command(tenant, instead, '--why "…"')}`;
}

function notAllowed(progress: TenantProgress, held: HeldStatus, decision: Decision): string {
  const choices = held.decisions.map((choice) => decisionCommand(progress, held, choice)).join(', or ');
  return `${decision} cannot be decided at ${held.stepId}: ${reasonAgainst(held, decision)}; type ${choices}`;
}

function reasonAgainst(held: HeldStatus, decision: Decision): string {
  if (decision === 'skip-step') return 'the upgrade makes no sense without this step';
  if (decision === 'revert' && held.during === 'revert') return 'it is being reverted already';
  if (decision === 'revert') return 'nothing was changed that could be undone';
  return 'it would change nothing';
}

/** A word as a shell takes it for that word: what is to be typed may be copied unread. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** Where a command asks for a reason. */
export const WHY = '--why "…"';

/** What to type for a decision about a held tenant, with all that it asks for. */
export function decisionCommand(
  { tenant, pastPointOfNoReturn }: Pick<TenantProgress, 'tenant' | 'pastPointOfNoReturn'>,
  { stepId }: Pick<HeldStatus, 'stepId'>,
  decision: Decision,
): string {
  const more = {
    'skip-step': [`--step ${shellWord(stepId)}`],
    revert: pastPointOfNoReturn ? [`--confirm ${shellWord(tenant.namespace)}`] : [],
    retry: [],
    abandon: [],
  };
  return command(tenant, decision, ...more[decision], WHY);
}

/** The command line that speaks about one tenant. */
export function command(tenant: TenantRef, verb: string, ...more: readonly string[]): string {
  return [
    'threescale-upgrade',
    verb,
    '--context',
    shellWord(tenant.context),
    '--namespace',
    shellWord(tenant.namespace),
    ...more,
  ].join(' ');
}

/**
 * A hint that was written where nobody knew which tenant it is for, filled in: `<project>`, and the commands of one tenant
 * that name none.
 */
export function aboutTenant(hint: string, tenant: TenantRef): string {
  return hint
    .replaceAll('<project>', shellWord(tenant.namespace))
    .replaceAll(/threescale-upgrade (check|start)(?=[;,.]|$)/g, (_, verb: string) => command(tenant, verb));
}

/** At an end there is nothing to decide, and nothing goes on by itself: what a hint says of that is left out; `again` says how it is begun anew. */
export function hintAtEnd(hint: string, again: string): string {
  if (!DECIDES.test(hint)) return hint;
  const kept = hint.split(/(?<=[.;]) /).filter((part) => !DECIDES.test(part));
  const first = kept.length === 0 ? 'Put right what is named' : kept.join(' ').replace(/[.;]$/, '');
  return `${first}${again}`;
}

const DECIDES = /\b(retry|revert|skip|abort|abandon)|\bby itself\b/i;
