import { command } from './decisions.ts';
import type { TenantProgress } from './progress.ts';
import { isFinal } from './progress.ts';
import { isSettled } from './step-order.ts';

/** Where an upgrade stands and what it needs, as Markdown for Temporal's own UI. */
export function describeProgress(progress: TenantProgress): string {
  const settled = progress.steps.filter(({ status }) => isSettled(status)).length;
  const working = progress.steps.filter(({ status }) => status === 'running' || status === 'reverting');
  return [
    `**${progress.state}** — ${settled} of ${progress.steps.length} steps of ${progress.from} → ${progress.to}` +
      (progress.pastPointOfNoReturn ? ', past the point of no return' : ''),
    ...working.map(({ title, status }) => `- ${status === 'reverting' ? 'undoing: ' : ''}${title}`),
    ...waits(progress),
    ...needs(progress),
    ...progress.leftovers.map((line) => `- left: ${line}`),
  ].join('\n');
}

function waits({ paused, opensAt, state, tenant }: TenantProgress): string[] {
  if (isFinal(state)) return [];
  return [
    ...(paused
      ? [`- paused by ${paused.by} (${paused.why}); to go on: \`${command(tenant, 'resume', '--why "…"')}\``]
      : []),
    ...(opensAt ? [`- waits for the maintenance window that opens at ${opensAt}`] : []),
  ];
}

function needs({ held, tenant }: TenantProgress): string[] {
  if (!held) return [];
  const paused = held.pausedDeploymentConfigs.map((name) => `dc/${name}`).join(', ');
  return [
    `- held at \`${held.stepId}\`: ${held.failure.message}`,
    ...(held.failure.hint ? [`- ${held.failure.hint}`] : []),
    ...(paused ? [`- paused meanwhile: ${paused}`] : []),
    '- decide with one of:',
    ...held.decisions.map((decision) => {
      const step = decision === 'skip-step' ? [`--step ${held.stepId}`] : [];
      return `  - \`${command(tenant, decision, ...step, '--why "…"')}\``;
    }),
  ];
}
