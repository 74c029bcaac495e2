import { at, isBackup, OURS } from './content.ts';
import type { Evidence, Violation } from './evidence.ts';
import { finalLife, saidState } from './evidence.ts';

/** Nothing is left paused, marked or made by the tool, unless it says so. */
export function judgeLeftovers(evidence: Evidence): Violation[] {
  const state = saidState(evidence);
  const { tenant, end } = evidence;
  if (!isFinal(state) || tenant.deletedAt !== undefined) return [];
  const said = (finalLife(evidence)?.progress?.leftovers ?? []).join('\n');
  // Its context led elsewhere, or the cluster was away: it says so, and that nobody knows what is left.
  if (state === 'blocked' && said.includes('not looked whether an earlier execution has left anything'))
    return [];
  const left: string[] = [];
  for (const [key, { metadata, spec }] of end) {
    const [kind, name = ''] = key.split('/');
    const marks = Object.keys(metadata.annotations ?? {}).filter((mark) => mark.startsWith(OURS));
    const isOurPause = kind === 'DeploymentConfig' && at(spec, 'paused') === true && marks.length > 0;
    if (isOurPause && !says(said, name)) left.push(`dc/${name} is left paused, and nothing says so`);
    const isSaid = state === 'abandoned' || ((state === 'blocked' || isBackup(key)) && says(said, name));
    if (!isOurPause && marks.length > 0 && !isSaid && !isPermanent(marks, state))
      left.push(`${key} is left with ${marks.join(', ')}`);
    const isGoneAfterwards = state === 'reverted' || state === 'aborted';
    if (isBackup(key) && isGoneAfterwards && !says(said, name))
      left.push(`${key} is left, and nothing says so`);
  }
  for (const [, name = ''] of said.matchAll(/dc\/(\S+) is left paused/g)) {
    if (at(end.get(`DeploymentConfig/${name}`)?.spec, 'paused') !== true)
      left.push(`dc/${name} is said to be left paused, and is not`);
  }
  return left.map((what) => ({ oracle: 'left over', what: `${state}: ${what}` }));
}

const isFinal = (state: string | undefined): state is string =>
  state !== undefined && ['upgraded', 'reverted', 'aborted', 'abandoned', 'blocked'].includes(state);

/** An upgraded installation keeps the evidence of what was done to it. */
const isPermanent = (marks: readonly string[], state: string): boolean =>
  state === 'upgraded' && marks.every((mark) => !mark.endsWith('/paused-by'));

const says = (text: string, name: string): boolean =>
  new RegExp(`(^|[/ ])${name}( |$|[:,;.])`, 'm').test(text);
