import type { FleetProgress } from '../../domain/fleet/show/progress.ts';
import { describeWindows } from '../../domain/fleet/spec/describe.ts';
import type { FleetSpec } from '../../domain/fleet/spec/spec.ts';
import { at } from '../../domain/fleet/spec/spec.ts';
import { openSpans } from '../../domain/windows/find-window.ts';
import type { Span } from '../contract.ts';
import type { WindowLine } from '../contract.ts';

const HOUR_MS = 3_600_000;
const BEFORE_MS = 12 * HOUR_MS;
const AHEAD_MS = 14 * 24 * HOUR_MS;

/** Each set of windows as a line over the next two weeks; the same for an hour, as whoever looks is sent what changes. */
export function windowLines(
  { windows, profiles, tenants }: FleetSpec,
  { waitingFor }: Pick<FleetProgress, 'waitingFor'>,
  nowMs: number,
): WindowLine[] {
  const fromMs = Math.floor(nowMs / HOUR_MS) * HOUR_MS - BEFORE_MS;
  const untilMs = fromMs + BEFORE_MS + AHEAD_MS;
  const keeping = countBy(tenants.map(({ profile }) => at(profiles, profile).windows));
  return windows.map((policy, index): WindowLine => {
    const { open, frozen } = openSpans(policy, fromMs, untilMs);
    const clipped = (span: { readonly fromMs: number; readonly toMs: number }): Span => ({
      fromMs: Math.max(fromMs, span.fromMs),
      untilMs: Math.min(untilMs, span.toMs),
    });
    const zones = [...policy.windows, ...policy.freezes].map(({ zone }) => zone);
    return {
      index,
      words: describeWindows(policy),
      zones: [...new Set(zones)],
      tenants: keeping.get(index) ?? 0,
      waiting: waitingFor.find((one) => one.windows === index)?.tenants ?? 0,
      open: open.map(clipped),
      frozen: frozen.map((span) => ({
        ...clipped(span),
        ...(span.name === undefined ? {} : { name: span.name }),
      })),
      ...{ fromMs, untilMs },
    };
  });
}

function countBy(indexes: readonly number[]): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  for (const index of indexes) counts.set(index, (counts.get(index) ?? 0) + 1);
  return counts;
}
