import type { ProcessInjected } from '../arena/process-faults.ts';
import type { World } from '../arena/world.ts';
import type { Kind } from '../faults/kinds.ts';
import type { Evidence, Violation } from '../oracles/evidence.ts';
import { saidState } from '../oracles/evidence.ts';

export interface PlayedCell {
  readonly phase: string;
  readonly step: string;
  readonly moment: string;
  readonly action: string;
  readonly made: boolean;
}

/** One run, as it stands in a file of results: one line of JSON. */
export interface RunResult {
  readonly seed: string;
  readonly at: string;
  readonly tenants: number;
  readonly states: Readonly<Record<string, number>>;
  /** How often each kind of fault was really made. */
  readonly injected: Readonly<Partial<Record<Kind, number>>>;
  /** Seconds until a tenant under way went on, after each kind of fault. */
  readonly resumedAfter: Readonly<Partial<Record<Kind, number[]>>>;
  readonly effects: number;
  readonly violations: Violation[];
  /** Of a run of the exhaustive table: which cell, and whether its moment came. */
  readonly cell?: PlayedCell;
  readonly story?: string;
}

export function resultOf(
  world: World,
  {
    evidences,
    violations,
    processFaults,
  }: {
    readonly evidences: readonly Evidence[];
    readonly violations: Violation[];
    readonly processFaults: readonly ProcessInjected[];
  },
): RunResult {
  const injected: Partial<Record<Kind, number>> = {};
  const resumedAfter: Partial<Record<Kind, number[]>> = {};
  const count = (kind: Kind): void => void (injected[kind] = (injected[kind] ?? 0) + 1);
  for (const { kind } of processFaults) count(kind);
  for (const evidence of evidences) {
    for (const { kind } of evidence.tenant.injected) count(kind);
    for (const { kind, at } of [...processFaults, ...evidence.tenant.injected]) {
      const seconds = resumption(evidence, at);
      if (seconds !== undefined) (resumedAfter[kind] ??= []).push(seconds);
    }
  }
  const states: Record<string, number> = {};
  for (const evidence of evidences) {
    const state = saidState(evidence) ?? 'unknown';
    states[state] = (states[state] ?? 0) + 1;
  }
  return {
    seed: world.seed,
    at: new Date().toISOString(),
    tenants: evidences.length,
    states,
    injected,
    resumedAfter,
    effects: evidences.reduce((sum, { deeds }) => sum + deeds.length, 0),
    violations,
    ...(violations.length > 0 ? { story: world.story.render() } : {}),
  };
}

/** Until the first request that changed something, where the tenant was under way: before the fault it had begun. */
function resumption({ deeds }: Evidence, at: number): number | undefined {
  const [first] = deeds;
  const next = deeds.find((deed) => deed.at > at);
  if (!first || first.at > at || !next) return undefined;
  return (next.at - at) / 1_000;
}
