/**
 * Names of the changes that upgrades which began under an earlier release do not make: their histories hold none of the
 * commands behind them. `patched` tells. With which release each of them came: src/worker/release.ts.
 */

/** What has become of a tenant is looked up in its cluster, and written there: claims, the crossing, the end. */
export const EVIDENCE = 'evidence-in-the-cluster';

/** A tenant that was found half upgraded is held: a revert by policy would bring it back to half an upgrade. */
export const HALF_WAY_HELD = 'found-half-way-is-held';

/** Where a compensation fails after an abort, the tenant is held: it used to be abandoned, as nobody had decided. */
export const ABORT_HOLDS = 'abort-holds';

/** What a fleet cannot say to the run of a tenant that it knows is said to the one that a reset has put in its place. */
export const FOLLOWS_RESETS = 'follows-resets';

/** A crossing whose answer was lost is looked for only when it cannot take effect any more. */
export const CROSSING_WAITED_OUT = 'crossing-waited-out';

/** A retry tries again all DeploymentConfigs that could not be resumed, and not only the one that is named. */
export const RETRIES_ALL = 'retries-all';

/**
 * A crossing that may be under way is kept apart from one that is known: until it is known, an abort stops it, and a retry
 * is one that crosses. Leave to cross is given right before it, and ends.
 */
export const CROSSING_BY_LEAVE = 'crossing-by-leave';

/** A pause stops a crossing that may be under way: whether it was made is for the cluster to say. */
export const PAUSE_STOPS_CROSSING = 'pause-stops-crossing';

/**
 * What fails in the moment in which it is asked to stop has no other attempt: that is no failure. And what a pause has stopped
 * at the crossing has stopped when it is known whether it was made.
 */
export const CUT_SHORT = 'cut-short';

/** What an abandoned tenant runs is looked up: somebody may have resumed it, and migrated its database. */
export const ABANDONED_LOOKED_AT = 'abandoned-looked-at';

/** A creation whose answer was lost is waited out also where a later attempt was answered, or a later try at a hold. */
export const LOST_THOUGH_DONE = 'lost-though-done';

/** Whether a backup is of a tenant that was half upgraded is told by the activity that made it, whatever the check said. */
export const HALF_WAY_TOLD = 'half-way-told';

/** What was to be taken back, and is aborted before, is looked at: an earlier execution may have been in the middle of it. */
export const LEFT_TOLD = 'left-told';

/** What stands paused is looked up also where history knows of no pause: an earlier execution may have made it. */
export const PAUSED_EARLIER = 'paused-earlier';

/** A command that the cluster knows to have run, and history does not, is told as what cannot be undone. */
export const COMMANDS_REMEMBERED = 'commands-remembered';

/** What somebody has deleted before the point of no return is not made again: it is named, and held. */
export const OTHERS_DELETIONS = 'others-deletions';

/** The report of what ends is kept by its worker: it outlives what Temporal keeps. */
export const KEEPS_REPORTS = 'keeps-reports';

/** Whoever is named in `notify:` is told. */
export const NOTIFIES = 'notifies';

/**
 * Asked once, as an upgrade begins: those of the changes above that every upgrade comes to are not asked for one by one, and the
 * activity that has verified the upgrade takes its claim off.
 */
export const FEWER_EVENTS = 'fewer-events';
