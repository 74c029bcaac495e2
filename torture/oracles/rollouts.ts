import type { Evidence, Violation } from './evidence.ts';
import { migratedAt, saidState } from './evidence.ts';

const ROLLED = 10;

/** One rollout for each DeploymentConfig, none where nothing was switched, and never a moment without a ready system-app. */
export function judgeRollouts(evidence: Evidence): Violation[] {
  const { tenant, rollouts, downMs, lives, forgotAt } = evidence;
  if (tenant.deletedAt !== undefined) return [];
  const wrong: string[] = [];
  if (downMs > 0) wrong.push(`${downMs} ms without a ready system-app`);
  const isDisturbed =
    tenant.edits.length > 0 ||
    forgotAt.length > 0 ||
    lives.length > 1 ||
    tenant.injected.some(({ kind }) => kind === 'rollout-fails' || kind === 'hook-fails');
  const decided = tenant.said.some(({ what }) => what === 'revert' || what === 'abandon');
  if (!isDisturbed && !decided) {
    const counts = new Map<string, number>();
    for (const { config } of rollouts) counts.set(config, (counts.get(config) ?? 0) + 1);
    const state = saidState(evidence);
    if (state === 'upgraded') {
      if (counts.size !== ROLLED) wrong.push(`${counts.size} DeploymentConfigs rolled, not ${ROLLED}`);
      for (const [config, count] of counts) if (count > 1) wrong.push(`dc/${config} rolled ${count} times`);
    }
    if (state === 'reverted' || state === 'aborted')
      for (const [config, count] of counts) if (count > 2) wrong.push(`dc/${config} rolled ${count} times`);
    if (state === 'blocked' && counts.size > 0) wrong.push('blocked, and yet something rolled');
  }
  return wrong.map((what) => ({ oracle: 'rollouts', what }));
}

/** What was migrated goes back only by a person's explicit word, and is called past the point of no return. */
export function judgeNoReturn(evidence: Evidence): Violation[] {
  const { tenant, lives } = evidence;
  const migrated = migratedAt(evidence);
  if (migrated === undefined || tenant.deletedAt !== undefined) return [];
  const life = lives.at(-1);
  const state = life?.progress?.state;
  if (state !== 'reverted' && state !== 'aborted') return [];
  const isMeant = tenant.said.some(
    ({ what, endsRevert, at, refused }) =>
      (what === 'revert' || endsRevert === true) && refused === undefined && at > migrated,
  );
  return isMeant
    ? []
    : [
        {
          oracle: 'no return',
          what: `system-app had rolled on 2.4, and it was ${state} without anybody’s word`,
        },
      ];
}
