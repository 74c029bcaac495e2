import type { Finding, PreflightReport } from '../../domain/tenant/finding.ts';
import { isBlocked } from '../../domain/tenant/finding.ts';
import { isFound, notLooked } from '../../domain/tenant/not-looked.ts';
import { knownSecrets } from '../../domain/paths/permitted-steps.ts';
import type { ResolvedPath } from '../../domain/tenant/step.ts';
import { anchorOf } from '../../domain/paths/index.ts';
import { someOf } from '../../domain/text/some-of.ts';
import { isOpenShiftError } from '../../openshift/api-error.ts';
import type { Claim } from './claim.ts';
import { claimOf } from './claim.ts';
import type { LeftByAnother, PathIdentity } from '../../domain/tenant/outcome.ts';
import { findCrossing } from './crossing.ts';
import { isCreatedByUs, isPausedByUs } from './marks.ts';
import type { Look } from '../steps/step-module.ts';
import { findUnfinishedBackup } from '../backup/take-backup.ts';
import { readBackup } from '../backup/backup-secret.ts';

/** Where nothing may be done, what an earlier upgrade has begun stays as it is: that is said, each thing by its name. */
export async function withLeft(
  look: Look,
  path: PathIdentity,
  report: PreflightReport,
): Promise<PreflightReport> {
  if (!isBlocked(report)) return report;
  const left = await asFarAsAllowed(() => leftHalfDone(look, path).then(({ lines }) => lines));
  if (left.length === 0) return report;
  const found = left.filter(isFound);
  const findings = found.length === 0 ? report.findings : [...report.findings, halfDone(found, path)];
  return { ...report, findings, left };
}

/** What carries the marks of an upgrade: pauses and the claim; and where there are any, the Secrets that it has made. */
export async function leftHalfDone(
  { api, mark }: Look,
  path: PathIdentity,
): Promise<Omit<LeftByAnother, 'crossed'>> {
  const anchor = anchorOf(path);
  const configs = await api.list('deploymentconfigs');
  const paused = configs.filter((config) => isPausedByUs(config, mark));
  const app = configs.find(({ metadata }) => metadata.name === anchor);
  const claim = app && claimOf(app);
  if (paused.length === 0 && !claim) return { lines: [] };
  const made = await asFarAsAllowed(async () => {
    const secrets = await Promise.all([...knownSecrets()].map((name) => api.get('secrets', name)));
    return secrets
      .filter((secret) => secret && isCreatedByUs(secret))
      .map((secret) => `secret/${secret?.metadata.name ?? ''} is left, which an earlier upgrade had made`);
  });
  let backup: string | undefined;
  const kept = await asFarAsAllowed(async () => {
    backup = (await findUnfinishedBackup(api, path, app))?.metadata.name;
    if (backup === undefined) return [];
    return [`secret/${backup} is left: the backup of what was there before, which a start takes up`];
  });
  const lines = [
    ...paused.map(({ metadata }) => `dc/${metadata.name} is left paused`),
    ...(claim
      ? [`dc/${anchor} is left with the claim of an earlier upgrade, which ${SAYS[claim.phase]}`]
      : []),
    ...made,
    ...kept,
  ];
  return { lines, ...(backup === undefined ? {} : { backup }) };
}

/** The same, and whether it is past the point of no return: for a workflow that knows of nothing it has begun. */
export async function leftByAnother(
  look: Look,
  path: PathIdentity & Partial<ResolvedPath>,
): Promise<LeftByAnother> {
  const left = await leftHalfDone(look, path);
  if (left.lines.length === 0 || !path.steps) return left;
  const backup = left.backup === undefined ? undefined : await readBackup(look.api, left.backup);
  const { why } = await findCrossing(look.api, path.steps, backup);
  return why === undefined ? left : { ...left, crossed: why };
}

const SAYS: Readonly<Record<Claim['phase'], string>> = {
  forward: 'had begun',
  switching: 'had begun to roll out the new version',
  crossed: 'had crossed the point of no return',
  reverting: 'was being reverted',
};

/** One right that is missing does not hinder the look at all else; what could not be looked at is told. */
async function asFarAsAllowed(look: () => Promise<readonly string[]>): Promise<readonly string[]> {
  try {
    return await look();
  } catch (error) {
    if (!isOpenShiftError(error, 'Forbidden')) throw error;
    return [notLooked(error.message)];
  }
}

function halfDone(left: readonly string[], path: PathIdentity): Finding {
  const message = `an earlier upgrade has left it half done: ${someOf(left)}`;
  const hint =
    'Put right what stands against it, and start again: it takes up what is there, and the backup.';
  return { check: 'left-half-done', severity: 'warning', object: `dc/${anchorOf(path)}`, message, hint };
}
