import { Arena } from '../arena/arena.ts';
import { resultOfFleet, startFleet } from '../arena/fleets.ts';
import { gather } from '../arena/gather.ts';
import type { ProcessInjected } from '../arena/process-faults.ts';
import { makeProcessFaults } from '../arena/process-faults.ts';
import { Steward } from '../arena/steward.ts';
import { nameOf } from '../arena/tenant.ts';
import { untilAnswered } from '../arena/until-answered.ts';
import type { World } from '../arena/world.ts';
import type { Build } from '../build/build.ts';
import type { Evidence, Violation } from '../oracles/evidence.ts';
import { saidState } from '../oracles/evidence.ts';
import { judgeFleet } from '../oracles/fleet.ts';
import { judge } from '../oracles/index.ts';
import { judgePlace } from '../oracles/place.ts';
import { judgeSecrets } from '../oracles/secrets.ts';
import type { RunResult } from '../results/result.ts';
import { resultOf } from '../results/result.ts';
import { tellDeeds } from '../results/tell-deeds.ts';
import type { GroupPlan } from './plan.ts';

const WORKERS = 2;
/** For what lands late, and for a worker that wakes: nothing may happen any more. */
const LINGER_MS = 3_000;

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Runs every world of a plan side by side, on one Temporal and two workers, and judges each. */
export async function runGroup(build: Build, plan: GroupPlan): Promise<RunResult[]> {
  const arena = await Arena.open(build);
  try {
    for (const world of plan.worlds) await arena.addWorld(world);
    await Promise.all(Array.from({ length: WORKERS }, () => arena.crew.start()));
    const startedAt = Date.now();
    const steward = new Steward(arena);
    const faults = makeProcessFaults(arena, plan.faults, startedAt).finally(() => (steward.isCalm = true));
    await startAll(arena, plan);
    await steward.untilRest();
    const processFaults = await faults;
    for (const world of arena.worlds) world.endFaults();
    await sleep(LINGER_MS);
    return await judgeAll(arena, steward, processFaults);
  } finally {
    await arena.close();
  }
}

async function startAll(arena: Arena, { worlds }: GroupPlan): Promise<void> {
  const starts = worlds.flatMap(({ tenants }, place) => {
    const world = arena.worlds[place];
    if (!world) return [];
    if (world.fleet !== undefined) return [untilAnswered(() => startFleet(arena.client, world))];
    return tenants.map(async ({ startsAfterMs }, index) => {
      await sleep(startsAfterMs);
      const tenant = world.tenants[index];
      if (tenant) await untilAnswered(() => arena.operator.start(tenant));
    });
  });
  await Promise.all(starts);
}

async function judgeAll(
  arena: Arena,
  steward: Steward,
  processFaults: readonly ProcessInjected[],
): Promise<RunResult[]> {
  const results: RunResult[] = [];
  for (const world of arena.worlds) {
    const evidences: Evidence[] = [];
    for (const tenant of world.tenants) evidences.push(await gather(arena, tenant, processFaults));
    const violations = [
      ...evidences.flatMap((evidence) =>
        judge(evidence).map(({ oracle, what }) => ({ oracle, what: `${nameOf(evidence.tenant)}: ${what}` })),
      ),
      ...judgePlace(world),
      ...restlessness(world, steward),
      ...(world.fleet === undefined ? [] : judgeFleet(await resultOfFleet(arena.client, world), evidences)),
    ];
    for (const evidence of evidences) tellDeeds(world.story, evidence);
    for (const evidence of evidences)
      world.story.tell(`${nameOf(evidence.tenant)}: at rest: ${saidState(evidence) ?? 'unknown'}`);
    world.story.lines.push(...arena.story.lines);
    results.push(resultOf(world, { evidences, violations, processFaults }));
  }
  const [first] = results;
  first?.violations.push(...(await judgeSecrets(arena)));
  return results;
}

function restlessness(world: World, { stuck, restless }: Steward): Violation[] {
  return [
    ...stuck
      .filter(({ tenant }) => world.tenants.includes(tenant))
      .map(({ tenant, failure }) => ({
        oracle: 'stuck',
        what: `${nameOf(tenant)}: held again and again, with nothing left that could be wrong: ${failure.type}: ${failure.message}`,
      })),
    ...restless
      .filter((tenant) => world.tenants.includes(tenant))
      .map((tenant) => ({ oracle: 'restless', what: `${nameOf(tenant)}: did not come to rest` })),
  ];
}
