/** Stable name of a check, `version-is-2.3`: lower case, as no kind of failure is. */
export type CheckName = Lowercase<string>;

/** What a check found wrong. A check is a true statement; a finding says where it does not hold and what to do. */
export interface Finding {
  /** Where docs/runbook.md has it. */
  readonly check: CheckName;
  /** `fatal` stops the upgrade before it touches anything; `warning` is shown and lets it go on. */
  readonly severity: 'fatal' | 'warning';
  /** The object it is about, `dc/system-app`, where there is one. */
  readonly object?: string;
  /** What was found, in one sentence, without any env or Secret value. */
  readonly message: string;
  /** What to do about it, the next command to type where there is one. */
  readonly hint: string;
}

export type InstallationState =
  /** All as a 2.3 installation is. */
  | 'from'
  /** Nothing left to do. */
  | 'upgraded'
  /** Some of the path's steps are done, by hand or by an upgrade that was left. */
  | 'half-upgraded'
  /** Not an installation this path starts from; or nobody could look, as a finding says. */
  | 'unknown';

/** All findings together, never only the first. */
export interface PreflightReport {
  readonly installation: InstallationState;
  /** As system-app names it, `2.3.0`; else the newest that anything of the installation names, `2.3`. */
  readonly version?: string;
  /** Of an installation that is upgraded: the backup that its upgrade has left, where there is exactly one. */
  readonly backup?: string;
  /** An upgrade that is not under way any more has left its claim on an installation that is upgraded. */
  readonly claimed?: boolean;
  readonly findings: readonly Finding[];
  /** Where something stands against it: what an earlier upgrade has left half done, a line each. */
  readonly left?: readonly string[];
  /** It was installed as what the path leads to, and never upgraded: there is nothing to verify by the path. */
  readonly bornAsSuch?: boolean;
  /** Steps of the path found done already, by id. */
  readonly alreadyDone: readonly string[];
}

export function isBlocked(report: PreflightReport): boolean {
  return report.findings.some((finding) => finding.severity === 'fatal');
}
