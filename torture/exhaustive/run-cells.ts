import { Arena } from '../arena/arena.ts';
import { gather } from '../arena/gather.ts';
import { Steward } from '../arena/steward.ts';
import { nameOf } from '../arena/tenant.ts';
import type { World } from '../arena/world.ts';
import type { Build } from '../build/build.ts';
import { activitiesOpenAt } from '../oracles/current-attempt.ts';
import type { Evidence } from '../oracles/evidence.ts';
import { saidState } from '../oracles/evidence.ts';
import { judge } from '../oracles/index.ts';
import { judgeSecrets } from '../oracles/secrets.ts';
import type { RunResult } from '../results/result.ts';
import { resultOf } from '../results/result.ts';
import { tellDeeds } from '../results/tell-deeds.ts';
import { playApiCells } from './api-cells.ts';
import { ENDS, isProcessAction } from './cells.ts';
import type { Cell } from './cells.ts';
import { Gathering } from './process-cells.ts';
import { rowNameOf } from './rows.ts';
import { planOf } from './scenario.ts';

const LINGER_MS = 3_000;
const WORKERS = 2;

export const cellName = ({ row, moment, action }: Cell): string =>
  `${row.phase}: ${row.step}: ${moment}: ${action}`;

/**
 * Plays upgrades side by side, each with the cells of one phase that it has to bear one after the other. Where they are
 * about processes, each has one, all of one moment and one action. Returns what became of each cell, in this order.
 */
export async function runCells(build: Build, upgrades: readonly (readonly Cell[])[]): Promise<RunResult[]> {
  const arena = await Arena.open(build);
  try {
    const first = upgrades[0]?.[0];
    const gathering =
      first && isProcessAction(first.action)
        ? new Gathering(arena, { action: first.action, moment: first.moment, expected: upgrades.length })
        : undefined;
    const madeAt = new Map<Cell, () => number | undefined>();
    for (const cells of upgrades) {
      const [cell] = cells;
      if (!cell) continue;
      const world = await arena.addWorld(planOf(cell.row.phase, cellName(cell)));
      if (gathering) {
        gathering.play(world, cell);
        madeAt.set(cell, () => gathering.madeAt(world));
      } else
        playApiCells(arena, world, cells).forEach((made, place) => {
          const played = cells[place];
          if (played) madeAt.set(played, made);
        });
    }
    await Promise.all(Array.from({ length: WORKERS }, () => arena.crew.start()));
    const steward = new Steward(arena);
    const acted = Promise.resolve(gathering?.act()).finally(() => (steward.isCalm = true));
    for (const { tenants } of arena.worlds) for (const tenant of tenants) await arena.operator.start(tenant);
    await steward.untilRest();
    await acted;
    await new Promise((resolve) => setTimeout(resolve, LINGER_MS));
    const results: RunResult[] = [];
    for (const [place, cells] of upgrades.entries()) {
      const world = arena.worlds[place];
      if (world) results.push(...(await resultsOf(arena, world, { cells, steward, madeAt })));
    }
    // Nobody knows whose they are: they are each one's.
    const told = await judgeSecrets(arena);
    for (const { violations } of results) violations.push(...told);
    return results;
  } finally {
    await arena.close();
  }
}

async function resultsOf(
  arena: Arena,
  world: World,
  {
    cells,
    steward,
    madeAt,
  }: {
    readonly cells: readonly Cell[];
    readonly steward: Steward;
    readonly madeAt: ReadonlyMap<Cell, () => number | undefined>;
  },
): Promise<RunResult[]> {
  const [tenant] = world.tenants;
  const [first] = cells;
  if (!tenant || !first) throw new Error('cells have one tenant');
  const { phase } = first.row;
  for (const { action } of cells)
    if (!isProcessAction(action))
      tenant.injected.push({ kind: KINDS[action] ?? 'error-500', at: Date.now() });
  if (phase === 'abort' || phase === 'revert') tenant.injected.push({ kind: 'abort', at: 0 });
  const processFaults = cells.flatMap(({ action }) =>
    isProcessAction(action) ? [{ kind: PROCESS_KINDS[action], at: 0, overAt: Date.now() }] : [],
  );
  const evidence = await gather(arena, tenant, processFaults);
  const violations = judge(evidence);
  const state = saidState(evidence) ?? 'unknown';
  if (state !== ENDS[phase]) violations.push({ oracle: 'end', what: `${state}, and must be ${ENDS[phase]}` });
  for (const stuck of steward.stuck)
    if (stuck.tenant === tenant)
      violations.push({ oracle: 'stuck', what: `${stuck.failure.type}: ${stuck.failure.message}` });
  if (steward.restless.includes(tenant))
    violations.push({ oracle: 'restless', what: 'did not come to rest' });
  tellDeeds(world.story, evidence);
  world.story.lines.push(...arena.story.lines);
  world.story.tell(`${nameOf(tenant)}: at rest: ${state}`);
  return cells.map((cell) => ({
    ...resultOf(world, { evidences: [evidence], violations: [...violations], processFaults: [] }),
    seed: cellName(cell),
    injected: {},
    resumedAfter: {},
    cell: {
      phase,
      step: cell.row.step,
      moment: cell.moment,
      action: cell.action,
      made: isAtItsStep(cell, madeAt.get(cell)?.(), evidence),
    },
  }));
}

/** Requests are counted, and a fault may add some: what was disturbed is this step's only where history says so. */
function isAtItsStep({ row }: Cell, at: number | undefined, { lives }: Evidence): boolean {
  if (at === undefined) return false;
  return lives
    .flatMap((life) => activitiesOpenAt(life, at))
    .some((activity) => rowNameOf(activity) === row.step);
}

const PROCESS_KINDS = {
  'kill worker': 'worker-kill',
  'kill Temporal': 'temporal-kill',
  'kill both': 'both-kill',
  'stop and go on': 'worker-stop',
} as const;

const KINDS = {
  cut: 'cut-after',
  silence: 'silence-after',
  '409': 'conflict-409',
  '429': 'throttled-429',
  '500': 'error-500',
  '401': 'unauthorized-401',
  '403': 'forbidden-403',
} as const;
