import type { PreflightReport } from '../../../domain/tenant/finding.ts';
import { plainDeep } from '../../../domain/text/plain-text.ts';
import { isBlocked } from '../../../domain/tenant/finding.ts';
import type { Colors } from '../../io.ts';

type Known = PreflightReport['installation'];

/** What an installation is, and what becomes of it. */
const GOES_ON: Readonly<Record<Known, string>> = {
  from: 'ready to be upgraded',
  upgraded: 'already upgraded',
  'half-upgraded': 'half upgraded: the upgrade will do what is missing',
  unknown: 'not looked at',
};

/** The same of one that nothing may be done to as it is: only what was seen. */
const STANDS: Readonly<Record<Known, string | undefined>> = {
  from: undefined,
  upgraded: 'already upgraded',
  'half-upgraded': 'half upgraded',
  unknown: 'not an installation this upgrade starts from',
};

/** Checks without which nothing else is known. */
const UNSEEN: Readonly<Record<string, string>> = {
  'namespace-exists': 'no such project',
  permissions: 'could not be looked at',
};

/** All findings of a preflight, each with what to do. */
export function renderFindings(name: string, given: PreflightReport, colors: Colors): string {
  const report = plainDeep(given);
  const version = report.version ? ` (3scale ${report.version})` : '';
  const verdict = isBlocked(report)
    ? [standOf(report), colors.red('blocked')]
    : [GOES_ON[report.installation], colors.green('no obstacle')];
  return [
    `${colors.bold(name)}${version}: ${verdict.filter((word) => word !== undefined).join('; ')}`,
    ...report.findings.flatMap((finding) => [
      `${finding.severity === 'fatal' ? colors.red('✗') : colors.yellow('!')} ${finding.message}` +
        (finding.object ? colors.dim(`  [${finding.object}]`) : ''),
      `    ${finding.hint}`,
    ]),
  ].join('\n');
}

function standOf({ findings, installation }: PreflightReport): string | undefined {
  const unseen = findings.find(({ check }) => UNSEEN[check] !== undefined);
  return unseen ? UNSEEN[unseen.check] : STANDS[installation];
}
