import type { Finding, PreflightReport } from '../src/domain/finding.ts';
import { isBlocked } from '../src/domain/finding.ts';
import { knownSecrets } from '../src/domain/permitted-steps.ts';
import { anchorOf } from '../src/domain/resolve-path.ts';
import { someOf } from '../src/domain/some-of.ts';
import { claimOf } from './claim.ts';
import type { PathIdentity } from './contract.ts';
import { isCreatedByUs, isPausedByUs } from './marks.ts';
import type { Look } from './step-module.ts';
import { findUnfinishedBackup } from './take-backup.ts';

/** Where nothing may be done, what an earlier upgrade has begun stays as it is: that is said, each thing by its name. */
export async function withLeft(
  look: Look,
  path: PathIdentity,
  report: PreflightReport,
): Promise<PreflightReport> {
  const left = isBlocked(report) ? await leftByAnother(look, path) : [];
  return left.length === 0
    ? report
    : { ...report, findings: [...report.findings, halfDone(left, path)], left };
}

async function leftByAnother({ api, mark }: Look, path: PathIdentity): Promise<string[]> {
  const anchor = anchorOf(path);
  const configs = await api.list('deploymentconfigs');
  const paused = configs.filter((config) => isPausedByUs(config, mark));
  const app = configs.find(({ metadata }) => metadata.name === anchor);
  const isClaimed = app !== undefined && claimOf(app) !== undefined;
  if (paused.length === 0 && !isClaimed) return [];
  const secrets = await Promise.all([...knownSecrets()].map((name) => api.get('secrets', name)));
  const made = secrets.flatMap((secret) => (secret && isCreatedByUs(secret) ? [secret.metadata.name] : []));
  const backup = await findUnfinishedBackup(api, path, app);
  return [
    ...paused.map(({ metadata }) => `dc/${metadata.name} is left paused`),
    ...(isClaimed ? [`dc/${anchor} is left with the claim of an earlier upgrade`] : []),
    ...made.map((name) => `secret/${name} is left, which an earlier upgrade had made`),
    ...(backup ? [`secret/${backup.metadata.name} is left: the backup of what was there before`] : []),
  ];
}

function halfDone(left: readonly string[], path: PathIdentity): Finding {
  const message = `an earlier upgrade has left it half done: ${someOf(left)}`;
  const hint =
    'Put right what stands against it, and start again: it takes up what is there, and the backup.';
  return { check: 'left-half-done', severity: 'warning', object: `dc/${anchorOf(path)}`, message, hint };
}
