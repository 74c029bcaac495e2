import type { TenantProgress } from '../../src/domain/tenant/progress.ts';
import type { Evidence, Violation } from './evidence.ts';
import { finalLife, migratedAt } from './evidence.ts';
import { causesOf } from './causes.ts';

/** Everything that the tool says at the end is so: its state, who decided, what failed and why. */
export function judgeWords(evidence: Evidence): Violation[] {
  const { tenant, deeds } = evidence;
  const life = finalLife(evidence);
  const progress = life?.progress;
  if (!life || !progress) return [];
  const wrong: string[] = [];
  const heard = (what: string): boolean =>
    tenant.said.some((said) => said.what === what && said.refused === undefined);
  const { state } = progress;
  if (state === 'abandoned' && !heard('abandon')) wrong.push('abandoned, and nobody had decided so');
  if (state === 'aborted' && !heard('abort') && !heard('cancel'))
    wrong.push('aborted, and nobody had asked for it');
  if (
    state === 'blocked' &&
    evidence.lives.length === 1 &&
    evidence.forgotAt.length === 0 &&
    deeds.length > 0
  )
    wrong.push(`blocked, which means that nothing was touched, and ${deeds.length} changes were made`);
  if (state === 'upgraded' && tenant.deletedAt === undefined && migratedAt(evidence) === undefined)
    wrong.push('upgraded, and system-app never rolled on 2.4');
  if (state !== 'blocked' && tenant.deletedAt === undefined) {
    const mayBe = progress.pastPointOfNoReturn || progress.mayBePastPointOfNoReturn;
    if (migratedAt(evidence) !== undefined && !mayBe)
      wrong.push('system-app has rolled on 2.4, and it does not say that it is past the point of no return');
  }
  wrong.push(
    ...inventedDecisions(
      progress,
      tenant.said.map(({ by }) => by),
    ),
    ...untrueFailures(evidence, progress),
  );
  return wrong.map((what) => ({ oracle: 'words', what }));
}

function inventedDecisions({ journal }: TenantProgress, actors: readonly string[]): string[] {
  const known = [...actors, 'starter', 'op-fleet', 'Temporal'];
  return journal.flatMap(({ event, actor, detail }) =>
    actor && !known.includes(actor.by) ? [`${event} ${detail ?? ''} by ${actor.by}, who is nobody`] : [],
  );
}

/** A failure that is told has a cause that was really there; and what is promised to be waited for is none. */
function untrueFailures(evidence: Evidence, { steps, held, findings }: TenantProgress): string[] {
  const causes = causesOf(evidence);
  // What is told to stop is not tried again.
  const isToldToStop = evidence.tenant.said.some(({ what }) => what === 'abort' || what === 'cancel');
  const failures = [
    ...steps.flatMap(({ id, failure }) => (failure ? [{ where: id, ...failure }] : [])),
    ...(held ? [{ where: held.stepId, ...held.failure }] : []),
  ];
  const told = failures.flatMap(({ where, type, message }) => {
    if (!causes.has(type))
      return [`${where} failed with ${type} (${message}), and nothing had been done that explains it`];
    if (type === 'Unreachable' && !isToldToStop)
      return [`${where} has failed as its cluster does not answer (${message}), which is waited for`];
    return [];
  });
  const blockedBy = findings.filter(({ severity }) => severity === 'fatal');
  return causes.size === 0 && blockedBy.length > 0
    ? [
        ...told,
        `blocked by ${blockedBy.map(({ check, message }) => `${check}: ${message}`).join('; ')}, and nothing had been done`,
      ]
    : told;
}
