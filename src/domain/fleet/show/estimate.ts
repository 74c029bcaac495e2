import type { FleetSpec } from '../spec/spec.ts';
import { at } from '../spec/spec.ts';
import { neededToStartMs } from '../rules/forecast.ts';
import type { StateCounts } from '../tenant/states.ts';
import { countOf, STUCK, UNDER_WAY, WAITING } from '../tenant/states.ts';
import type { FleetProgress, WaveProgress } from './progress.ts';
import { findWindow } from '../../windows/find-window.ts';
import type { WindowPolicy } from '../../windows/policy.ts';

const MINUTE_MS = 60_000;
/** Windows looked at for one wave: years of nightly ones. */
const MOST_WINDOWS = 1_500;

/** When a fleet will have ended; `provided`: what must come true for it. */
export type FleetEnd =
  | { readonly kind: 'at'; readonly ms: number; readonly provided: readonly string[] }
  | { readonly kind: 'unknown'; readonly why: string };

/** Nobody carries it on: then it has no end, however long what is left would take. */
export const STANDS_STILL: FleetEnd = { kind: 'unknown', why: 'it stands still' };

/** How the tenants of each wave lie over clusters and windows; made once for a spec, read at every look. */
export interface FleetShape {
  readonly windows: readonly WindowPolicy[];
  readonly waves: readonly {
    readonly name: string;
    readonly size: number;
    /** How many keep to each window policy. */
    readonly policies: ReadonlyMap<number, number>;
    readonly clusters: readonly { readonly tenants: number; readonly maxConcurrent?: number }[];
  }[];
}

export function fleetShape(spec: FleetSpec): FleetShape {
  let first = 0;
  const waves = spec.waves.map(({ name, tenants: size }) => {
    const policies = new Map<number, number>();
    const clusters = new Map<number, number>();
    for (const { profile, cluster } of spec.tenants.slice(first, first + size)) {
      const { windows } = at(spec.profiles, profile);
      policies.set(windows, (policies.get(windows) ?? 0) + 1);
      clusters.set(cluster, (clusters.get(cluster) ?? 0) + 1);
    }
    first += size;
    const limited = [...clusters].map(([cluster, tenants]) => {
      const { maxConcurrent } = at(spec.clusters, cluster);
      return maxConcurrent === undefined ? { tenants } : { tenants, maxConcurrent };
    });
    return { name, size, policies, clusters: limited };
  });
  return { windows: spec.windows, waves };
}

/**
 * Wave after wave: what is left, divided by how many may be in flight, each as long as is predicted, inside the windows
 * only. Says `unknown` where somebody must decide first, or no window is long enough.
 */
export function estimateEnd(progress: FleetProgress, shape: FleetShape, nowMs: number): FleetEnd {
  const stands = whyUnknown(progress);
  if (stands !== undefined) return { kind: 'unknown', why: stands };
  const provided: string[] = [];
  let cursorMs = nowMs;
  let soakedMs = nowMs;
  for (const wave of progress.waves) {
    if (wave.total === 0) continue;
    if (wave.state === 'done' && left(wave.counts) === 0) {
      const doneMs = wave.doneAt === undefined ? nowMs : Date.parse(wave.doneAt);
      soakedMs = Math.max(soakedMs, doneMs + wave.soakMinutes * MINUTE_MS);
      continue;
    }
    if (wave.approval === 'required' && !wave.approvedBy && wave.startedAt === undefined)
      provided.push(`wave ${wave.name} is approved as soon as it may be`);
    const startMs = wave.startedAt === undefined ? Math.max(cursorMs, soakedMs) : cursorMs;
    const end = endOfWave(progress, shape, wave, startMs);
    if (typeof end === 'string') return { kind: 'unknown', why: end };
    cursorMs = Math.max(cursorMs, end);
    soakedMs = Math.max(soakedMs, end + wave.soakMinutes * MINUTE_MS);
  }
  const stuck = countOf(progress.counts, STUCK);
  if (stuck > 0) provided.push(`somebody decides about the ${stuck} ${STUCK.join(' or ')}`);
  return { kind: 'at', ms: cursorMs, provided };
}

function whyUnknown({ phase, paused, halted }: FleetProgress): string | undefined {
  switch (phase) {
    case 'pausing':
    case 'paused':
      return `the fleet is paused${paused ? ` by ${paused.by}` : ''}`;
    case 'halted':
      return `the fleet has halted${halted ? `: ${halted.why}` : ''}`;
    case 'needs-decisions':
      return 'all that is left needs somebody';
    case 'aborting':
      return 'the fleet is being aborted';
    case 'ended':
      return 'it has ended';
    default:
      return undefined;
  }
}

const left = (counts: StateCounts): number => countOf(counts, [...WAITING, ...UNDER_WAY]);

/** A sentence where it cannot be said. */
function endOfWave(
  progress: FleetProgress,
  shape: FleetShape,
  wave: WaveProgress,
  fromMs: number,
): number | string {
  const remaining = left(wave.counts);
  const known = shape.waves.find(({ name }) => name === wave.name);
  if (remaining === 0) return fromMs;
  if (!known || known.size === 0) return `wave ${wave.name} is being changed`;
  const atOnce = Math.min(
    progress.limits.maxConcurrent,
    wave.maxConcurrent ?? Infinity,
    known.clusters.reduce(
      (sum, { tenants, maxConcurrent = progress.limits.maxConcurrentPerCluster }) =>
        sum + Math.min(tenants, maxConcurrent),
      0,
    ),
    remaining,
  );
  let endMs = fromMs;
  for (const [policy, tenants] of known.policies) {
    const share = tenants / known.size;
    const end = endInWindows(at(shape.windows, policy), progress, {
      fromMs,
      tenants: Math.ceil(remaining * share),
      atOnce: Math.max(1, Math.floor(atOnce * share)),
    });
    if (typeof end === 'string') return end;
    endMs = Math.max(endMs, end);
  }
  return endMs;
}

function endInWindows(
  policy: WindowPolicy,
  { forecast }: FleetProgress,
  { fromMs, tenants, atOnce }: { readonly fromMs: number; readonly tenants: number; readonly atOnce: number },
): number | string {
  const eachMs = Math.max(1_000, forecast.stageMs + forecast.switchMs);
  const neededMs = neededToStartMs(forecast);
  let atMs = fromMs;
  let waiting = tenants;
  for (let looked = 0; looked < MOST_WINDOWS; looked += 1) {
    const answer = findWindow(policy, neededMs, atMs);
    if (answer.status === 'never') return answer.why;
    if (answer.status !== 'open') {
      atMs = answer.opensAtMs;
      continue;
    }
    const rounds = Math.ceil(waiting / atOnce);
    const fit =
      answer.closesAtMs === undefined
        ? rounds
        : Math.floor((answer.closesAtMs - atMs - neededMs) / eachMs) + 1;
    if (rounds <= fit || answer.closesAtMs === undefined) return atMs + rounds * eachMs;
    waiting -= fit * atOnce;
    atMs = answer.closesAtMs;
  }
  return `it would take more than ${MOST_WINDOWS} windows`;
}
