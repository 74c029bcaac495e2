import type { FailureEvidence, PodTrouble } from '../../../domain/tenant/failure-evidence.ts';
import { describeTrouble } from '../../../domain/tenant/failure-evidence.ts';
import { markdownText } from '../../../domain/text/markdown-text.ts';
import { plainDeep, plainText } from '../../../domain/text/plain-text.ts';
import type { StepFailure, TenantProgress } from '../../../domain/tenant/progress.ts';
import type { Colors } from '../../io.ts';

/** What the cluster shows of a failure, as lines that stand below it. None where nobody has looked. */
export function evidenceLines(failure: StepFailure | undefined, colors: Colors, indent = '    '): string[] {
  if (!failure?.evidence) return [];
  const { pods, events = [], missing = [] } = plainDeep(failure.evidence);
  return [
    ...pods.flatMap((pod) => [
      titleOf(pod),
      ...factsOf(pod).map((fact) => `  ${fact}`),
      ...(pod.log ?? []).map((line) => colors.dim(`  | ${line}`)),
    ]),
    ...(events.length > 0 ? [WARNINGS, ...events.map((event) => `  ${event}`)] : []),
    ...missing.map((what) => colors.dim(`not known: ${what}`)),
  ].map((line) => `${indent}${line}`);
}

/** What the cluster showed of each failure of an upgrade, as Markdown; none where nobody has looked. */
export function renderEvidence(progress: TenantProgress, heading = '##'): string[] {
  const failures = failuresOf(progress);
  if (failures.length === 0) return [];
  return ['', `${heading} What the cluster showed`, ...failures.flatMap(ofFailure)];
}

interface Evident extends StepFailure {
  readonly evidence: FailureEvidence;
}

/** Each once: what holds or turns back an upgrade is also that of its step. */
function failuresOf({ held, revertedFor, steps }: TenantProgress): Evident[] {
  const all = [held?.failure, revertedFor, ...steps.map(({ failure }) => failure)];
  const byMessage = new Map(
    all.flatMap((failure): [string, Evident][] =>
      failure?.evidence ? [[failure.message, { ...failure, evidence: failure.evidence }]] : [],
    ),
  );
  return [...byMessage.values()];
}

function ofFailure({ message, evidence: { pods, events = [], missing = [] } }: Evident): string[] {
  return [
    '',
    `${markdownText(message)}`,
    ...pods.flatMap((pod) => [
      '',
      `- ${markdownText([titleOf(pod), ...factsOf(pod)].join('; '))}`,
      ...code(pod.log ?? []),
    ]),
    ...(events.length > 0 ? ['', `- ${WARNINGS}`, ...code(events)] : []),
    ...missing.map((what) => `\n- not known: ${markdownText(what)}`),
  ];
}

const WARNINGS = 'what the cluster has warned of:';

const titleOf = (pod: PodTrouble): string =>
  `${describeTrouble(pod)}${pod.gone ? ' (it is gone since)' : ''}`;

function factsOf({ message, image }: PodTrouble): string[] {
  return [
    ...(image === undefined ? [] : [`image: ${image}`]),
    ...(message === undefined ? [] : [`it says: ${message}`]),
  ];
}

/** Indented, within the item above: nothing in it means anything to Markdown. */
const code = (lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : ['', ...lines.map((line) => `      ${plainText(line)}`)];
