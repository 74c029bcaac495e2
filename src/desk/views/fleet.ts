import { commonLabels } from '../../domain/fleet/spec/labels.ts';
import { WORKING_SHOWN } from '../../cli/fleet/render/attention.ts';
import { estimateEnd, STANDS_STILL } from '../../domain/fleet/show/estimate.ts';
import type { BudgetView, FleetProgress } from '../../domain/fleet/show/progress.ts';
import { pathsShown } from '../../domain/fleet/show/progress.ts';
import type { FleetSpec } from '../../domain/fleet/spec/spec.ts';
import { fleetWorkflowId } from '../../domain/fleet/spec/spec.ts';
import type { StateCounts } from '../../domain/fleet/tenant/states.ts';
import {
  BUDGET_KINDS,
  countOf,
  countsByBudget,
  hasSlot,
  IN_FLIGHT,
} from '../../domain/fleet/tenant/states.ts';
import { pointOfNoReturnIn } from '../../domain/tenant/step.ts';
import type { Acting, BudgetBar, ClusterChoice, FleetPage, PathColumns } from '../contract.ts';
import type { Source } from '../source/source.ts';
import { offersOfFleet } from './offers.ts';
import { placeOf } from './place.ts';
import { windowLines } from './windows.ts';

/** More would be a list that nobody reads: what is not offered can stand in the address. */
const LABELS_OFFERED = 100;

/** Everything that is shown of a fleet, but for the rows of its tenants. Throws as `fleet status` does. */
export async function fleetView(source: Source, name: string): Promise<FleetPage> {
  const fleet = source.fleet(name);
  const { found, progress, standsStill } = await fleet.seen();
  const { spec, shape } = await fleet.spec();
  const isEnded = progress.phase === 'ended';
  const nowMs = Date.now();
  const { current } = progress.waves.reduce<{ readonly current?: string }>(
    (first, wave) =>
      first.current === undefined && wave.state !== 'done' && wave.total > 0 ? { current: wave.name } : first,
    {},
  );
  return {
    progress,
    ...(standsStill === undefined ? {} : { standsStill }),
    sitesWithoutWorker: isEnded ? [] : await fleet.sites(),
    ...(isEnded
      ? {}
      : { end: standsStill === undefined ? estimateEnd(progress, shape, nowMs) : STANDS_STILL }),
    path: pathsShown(progress),
    ...(current === undefined ? {} : { currentWave: current }),
    acting: await acting(source, progress),
    budgets: budgetsOf(progress),
    slots: { taken: countOf(progress.counts, IN_FLIGHT), of: progress.limits.maxConcurrent },
    windows: windowLines(spec, progress, nowMs),
    offers: offersOfFleet(progress),
    clusters: clustersOf(spec),
    labels: commonLabels(spec, LABELS_OFFERED),
    columns: columnsOf(spec),
    rowsVersion: (await fleet.linesIfWanted())?.version ?? 0,
    workflow: placeOf(source, fleetWorkflowId(name), found?.description.runId ?? ''),
  };
}

/** Those that a screen of the command shows, each with what it is at. */
async function acting(source: Source, { running }: FleetProgress): Promise<Acting[]> {
  const steps = await source.steps.of(running.slice(0, WORKING_SHOWN));
  return running.map((line): Acting => {
    const { name, tenant, wave, state, since, attempts, notBefore, site } = line;
    const seen = steps.get(name);
    return {
      ...{ name, tenant, wave, state, since, attempts, hasSlot: hasSlot(state) },
      at: seen?.at ?? state,
      ...(seen?.atSince === undefined ? {} : { atSince: seen.atSince }),
      ...(notBefore === undefined ? {} : { notBefore }),
      ...(site === undefined ? {} : { site }),
    };
  });
}

function budgetsOf({ limits, counts, waves }: FleetProgress): BudgetBar[] {
  return [
    ...barsOf(limits.failureBudget, counts),
    ...waves.flatMap(({ name, failureBudget, counts: own }) =>
      failureBudget
        ? barsOf(failureBudget, own)
            .filter(({ allowed }) => allowed !== undefined)
            .map((bar) => ({ ...bar, wave: name }))
        : [],
    ),
  ];
}

function barsOf(budget: BudgetView, counts: StateCounts): BudgetBar[] {
  const used = countsByBudget(counts);
  return BUDGET_KINDS.map((kind) => {
    // As it is said everywhere: `3`, `2 (5% of 41)`, or `any number`.
    const allowed = Number.parseInt(budget[kind], 10);
    return { kind, used: used[kind], words: budget[kind], ...(Number.isNaN(allowed) ? {} : { allowed }) };
  });
}

function clustersOf({ clusters, tenants }: FleetSpec): ClusterChoice[] {
  const counts = new Map<number, number>();
  for (const { cluster } of tenants) counts.set(cluster, (counts.get(cluster) ?? 0) + 1);
  return clusters.map(({ name, context, cluster }, index) => ({
    name: name ?? context,
    cluster,
    tenants: counts.get(index) ?? 0,
  }));
}

function columnsOf({ paths }: Pick<FleetSpec, 'paths'>): PathColumns[] {
  return paths.map(({ from, to, steps }) => {
    const crossing = pointOfNoReturnIn(steps)?.id;
    return {
      path: `${from}-${to}`,
      steps: steps.map(({ id, title, guide }) => ({
        ...{ id, title, guide },
        ...(id === crossing ? { pointOfNoReturn: true } : {}),
      })),
    };
  });
}
