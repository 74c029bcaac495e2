import type { Arena } from '../arena/arena.ts';
import type { Tenant } from '../arena/tenant.ts';
import type { World } from '../arena/world.ts';
import type { Arrival, Course, Verdict } from '../faults/course.ts';
import type { ApiAction, Cell } from './cells.ts';
import { arrivalAt } from './counting.ts';
import { playScenario } from './scenario.ts';
import { stopBetween } from './stop-between.ts';

/** How many requests meet the fault: it is there for a while. */
const HITS = 2;

type Refusal = Exclude<Verdict, { do: 'late' }>;

function verdictOf(action: ApiAction): Refusal {
  switch (action) {
    case 'cut':
      return { do: 'cut' };
    case 'silence':
      return { do: 'silence' };
    case '429':
      return { do: 'refuse', status: 429, retryAfterSeconds: 1 };
    default:
      return { do: 'refuse', status: Number(action) };
  }
}

type Script = (tenant: Tenant, arrival: Arrival) => Course | undefined;

/** Plays the scenario of these cells of one phase, each with its fault at its moment. Returns when each came to its point, where it was made. */
export function playApiCells(
  arena: Arena,
  world: World,
  cells: readonly Cell[],
): (() => number | undefined)[] {
  const played = cells.map((cell) => playCell(arena, world, cell));
  const [first] = cells;
  if (first)
    playScenario(first.row.phase, {
      arena,
      world,
      then: (tenant, arrival) => {
        // Each counts what arrives, also where another one has its turn.
        const courses = played.map(({ script }) => script(tenant, arrival));
        return courses.find((course) => course !== undefined);
      },
    });
  return played.map(({ madeAt }) => madeAt);
}

function playCell(
  arena: Arena,
  world: World,
  { row, moment, action }: Cell,
): { readonly script: Script; readonly madeAt: () => number | undefined } {
  const verdict = verdictOf(action as ApiAction);
  // Half a minute is long enough once.
  let left = action === 'silence' ? 1 : HITS;
  let armed = false;
  let made = false;
  let cameAt: number | undefined;
  const isPoint = arrivalAt(row.phase, row.point);
  const hit = (course: Course): Course => {
    left -= 1;
    made = true;
    world.story.tell(`${action}, ${moment} ${row.step}`);
    return course;
  };
  const refuse: Course = { before: () => verdict };

  return {
    madeAt: () => (made ? cameAt : undefined),
    script: (tenant, arrival) => {
      const isAt = isPoint(arrival);
      if (armed && left > 0) return hit(refuse);
      if (!isAt) return undefined;
      cameAt = arrival.at;
      if (moment === 'before') {
        armed = true;
        return hit(refuse);
      }
      if (moment === 'answer lost') {
        armed = true;
        left = 1;
        return hit({ after: () => verdict });
      }
      if (moment === 'not reported') {
        armed = true;
        return undefined;
      }
      return stopBetween(arena, tenant, () => {
        armed = true;
        return Promise.resolve();
      });
    },
  };
}
