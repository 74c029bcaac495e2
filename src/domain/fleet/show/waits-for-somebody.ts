import type { FleetProgress, WaveProgress } from './progress.ts';
import type { TenantLine } from './tenant-lines.ts';

const MINUTE_MS = 60_000;

/** Something that nobody but a person ends: why, and since when its oldest has waited. */
export interface Waiting {
  /** A state of tenants that needs somebody, or what the fleet as a whole waits for. */
  readonly reason: string;
  readonly sinceMs: number;
}

/**
 * What of a fleet waits for somebody, one of each reason: that which has waited longest. `attention`: all tenants that need
 * somebody (`progress` has a hundred of each state).
 */
export function waitsForSomebody(
  progress: FleetProgress,
  attention: readonly TenantLine[] = progress.attention,
): Waiting[] {
  if (progress.phase === 'ended') return [];
  const oldest = new Map<string, number>();
  for (const { state, since } of attention) {
    const sinceMs = Date.parse(since);
    if (Number.isFinite(sinceMs)) oldest.set(state, Math.min(oldest.get(state) ?? Infinity, sinceMs));
  }
  const { paused, halted } = progress;
  if (paused) oldest.set('paused', Date.parse(paused.since));
  if (halted) oldest.set('halted', Date.parse(halted.since));
  const wanted = approvalWanted(progress);
  if (wanted) oldest.set('approval', wanted.sinceMs);
  return [...oldest].map(([reason, sinceMs]) => ({ reason, sinceMs }));
}

/**
 * The wave that an approval lets begin, and since when: the waves before are done, and their soaks over. While the fleet is
 * paused or halted there is none, as nothing would begin.
 */
export function approvalWanted({
  waves,
  startedAt,
  paused,
  halted,
}: FleetProgress): { readonly wave: WaveProgress; readonly sinceMs: number } | undefined {
  const wave = waves.find(({ state }) => state === 'awaiting-approval');
  if (!wave || paused || halted) return undefined;
  const soaked = waves.flatMap(({ doneAt, soakMinutes, total }) =>
    doneAt === undefined || total === 0 ? [] : [Date.parse(doneAt) + soakMinutes * MINUTE_MS],
  );
  return { wave, sinceMs: Math.max(Date.parse(startedAt), ...soaked) };
}
