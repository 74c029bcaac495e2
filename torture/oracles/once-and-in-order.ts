import type { Effect } from './effects.ts';
import { effectsOf } from './effects.ts';
import type { Evidence, Violation } from './evidence.ts';
import { finalLife } from './evidence.ts';

/** Between two of these nothing is done twice: a new life, or a memory that was lost. */
function epochsOf(evidence: Evidence): Effect[][] {
  const borders = [...evidence.lives.map(({ startedAt }) => startedAt), ...evidence.forgotAt].sort(
    (a, b) => a - b,
  );
  const epochs: Effect[][] = borders.map(() => []);
  for (const deed of evidence.deeds) {
    const place = Math.max(
      0,
      borders.findLastIndex((border) => border <= deed.at),
    );
    (epochs[place] ??= []).push(...effectsOf(deed));
  }
  return epochs;
}

/** Each effect at most once on the way there, and once on the way back; nothing goes there once something went back. */
export function judgeOnce(evidence: Evidence): Violation[] {
  const edited = new Set(evidence.tenant.edits.map(({ object }) => object));
  return epochsOf(evidence).flatMap((effects) => {
    const isReverted = effects.some(({ direction }) => direction === 'back');
    const counts = new Map<string, number>();
    const violations: Violation[] = [];
    let wentBack: Effect | undefined;
    for (const effect of effects) {
      const { object, what, direction } = effect;
      if (direction === 'back') wentBack ??= effect;
      if (edited.has(object) || isAfterFailure(effect, evidence)) continue;
      if (direction === 'there' && wentBack) {
        const since = `${wentBack.object}: ${wentBack.what}`;
        violations.push({ oracle: 'late', what: `${object}: ${what}, after it had gone back (${since})` });
      }
      const key = `${object}: ${what}`;
      const count = (counts.get(key) ?? 0) + 1;
      counts.set(key, count);
      if (count > allowed(effect, isReverted, evidence))
        violations.push({ oracle: 'twice', what: `${key} by ${effect.deed.writer}, for the ${count}. time` });
    }
    return violations;
  });
}

/**
 * Started once more because the newest one has failed: as often as the tool tries. An answer that was lost counts for
 * nothing: how many there were, it sees in the cluster.
 */
function isAfterFailure({ what, object, deed }: Effect, { rollouts }: Evidence): boolean {
  if (what !== 'instantiate') return false;
  const newest = rollouts.findLast(
    ({ config, at }) => object === `DeploymentConfig/${config}` && at < deed.at,
  );
  return newest?.failedAt !== undefined && newest.failedAt <= deed.at;
}

/** There and back a DeploymentConfig is paused twice; a rollout that failed is started once more, by each try. */
function allowed({ what, direction }: Effect, isReverted: boolean, { tenant, lives }: Evidence): number {
  const retries = tenant.said.filter((said) => said.what === 'retry').length;
  // Of a life that was forgotten only what people had said is known.
  const isAsked = tenant.said.some((said) => BACK.includes(said.what) && said.refused === undefined);
  const isBack = isReverted || isAsked || lives.some(({ progress }) => isOnItsWayBack(progress?.state));
  const turned = isBack ? 2 : 1;
  if (what === 'instantiate' || what === 'import again') return 2 + 2 * retries;
  if (what === 'mark') return 12;
  if (direction === 'aside') return turned;
  return turned;
}

const BACK: readonly string[] = ['revert', 'abort', 'cancel'];

const isOnItsWayBack = (state: string | undefined): boolean =>
  state === 'reverted' || state === 'aborted' || state === 'abandoned';

const NEEDED_BY_APP = ['backend-listener', 'backend-worker', 'backend-cron', 'zync', 'system-memcache'];
const AFTER_APP = ['system-sidekiq', 'system-sphinx', 'apicast-staging', 'apicast-production'];

/** The backup before all else; all staged under a pause; what system-app needs before it, what needs it after. */
export function judgeOrder(evidence: Evidence): Violation[] {
  if (evidence.tenant.edits.length > 0 || evidence.lives.length > 1 || evidence.forgotAt.length > 0)
    return [];
  const effects = evidence.deeds.flatMap(effectsOf);
  const turn = effects.findIndex(({ direction }) => direction === 'back');
  const there = (turn < 0 ? effects : effects.slice(0, turn)).filter(({ what }) => what !== 'mark');
  const first = (object: string, what: string): number =>
    there.findIndex((effect) => effect.object === object && effect.what === what);
  const wrong: string[] = [];
  const backup = there.findIndex(({ what }) => what === 'make backup');
  if (there.length > 0 && backup !== 0) wrong.push(`the backup is made after ${backup} other changes`);
  for (const { object, what, direction, deed } of there) {
    const change = deed.changes[0];
    const isStaged = direction === 'there' && what.startsWith('set ');
    if (isStaged && change?.before?.spec?.['paused'] !== true)
      wrong.push(`${object}: ${what} while it is not paused`);
  }
  const app = first('DeploymentConfig/system-app', 'resume');
  const isFinal = finalLife(evidence)?.progress?.state === 'upgraded';
  if (app >= 0 && isFinal) {
    for (const name of NEEDED_BY_APP)
      if (first(`DeploymentConfig/${name}`, 'resume') > app) wrong.push(`system-app rolls before ${name}`);
    for (const name of AFTER_APP)
      if (first(`DeploymentConfig/${name}`, 'resume') < app) wrong.push(`${name} rolls before system-app`);
    const gone = there.findIndex(
      ({ object, what }) => object === 'DeploymentConfig/system-resque' && what === 'delete',
    );
    if (gone >= 0 && gone < app) wrong.push('system-resque is deleted before system-app rolls');
    const old = there.findIndex(
      ({ object, what }) => object.startsWith('Route/system-master-admin') && what === 'delete',
    );
    if (old >= 0 && old < app) wrong.push('the old route is deleted before system-app rolls');
    const late = there.findIndex(
      ({ what, direction }, place) => place > app && direction === 'there' && what.startsWith('set '),
    );
    if (late >= 0) wrong.push(`${there[late]?.object ?? ''}: staged after system-app rolls`);
  }
  return wrong.map((what) => ({ oracle: 'order', what }));
}
