import type { Ledger } from '../ledger.ts';
import { at } from '../spec/spec.ts';
import type { FleetTenantState } from '../tenant/states.ts';
import { statesThat, traitsOf } from '../tenant/states.ts';
import { byState, namesText } from './facts.ts';
import type { Occasion } from './occasions.ts';
import type { Told } from './told.ts';

const MINUTE_MS = 60_000;
/** What fails within so long is told together. */
const COLLECTS_MS = MINUTE_MS;
/** How long a cluster does not answer, after its tenants have given up waiting, before people are told. */
const UNREACHABLE_MS = 10 * MINUTE_MS;
/** One that comes and goes, and one that stays away, is told once in so long. */
const TOLD_AGAIN_MS = 24 * 60 * MINUTE_MS;

const UNREACHABLE: readonly FleetTenantState[] = ['unreachable'];
/** A person has to look at them, and not only at their clusters. */
const TROUBLED = statesThat(({ attention }) => attention !== undefined).filter(
  (state) => traitsOf(state).budget !== 'unreachable',
);

/**
 * Whom trouble has met since it was told last: told once it was collected for a minute, or at once where it `ends`; each wave by
 * itself.
 */
export function troubles(
  ledger: Ledger,
  told: Told,
  { nowMs, ends = false }: { readonly nowMs: number; readonly ends?: boolean },
): { readonly occasions: readonly Occasion[]; readonly told: Told } {
  const { counts, spec } = ledger;
  const sinceMs = (index: number): number => counts.entry(index)?.sinceMs ?? 0;
  const fresh = isAny(ledger, TROUBLED)
    ? counts.in(TROUBLED).filter((index) => sinceMs(index) >= told.troubleMs)
    : [];
  const { collectingMs = ends ? nowMs : undefined, ...rest } = told;
  if (collectingMs === undefined)
    return { occasions: [], told: fresh.length > 0 ? { ...told, collectingMs: nowMs } : told };
  if (!ends && nowMs < collectingMs + COLLECTS_MS) return { occasions: [], told };
  // What happens in this very moment is collected for another minute.
  const due = fresh.filter((index) => ends || sinceMs(index) < nowMs);
  const occasions = [...Map.groupBy(due, (index) => counts.waveOf(index))].map(([place, own]): Occasion => {
    const wave = at(spec.waves, place).name;
    const facts = { wave, event: byState(ledger, own), names: namesText(ledger, own) };
    return { trigger: 'on-failed', ofMs: collectingMs, wave, facts };
  });
  const left = due.length < fresh.length ? { collectingMs: nowMs } : {};
  return { occasions, told: { ...rest, troubleMs: nowMs, ...left } };
}

/** Clusters that have not answered for long, all in one message. */
export function unreachable(ledger: Ledger, told: Told, nowMs: number): Occasion[] {
  const due = lateClusters(ledger, told).filter(({ dueMs }) => dueMs <= nowMs);
  if (due.length === 0) return [];
  const indexes = due.flatMap(({ tenants }) => tenants);
  const event = `${due.length === 1 ? 'a cluster does' : `${due.length} clusters do`} not answer`;
  return [{ trigger: 'on-unreachable', ofMs: nowMs, facts: { event, names: namesText(ledger, indexes) } }];
}

/** With the mark of each cluster that the message is about. */
export function toldUnreachable(ledger: Ledger, told: Told, nowMs: number): Told {
  const marks = lateClusters(ledger, told)
    .filter(({ dueMs }) => dueMs <= nowMs)
    .map(({ cluster }) => [markOf(cluster), nowMs] as const);
  return { ...told, marks: { ...told.marks, ...Object.fromEntries(marks) } };
}

/** The next moment at which time alone makes something to be told, ms. */
export function nextTroubleMs(ledger: Ledger, told: Told, nowMs: number): number | undefined {
  const moments = [
    ...(told.collectingMs === undefined ? [] : [told.collectingMs + COLLECTS_MS]),
    ...lateClusters(ledger, told).map(({ dueMs }) => dueMs),
  ].filter((ms) => ms > nowMs);
  return moments.length > 0 ? Math.min(...moments) : undefined;
}

interface LateCluster {
  readonly cluster: string;
  readonly tenants: readonly number[];
  /** When it is told, ms. */
  readonly dueMs: number;
}

function lateClusters({ spec, counts }: Ledger, { marks }: Told): LateCluster[] {
  if (!isAny({ counts }, UNREACHABLE)) return [];
  const byCluster = Map.groupBy(
    counts.in(UNREACHABLE),
    (index) => at(spec.clusters, at(spec.tenants, index).cluster).cluster,
  );
  return [...byCluster].map(([cluster, tenants]) => {
    const firstMs = Math.min(...tenants.map((index) => counts.entry(index)?.sinceMs ?? Infinity));
    const toldMs = marks[markOf(cluster)];
    const againMs = toldMs === undefined ? 0 : toldMs + TOLD_AGAIN_MS;
    return { cluster, tenants, dueMs: Math.max(firstMs + UNREACHABLE_MS, againMs) };
  });
}

const markOf = (cluster: string): string => `on-unreachable/${cluster}`;

const isAny = ({ counts }: Pick<Ledger, 'counts'>, states: readonly FleetTenantState[]): boolean =>
  states.some((state) => counts.ofFleet[state] > 0);
