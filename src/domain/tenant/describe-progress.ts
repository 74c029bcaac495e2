import { command, decisionCommand } from './decisions.ts';
import { markdownCode, markdownText } from '../text/markdown-text.ts';
import type { TenantProgress } from './progress.ts';
import { isFinal } from './progress.ts';
import { isSettled } from './step-order.ts';

/** Where an upgrade stands and what it needs, as Markdown for Temporal's own UI. */
export function describeProgress(progress: TenantProgress): string {
  const settled = progress.steps.filter(({ status }) => isSettled(status)).length;
  const working = progress.steps.filter(({ status }) => status === 'running' || status === 'reverting');
  return [
    `**${progress.state}** — ${settled} of ${progress.steps.length} steps of ${markdownText(`${progress.from} → ${progress.to}`)}` +
      crossing(progress),
    ...working.map(
      ({ title, status }) => `- ${status === 'reverting' ? 'undoing: ' : ''}${markdownText(title)}`,
    ),
    ...waits(progress),
    ...needs(progress),
    ...progress.leftovers.map((line) => `- left: ${markdownText(line)}`),
  ].join('\n');
}

function crossing({ pastPointOfNoReturn, mayBePastPointOfNoReturn }: TenantProgress): string {
  if (pastPointOfNoReturn) return ', past the point of no return';
  return mayBePastPointOfNoReturn ? ', perhaps past the point of no return' : '';
}

function waits({ paused, opensAt, state, tenant }: TenantProgress): string[] {
  if (isFinal(state)) return [];
  return [
    ...(paused
      ? [
          `- paused by ${markdownText(`${paused.by} (${paused.why})`)}; to go on: ${markdownCode(command(tenant, 'resume', '--why "…"'))}`,
        ]
      : []),
    ...(opensAt ? [`- waits for the maintenance window that opens at ${markdownText(opensAt)}`] : []),
  ];
}

function needs(progress: TenantProgress): string[] {
  const { held } = progress;
  if (!held) return [];
  const paused = held.pausedDeploymentConfigs.map((name) => `dc/${name}`).join(', ');
  const rolled = held.rolledDeploymentConfigs?.map((name) => `dc/${name}`).join(', ');
  return [
    `- held at ${markdownCode(held.stepId)}: ${markdownText(held.failure.message)}`,
    ...(held.failure.hint ? [`- ${markdownText(held.failure.hint)}`] : []),
    ...(paused ? [`- paused meanwhile: ${markdownText(paused)}`] : []),
    ...(rolled ? [`- run ${markdownText(`${progress.to} still: ${rolled}`)}`] : []),
    '- decide with one of:',
    ...held.decisions.map((decision) => `  - ${markdownCode(decisionCommand(progress, held, decision))}`),
  ];
}
