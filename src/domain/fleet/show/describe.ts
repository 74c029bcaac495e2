import { markdownCode, markdownText } from '../../text/markdown-text.ts';
import type { Ledger } from '../ledger.ts';
import { FLEET_TENANT_STATES } from '../tenant/states.ts';
import { phaseOf } from './progress.ts';

/** Where a fleet stands and what it needs, as Markdown for Temporal's own UI. */
export function describeFleet(ledger: Ledger, nowMs: number): string {
  const { spec, head, counts, waves, currentWave } = ledger;
  const shown = FLEET_TENANT_STATES.filter((state) => counts.ofFleet[state] > 0).map(
    (state) => `${counts.ofFleet[state]} ${state}`,
  );
  const wave = spec.waves[currentWave];
  const isWaiting = waves[currentWave]?.startedMs === undefined;
  return [
    `**${phaseOf(ledger, nowMs)}** — ${shown.join(', ')}`,
    ...(wave
      ? [
          `- wave ${currentWave + 1} of ${waves.length}, ${markdownText(wave.name)}${isWaiting ? ', has not begun' : ''}`,
        ]
      : []),
    ...(head.paused ? [`- paused by ${markdownText(`${head.paused.by} (${head.paused.why})`)}`] : []),
    ...(head.halted ? [`- halted: ${markdownText(head.halted.why)}`] : []),
    ...(head.ending ? [`- aborted by ${markdownText(`${head.ending.by} (${head.ending.why})`)}`] : []),
    `- ${markdownCode(`threescale-upgrade fleet status ${spec.name}`)}`,
  ].join('\n');
}
