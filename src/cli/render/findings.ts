import type { PreflightReport } from '../../domain/finding.ts';
import { plainDeep } from '../../domain/plain-text.ts';
import { isBlocked } from '../../domain/finding.ts';
import type { Colors } from '../io.ts';

const INSTALLATION = {
  from: 'ready to be upgraded',
  upgraded: 'already upgraded',
  'half-upgraded': 'half upgraded: the upgrade will do what is missing',
  unknown: 'not an installation this upgrade starts from',
} as const;

/** Checks without which nothing else is known. */
const UNSEEN: Readonly<Record<string, string>> = {
  'namespace-exists': 'no such project',
  permissions: 'could not be looked at',
};

/** All findings of a preflight, each with what to do. */
export function renderFindings(name: string, given: PreflightReport, colors: Colors): string {
  const report = plainDeep(given);
  const version = report.version ? ` (3scale ${report.version})` : '';
  const verdict = isBlocked(report) ? colors.red('blocked') : colors.green('no obstacle');
  const unseen = report.findings.find(({ check }) => UNSEEN[check] !== undefined);
  const state = unseen ? UNSEEN[unseen.check] : INSTALLATION[report.installation];
  return [
    `${colors.bold(name)}${version}: ${state}; ${verdict}`,
    ...report.findings.flatMap((finding) => [
      `${finding.severity === 'fatal' ? colors.red('✗') : colors.yellow('!')} ${finding.message}` +
        (finding.object ? colors.dim(`  [${finding.object}]`) : ''),
      `    ${finding.hint}`,
    ]),
  ].join('\n');
}
