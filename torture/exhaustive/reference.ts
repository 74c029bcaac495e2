import { Arena } from '../arena/arena.ts';
import { gather } from '../arena/gather.ts';
import { Steward } from '../arena/steward.ts';
import { pathOf } from '../arena/operator.ts';
import type { Build, Paths } from '../build/build.ts';
import type { Evidence } from '../oracles/evidence.ts';
import { saidState } from '../oracles/evidence.ts';
import { checkCoverage, ENDING, rowsOf } from './rows.ts';
import type { Phase } from './place.ts';
import type { Row } from './rows.ts';
import { planOf, playScenario } from './scenario.ts';
import { ENDS } from './cells.ts';

/** Every row of the table, from undisturbed upgrades of today's path: one for each way that an upgrade can go. */
export async function enumerateRows(build: Build): Promise<Row[]> {
  const arena = await Arena.open(build);
  try {
    const phases: readonly Phase[] = ['there', 'revert', 'abort'];
    for (const phase of phases) {
      const world = await arena.addWorld(planOf(phase, phase));
      playScenario(phase, { arena, world, then: () => undefined });
    }
    await arena.crew.start();
    const steward = new Steward(arena);
    steward.isCalm = true;
    const heard = new Map<Phase, Evidence>();
    // One after another: what belongs to which step is told by time.
    for (const [place, phase] of phases.entries()) {
      const tenant = arena.worlds[place]?.tenants[0];
      if (!tenant) continue;
      await arena.operator.start(tenant);
      await steward.untilRest();
      const evidence = await gather(arena, tenant, []);
      if (saidState(evidence) !== ENDS[phase])
        throw new Error(`an undisturbed upgrade (${phase}) is ${saidState(evidence) ?? 'lost'}`);
      heard.set(phase, evidence);
    }
    const rows = rowsIn(heard, build.paths);
    checkCoverage(rows, build.paths);
    return rows;
  } finally {
    await arena.close();
  }
}

function rowsIn(heard: ReadonlyMap<Phase, Evidence>, paths: Paths): Row[] {
  const of = (phase: Phase) => {
    const evidence = heard.get(phase);
    const activities = evidence?.lives.flatMap((life) => life.activities) ?? [];
    const { tenant } = evidence ?? {};
    const arrivals = (tenant?.site.wire.arrivals ?? []).filter(
      ({ namespace }) => namespace === tenant?.namespace,
    );
    return { activities, arrivals };
  };
  const there = of('there');
  const crossing = pathOf(paths, { impersonation: true }).steps.find(
    (step) => step.kind === 'roll-out' && step.pointOfNoReturn === true,
  );
  const crossedAt = there.activities.find(({ stepId }) => stepId === crossing?.id)?.scheduledAt ?? Infinity;
  const ahead = new Set(there.activities.map(({ type }) => type));
  const isCompensation = ({ type }: { readonly type: string }): boolean =>
    !ahead.has(type) || type === ENDING;
  return [
    ...rowsOf('there', there, ({ scheduledAt }) => scheduledAt < crossedAt),
    ...rowsOf('past', there, ({ scheduledAt }) => scheduledAt >= crossedAt),
    ...rowsOf('revert', of('revert'), isCompensation),
    ...rowsOf('abort', of('abort'), isCompensation),
  ];
}
