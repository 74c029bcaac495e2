/** What the command's exit code says; documented in docs/cli.md and in `--help`. */
export const EXIT = {
  ok: 0,
  /** A fault of ours: please report it. */
  bug: 1,
  /** `plan`: there are changes to make. */
  changes: 2,
  /** A check failed: nothing was touched. */
  blocked: 3,
  /** The tenant is held and needs a decision. */
  held: 4,
  /** The upgrade ended without an upgraded tenant: reverted, aborted, abandoned. */
  notUpgraded: 5,
  /** The cluster or Temporal cannot be reached, or refuses the credentials. */
  unreachable: 6,
  /** The upgrade refused what was asked, or there is no such upgrade. */
  refused: 7,
  /** Wrong flags, a wrong file, an unknown name. */
  usage: 64,
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
