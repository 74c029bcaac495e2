import { pathOf } from '../arena/operator.ts';
import type { Paths } from '../build/build.ts';
import type { Arrival } from '../faults/course.ts';
import { isWrite } from '../faults/course.ts';
import type { Activity } from '../oracles/evidence.ts';
import { isSameRequest, numbering } from './counting.ts';
import type { Phase, Place, Point } from './place.ts';

/** One step of one phase: a row of the table. */
export interface Row {
  readonly phase: Phase;
  /** `tag-amp-system`, or the activity's own name where it belongs to no step. */
  readonly step: string;
  /** Its first write, or where it only reads its first read. */
  readonly point: Place;
  /** The request before it in the same activity. */
  readonly previous: Place | undefined;
  /** Nothing of the upgrade comes after it. */
  readonly isLast: boolean;
  /** What comes after it comes without a gate: between them there is no moment. */
  readonly goesOnAtOnce: boolean;
}

interface Heard {
  readonly arrivals: readonly Arrival[];
  readonly activities: readonly Activity[];
}

/**
 * The rows of a phase, from what an undisturbed upgrade was heard to do: every activity whose beginning lies between
 * `from` and `to`, each with the request at which it is disturbed. Throws for one that makes no request.
 */
export function rowsOf(
  phase: Phase,
  { arrivals, activities }: Heard,
  isOf: (activity: Activity) => boolean,
): Row[] {
  const numberOf = numbering(phase);
  const heard = arrivals.flatMap((arrival) => {
    const point = numberOf(arrival);
    return point ? [{ arrival, point, activity: ownerOf(arrival, activities) }] : [];
  });
  const asking = activities.filter(isAsking);
  let before: Point | undefined;
  return asking.filter(isOf).map((activity): Row => {
    const own = heard.filter((request) => request.activity === activity);
    const place = Math.max(
      0,
      own.findIndex(({ arrival }) => isWrite(arrival)),
    );
    const chosen = own[place];
    if (!chosen) throw new Error(`${rowNameOf(activity)} makes no request that could be disturbed`);
    const previous = own[place - 1]?.point;
    const placed = (point: Point): Place =>
      before && point.method === 'GET' ? { ...point, ...sinceThen(heard, before, point) } : point;
    const row = {
      phase,
      step: rowNameOf(activity),
      point: placed(chosen.point),
      previous: previous && placed(previous),
      isLast: activity === asking.at(-1),
      goesOnAtOnce:
        rowNameOf(activity) === LAST_LOOK || asking[asking.indexOf(activity) + 1]?.type === ENDING,
    };
    before = chosen.point;
    return row;
  });
}

/** Nothing where it came before that. */
function sinceThen(
  heard: readonly { readonly point: Point }[],
  before: Point,
  chosen: Point,
): Pick<Place, 'after'> {
  const between = heard.slice(heard.findIndex(({ point }) => point === before) + 1);
  const place = between.findIndex(({ point }) => point === chosen);
  if (place < 0) return {};
  const more = between.slice(0, place + 1).filter(({ point }) => isSameRequest(point, chosen)).length;
  return { after: { point: before, more } };
}

/** The activity that takes the claim off. */
export const ENDING = 'endUpgrade';
/** Without a step of its own: right before the point of no return is crossed. */
const LAST_LOOK = 'verifyStaged';

/** Of these a cluster hears nothing, or nothing but a glance. */
const UNHEARD: readonly string[] = ['findWindow', 'listPausedDeploymentConfigs', 'keepTenantReport'];

const isAsking = ({ type }: Activity): boolean => !UNHEARD.includes(type);

/** The row of the table that an activity belongs to. */
export function rowNameOf({ stepId, type, names }: Activity): string {
  if (type === 'resumeRollouts') return `${type} ${names[0] ?? ''}`;
  return stepId === undefined
    ? type
    : /^(revert|restore|pauseAgain|delete)/.test(type) && !stepId.startsWith('delete')
      ? `undo ${stepId}`
      : stepId;
}

function ownerOf({ at, path }: Arrival, activities: readonly Activity[]): Activity | undefined {
  const open = activities.filter(
    ({ startedAt, closedAt }) =>
      startedAt !== undefined && startedAt - 2 <= at && at <= (closedAt ?? Infinity),
  );
  const object = objectOf({ path });
  return open.find(({ names }) => names.includes(object)) ?? open.at(-1);
}

const objectOf = ({ path }: Pick<Arrival, 'path'>): string =>
  decodeURIComponent(path.split('/').at(-1) ?? '').split(':')[0] ?? '';

/** Throws where a step of the path has no row: a new one is covered unasked, or noticed. */
export function checkCoverage(rows: readonly Row[], paths: Paths): void {
  const covered = new Set(rows.map(({ step }) => step));
  const missing = pathOf(paths, { impersonation: true }).steps.filter(({ id }) => !covered.has(id));
  if (missing.length > 0) throw new Error(`no row for ${missing.map(({ id }) => id).join(', ')}`);
}
