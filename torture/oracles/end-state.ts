import type { Edit } from '../faults/foreign-edits.ts';
import type { Doc } from './content.ts';
import { contentsOf, isBackup } from './content.ts';
import { differ } from './differ.ts';
import type { Evidence, Violation } from './evidence.ts';
import { saidState } from './evidence.ts';
import { expectedEnd } from './expected-end.ts';

/** Upgraded is the end state of the guide, reverted and aborted the start: to the field, but for edits still there. */
export function judgeEndState(evidence: Evidence): Violation[] {
  const { tenant, end } = evidence;
  const state = saidState(evidence);
  if (state !== 'upgraded' && state !== 'reverted' && state !== 'aborted') return [];
  if (tenant.deletedAt !== undefined) return [];
  const start = contentsOf(tenant.start);
  const wanted = state === 'upgraded' ? expectedEnd(start, { impersonation: tenant.impersonation }) : start;
  const found = new Map([...contentsOf(end)].filter(([key]) => !isBackup(key)));
  const differences = differencesBetween(wanted, found).filter((path) => !isEdited(path, tenant.edits));
  const said = saidLeftovers(evidence);
  return differences
    .filter((path) => !said.some((line) => line.includes(path.split('/')[1] ?? path)))
    .map((path) => ({ oracle: 'end state', what: `${state}, but not as it must be: ${path}` }));
}

function differencesBetween(wanted: ReadonlyMap<string, Doc>, found: ReadonlyMap<string, Doc>): string[] {
  return [...new Set([...wanted.keys(), ...found.keys()])].flatMap((key) => {
    const [left, right] = [wanted.get(key), found.get(key)];
    if (!left) return [`${key} is there`];
    if (!right) return [`${key} is gone`];
    return differ(left, right).map((path) => `${key} ${path}`);
  });
}

/** What the tool itself names as left, in so many words. */
const saidLeftovers = ({ lives }: Evidence): readonly string[] => lives.at(-1)?.progress?.leftovers ?? [];

const FIELDS: Readonly<Record<Edit['kind'], RegExp>> = {
  'edit-memcache-image': /image$/,
  'edit-threads': /RAILS_MAX_THREADS/,
  'edit-release': /AMP_RELEASE/,
  'edit-latest': /tags\/latest/,
  'edit-route-host': /spec\/host$/,
  'edit-untouched-env': /OWN_SETTING/,
  scale: /replicas$/,
  'pause-rollout': /paused$/,
  'resume-rollout': /paused$/,
  'delete-resque': /is gone$/,
};

/** An edit that nobody has undone stays, and so may what controllers made of it. */
function isEdited(path: string, edits: readonly Edit[]): boolean {
  return edits
    .filter(({ undoneAt }) => undoneAt === undefined)
    .some(({ object, kind }) => {
      if (kind === 'edit-latest' && /(lastTriggeredImage|image)$/.test(path)) return true;
      return path.startsWith(`${object} `) && FIELDS[kind].test(path);
    });
}
