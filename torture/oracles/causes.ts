import type { Evidence } from './evidence.ts';

const CAUSES: Readonly<Record<string, readonly string[]>> = {
  'conflict-409': ['Conflict'],
  'throttled-429': ['Throttled'],
  'error-500': ['ServerError'],
  'error-503': ['ServerError', 'Unreachable'],
  'unauthorized-401': ['Unauthorized'],
  'forbidden-403': ['Forbidden'],
  'cut-before': ['Unreachable'],
  'cut-after': ['Unreachable'],
  'done-but-500': ['ServerError'],
  'silence-before': ['Unreachable'],
  'silence-after': ['Unreachable'],
  'late-write': ['Unreachable', 'Conflict'],
  // An attempt that an abort had told to stop, and whose worker was then gone, is not tried again.
  'worker-kill': ['TimedOut'],
  'worker-stop': ['TimedOut'],
  'temporal-kill': ['TimedOut'],
  'both-kill': ['TimedOut'],
  'engine-forgets': ['TimedOut'],
  'rollout-fails': ['RolloutFailed'],
  'hook-fails': ['RolloutFailed'],
  'import-fails': ['ImportFailed'],
  abort: ['Aborted', 'Cancelled'],
  cancel: ['Aborted', 'Cancelled'],
  repoint: ['UnknownContext'],
  'delete-namespace': ['NotFound', 'Forbidden', 'NotVerified', 'EditedByOthers', 'Invalid', 'RolloutFailed'],
  // Of two writes at once one fails; what an abort stops there is not tried again.
  'edit-memcache-image': ['EditedByOthers', 'NotVerified', 'RolloutFailed', 'Conflict'],
  'edit-threads': ['EditedByOthers', 'NotVerified', 'Conflict'],
  'edit-release': ['EditedByOthers', 'NotVerified', 'Conflict'],
  'edit-latest': ['EditedByOthers', 'NotVerified', 'ImportFailed'],
  'edit-route-host': ['EditedByOthers', 'NotVerified'],
  'edit-untouched-env': ['NotVerified', 'Conflict'],
  scale: ['NotVerified', 'Conflict'],
  'pause-rollout': ['EditedByOthers', 'NotVerified', 'RolloutFailed', 'Conflict'],
  // While it is taken back, it may roll the new version.
  'resume-rollout': ['EditedByOthers', 'NotVerified', 'RolloutFailed', 'AlreadyCrossed', 'Conflict'],
  'delete-resque': ['NotFound', 'NotVerified', 'EditedByOthers'],
};

/** What an upgrade may find that has forgotten where it was: the cluster is ahead of it, or has ended it. */
const FORGOTTEN = ['Superseded', 'AlreadyCrossed'];

/** Of what the tool may truthfully say that it failed: what was really done to this tenant. */
export function causesOf({ tenant, worldKinds, processKinds, forgotAt }: Evidence): ReadonlySet<string> {
  const kinds = [...tenant.injected.map(({ kind }) => kind), ...worldKinds, ...processKinds];
  return new Set([...kinds.flatMap((kind) => CAUSES[kind] ?? []), ...(forgotAt.length > 0 ? FORGOTTEN : [])]);
}
