import type { PlantedResult } from './store.ts';

/** Of a bug that was planted more than once, the last time. */
export function renderPlanted(planted: readonly PlantedResult[]): string {
  const last = new Map(planted.map((result) => [result.name, result]));
  return [
    '| planted bug | found after runs | by the oracle |',
    '| --- | --- | --- |',
    ...[...last.values()].map(
      ({ what, after, runs, by }) => `| ${what} | ${after ?? `not in ${runs}`} | ${by.split(':')[0] ?? ''} |`,
    ),
  ].join('\n');
}
