import type { TenantLine } from '../../domain/fleet/show/tenant-lines.ts';
import type { FleetProgress } from '../../domain/fleet/show/progress.ts';
import { hasLabels } from '../../domain/fleet/spec/labels.ts';
import type { FleetSpec } from '../../domain/fleet/spec/spec.ts';
import { at } from '../../domain/fleet/spec/spec.ts';
import type { FleetTenantState } from '../../domain/fleet/tenant/states.ts';
import { FLEET_TENANT_STATES } from '../../domain/fleet/tenant/states.ts';
import type { RowsAnswer, RowsRequest, TenantRow } from '../contract.ts';
import type { Source } from '../source/source.ts';
import type { StepsSeen } from '../source/tenant-steps.ts';
import { offersOfLine } from './offers.ts';

const ROWS = 100;
const MOST_ROWS = 500;

interface Placed {
  readonly index: number;
  readonly line: TenantLine;
  readonly cluster: string;
}

/** Some rows of a fleet's tenants: those that match, from an offset. Their own workflows are asked for their steps. */
export async function rowsOf(
  source: Source,
  name: string,
  request: RowsRequest,
): Promise<Omit<RowsAnswer, 'standing'>> {
  const fleet = source.fleet(name);
  const { lines, version } = await fleet.lines();
  const [{ progress }, { spec }] = [await fleet.seen(), await fleet.spec()];
  const matching = sorted(placedIn(spec, lines).filter(matcherOf(request)), request.sort);
  const { offset = 0, limit = ROWS } = request;
  const shown = matching.slice(offset, offset + Math.min(limit, MOST_ROWS));
  const steps = await source.steps.of(shown.map(({ line }) => line));
  return {
    rowsVersion: version,
    matching: matching.length,
    total: lines.length,
    offset,
    counts: countsOf(matching),
    rows: shown.map((one) => rowOf(one, { spec, progress, steps })),
  };
}

/** Lines come in the order of the spec's tenants; one that was read a moment before it may have others. */
function placedIn({ tenants, clusters }: FleetSpec, lines: readonly TenantLine[]): Placed[] {
  return lines.map((line, index) => {
    const tenant = tenants[index];
    const cluster = tenant && clusters[tenant.cluster];
    return { index, line, cluster: cluster?.name ?? cluster?.context ?? line.tenant.context };
  });
}

function matcherOf({
  state,
  wave,
  cluster,
  label = [],
  text = '',
}: RowsRequest): (placed: Placed) => boolean {
  const [states, waves, clusters] = [state, wave, cluster].map((some) => some && new Set<string>(some));
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return ({ line, cluster: own }) =>
    (!states || states.has(line.state)) &&
    (!waves || waves.has(line.wave)) &&
    (!clusters || clusters.has(own)) &&
    hasLabels(line.labels, label) &&
    (words.length === 0 || holdsAll(line, words));
}

function holdsAll({ name, tenant, failure }: TenantLine, words: readonly string[]): boolean {
  const text = `${name}\n${tenant.namespace}\n${failure?.message ?? ''}`.toLowerCase();
  return words.every((word) => text.includes(word));
}

function sorted(placed: readonly Placed[], by: RowsRequest['sort'] = 'plan'): readonly Placed[] {
  switch (by) {
    case 'plan':
      return placed;
    case 'name':
      return placed.toSorted((a, b) => a.line.name.localeCompare(b.line.name, 'en', { numeric: true }));
    case 'state':
      return placed.toSorted((a, b) => placeOfState(a) - placeOfState(b) || a.index - b.index);
    case 'since':
      return placed.toSorted((a, b) => b.line.since.localeCompare(a.line.since) || a.index - b.index);
  }
}

const placeOfState = ({ line }: Placed): number => FLEET_TENANT_STATES.indexOf(line.state);

function countsOf(placed: readonly Placed[]): RowsAnswer['counts'] {
  const counts: Partial<Record<FleetTenantState, number>> = {};
  for (const { line } of placed) counts[line.state] = (counts[line.state] ?? 0) + 1;
  return counts;
}

function rowOf(
  { index, line, cluster }: Placed,
  {
    spec,
    progress,
    steps,
  }: {
    readonly spec: FleetSpec;
    readonly progress: FleetProgress;
    readonly steps: ReadonlyMap<string, StepsSeen>;
  },
): TenantRow {
  const tenant = spec.tenants[index];
  const path = tenant && at(spec.paths, at(spec.profiles, tenant.profile).path);
  const seen = steps.get(line.name);
  return {
    ...line,
    ...{ index, cluster },
    pathName: path ? `${path.from}-${path.to}` : '',
    ...(seen?.statuses ? { steps: seen.statuses } : {}),
    ...(seen && !seen.statuses ? { unread: true } : {}),
    offers: offersOfLine(progress, line),
  };
}
