import { Arena } from '../arena/arena.ts';
import { gather } from '../arena/gather.ts';
import { Steward } from '../arena/steward.ts';
import { nameOf } from '../arena/tenant.ts';
import type { World } from '../arena/world.ts';
import type { Build } from '../build/build.ts';
import { saidState } from '../oracles/evidence.ts';
import { judge } from '../oracles/index.ts';
import { judgeSecrets } from '../oracles/secrets.ts';
import type { RunResult } from '../results/result.ts';
import { resultOf } from '../results/result.ts';
import { tellDeeds } from '../results/tell-deeds.ts';
import { playApiCell } from './api-cells.ts';
import { ENDS, isProcessAction } from './cells.ts';
import type { Cell } from './cells.ts';
import { Gathering } from './process-cells.ts';
import { planOf } from './scenario.ts';

const LINGER_MS = 3_000;
const WORKERS = 2;

export const cellName = ({ row, moment, action }: Cell): string =>
  `${row.phase}: ${row.step}: ${moment}: ${action}`;

/** Plays cells side by side; where they are about processes, all of one moment and one action. */
export async function runCells(build: Build, cells: readonly Cell[]): Promise<RunResult[]> {
  const arena = await Arena.open(build);
  try {
    const [first] = cells;
    const gathering =
      first && isProcessAction(first.action)
        ? new Gathering(arena, { action: first.action, moment: first.moment, expected: cells.length })
        : undefined;
    const isMade = new Map<World, () => boolean>();
    for (const cell of cells) {
      const world = await arena.addWorld(planOf(cell.row.phase, cellName(cell)));
      if (gathering) {
        gathering.play(world, cell);
        isMade.set(world, () => gathering.has(world));
      } else isMade.set(world, playApiCell(arena, world, cell));
    }
    await Promise.all(Array.from({ length: WORKERS }, () => arena.crew.start()));
    const steward = new Steward(arena);
    const acted = Promise.resolve(gathering?.act()).finally(() => (steward.isCalm = true));
    for (const { tenants } of arena.worlds) for (const tenant of tenants) await arena.operator.start(tenant);
    await steward.untilRest();
    await acted;
    await new Promise((resolve) => setTimeout(resolve, LINGER_MS));
    const results: RunResult[] = [];
    for (const [place, cell] of cells.entries()) {
      const world = arena.worlds[place];
      if (world)
        results.push(
          await resultOfCell(arena, world, { cell, steward, made: isMade.get(world)?.() ?? false }),
        );
    }
    results[0]?.violations.push(...(await judgeSecrets(arena)));
    return results;
  } finally {
    await arena.close();
  }
}

async function resultOfCell(
  arena: Arena,
  world: World,
  { cell, steward, made }: { readonly cell: Cell; readonly steward: Steward; readonly made: boolean },
): Promise<RunResult> {
  const [tenant] = world.tenants;
  if (!tenant) throw new Error('a cell has one tenant');
  const { action, moment, row } = cell;
  if (!isProcessAction(action)) tenant.injected.push({ kind: KINDS[action] ?? 'error-500', at: Date.now() });
  if (row.phase === 'abort' || row.phase === 'revert') tenant.injected.push({ kind: 'abort', at: 0 });
  const evidence = await gather(arena, tenant, []);
  const violations = judge(evidence);
  const state = saidState(evidence) ?? 'unknown';
  if (state !== ENDS[row.phase])
    violations.push({ oracle: 'end', what: `${state}, and must be ${ENDS[row.phase]}` });
  for (const stuck of steward.stuck)
    if (stuck.tenant === tenant)
      violations.push({ oracle: 'stuck', what: `${stuck.failure.type}: ${stuck.failure.message}` });
  if (steward.restless.includes(tenant))
    violations.push({ oracle: 'restless', what: 'did not come to rest' });
  tellDeeds(world.story, evidence);
  world.story.lines.push(...arena.story.lines);
  world.story.tell(`${nameOf(tenant)}: at rest: ${state}`);
  return {
    ...resultOf(world, { evidences: [evidence], violations, processFaults: [] }),
    injected: {},
    resumedAfter: {},
    cell: { phase: row.phase, step: row.step, moment, action, made },
  };
}

const KINDS = {
  cut: 'cut-after',
  silence: 'silence-after',
  '409': 'conflict-409',
  '429': 'throttled-429',
  '500': 'error-500',
  '401': 'unauthorized-401',
  '403': 'forbidden-403',
} as const;
