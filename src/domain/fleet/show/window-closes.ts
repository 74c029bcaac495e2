import { findWindow } from '../../windows/find-window.ts';
import { countOf, UNDER_WAY, WAITING } from '../tenant/states.ts';
import type { FleetShape } from './estimate.ts';
import type { FleetProgress } from './progress.ts';

/**
 * When the first of the windows closes that are open now, and that tenants keep to whose wave runs and has work left;
 * undefined where none is open, or none closes.
 */
export function windowCloses(
  { waves }: FleetProgress,
  { windows, waves: shapes }: FleetShape,
  nowMs: number,
): number | undefined {
  const busy = waves.filter(
    ({ state, counts }) => state === 'running' && countOf(counts, [...WAITING, ...UNDER_WAY]) > 0,
  );
  const kept = new Set(
    busy.flatMap(({ name }) => [...(shapes.find((shape) => shape.name === name)?.policies.keys() ?? [])]),
  );
  const closings = [...kept].flatMap((index) => {
    const policy = windows[index];
    const answer = policy && findWindow(policy, 0, nowMs);
    return answer?.status === 'open' && answer.closesAtMs !== undefined ? [answer.closesAtMs] : [];
  });
  return closings.length > 0 ? Math.min(...closings) : undefined;
}
