import pMap from 'p-map';
import { CliError } from '../../cli/cli-error.ts';
import { whyNotResumed } from '../../cli/fleet/resume.ts';
import type { ListedTenant } from '../../cli/tenant/render/tenant-list.ts';
import type { FleetProgress } from '../../domain/fleet/show/progress.ts';
import type { TenantLine } from '../../domain/fleet/show/tenant-lines.ts';
import { approvalWanted } from '../../domain/fleet/show/waits-for-somebody.ts';
import { NEEDS_SOMEBODY } from '../../domain/fleet/tenant/states.ts';
import { command } from '../../domain/tenant/decisions.ts';
import { tenantKeyOf, tenantName } from '../../domain/tenant/tenant.ts';
import type { Need, NeedKind, NeedsMe } from '../contract.ts';
import type { FleetSeen } from '../source/fleet-source.ts';
import type { Source } from '../source/source.ts';
import { offerApproval, offersOfFleet, offersOfLine, offersOfTenant } from './offers.ts';

const ASKED_AT_ONCE = 8;

/** What holds up the most comes first. */
const ORDER: readonly NeedKind[] = [
  'stands-still',
  'halted',
  'approval',
  'held',
  'lost',
  'unreachable',
  'paused',
  'reverted',
  'blocked',
];

/** Everything that waits for a person, of all fleets and of all tenants without one. */
export async function needsView(source: Source): Promise<NeedsMe> {
  const names = await source.fleetNames();
  const unknown: { readonly name: string; readonly why: string }[] = [];
  const seen = await pMap(
    names,
    async (name) => {
      try {
        return await source.fleet(name).seen();
      } catch (error) {
        if (!(error instanceof CliError)) throw error;
        unknown.push({ name, why: error.message });
        return undefined;
      }
    },
    { concurrency: ASKED_AT_ONCE },
  );
  const fleets = seen.filter((one): one is FleetSeen => one?.found !== undefined);
  const singles = await source.singles();
  const ofSingles = await pMap(singles, (one) => needOfSingle(source, one), { concurrency: ASKED_AT_ONCE });
  const needs = [...fleets.flatMap(needsOfFleet), ...ofSingles.flat()].sort(
    (one, other) =>
      ORDER.indexOf(one.kind) - ORDER.indexOf(other.kind) || one.since.localeCompare(other.since),
  );
  return { needs, counts: countsOf(fleets, needs), unknown };
}

/** Of a fleet's tenants a hundred of each kind are listed: their number is the fleet's own. */
function countsOf(fleets: readonly FleetSeen[], needs: readonly Need[]): NeedsMe['counts'] {
  const ofKind = (kind: NeedKind): number => {
    const others = needs.filter((need) => need.kind === kind && !(need.fleet !== undefined && need.tenant));
    const inFleets = fleets
      .filter(({ progress }) => isCurrent(progress))
      .reduce((sum, { progress }) => sum + (isTenantKind(kind) ? progress.counts[kind] : 0), 0);
    return others.length + inFleets;
  };
  return Object.fromEntries(ORDER.map((kind) => [kind, ofKind(kind)])) as NeedsMe['counts'];
}

const isTenantKind = (kind: NeedKind): kind is NeedKind & TenantLine['state'] =>
  (NEEDS_SOMEBODY as readonly string[]).includes(kind);

/** One that has ended is a thing of the past: its report says what is left. */
const isCurrent = ({ phase }: FleetProgress): boolean => phase !== 'ended';

function needsOfFleet({ progress, standsStill }: FleetSeen): Need[] {
  if (!isCurrent(progress)) return [];
  return [
    ...(standsStill === undefined ? [] : [stillNeed(progress, standsStill)]),
    ...stopsOf(progress),
    ...approvalsOf(progress),
    ...progress.attention.map((line) => needOfLine(progress, line)),
  ];
}

const stillNeed = ({ name, startedAt, journal }: FleetProgress, reason: string): Need => ({
  id: `${name}/stands-still`,
  kind: 'stands-still',
  fleet: name,
  since: journal.at(-1)?.at ?? startedAt,
  reason,
  offers: [],
});

function stopsOf(progress: FleetProgress): Need[] {
  const { name, paused, halted } = progress;
  const resume = offersOfFleet(progress).filter(({ act }) => act.act === 'resume' || act.act === 'abort');
  const hint = whyNotResumed(progress)?.hint;
  return [
    ...(halted
      ? [
          {
            id: `${name}/halted`,
            kind: 'halted' as const,
            ...{ fleet: name, since: halted.since, reason: halted.why, offers: resume },
            ...(hint === undefined ? {} : { hint }),
          },
        ]
      : []),
    ...(paused
      ? [
          {
            id: `${name}/paused`,
            kind: 'paused' as const,
            ...{ fleet: name, since: paused.since, offers: resume },
            reason: `paused by ${paused.by}: ${paused.why}${paused.newOnly ? '; only nothing new starts' : ''}`,
          },
        ]
      : []),
  ];
}

/** Only where it can proceed, as people are told of it. */
function approvalsOf(progress: FleetProgress): Need[] {
  const wanted = approvalWanted(progress);
  if (!wanted) return [];
  const { name: fleet } = progress;
  const { wave, sinceMs } = wanted;
  return [
    {
      id: `${fleet}/approval/${wave.name}`,
      kind: 'approval',
      ...{ fleet, wave: wave.name, since: new Date(sinceMs).toISOString() },
      reason: `wave ${wave.name} needs approval: ${wave.total} tenants wait for it`,
      offers: [offerApproval(fleet, wave)],
    },
  ];
}

function needOfLine(progress: FleetProgress, line: TenantLine): Need {
  const { name, tenant, wave, state, since, failure, notBefore } = line;
  return {
    id: `${progress.name}/${tenantKeyOf(tenant)}/${state}`,
    kind: state as NeedKind,
    ...{ fleet: progress.name, wave, name, tenant, since },
    reason: failure?.message ?? `it is ${state}`,
    ...(failure?.hint === undefined ? {} : { hint: failure.hint }),
    ...(notBefore === undefined ? {} : { again: notBefore }),
    offers: offersOfLine(progress, line),
  };
}

async function needOfSingle(source: Source, one: ListedTenant): Promise<Need[]> {
  const { tenant, state, since, paused, standsStill, endedFromOutside, kept } = one;
  if (kept) return [];
  const need = (kind: NeedKind, reason: string): Need => ({
    id: `${tenantKeyOf(tenant)}/${kind}`,
    ...{ kind, name: tenantName(tenant), tenant, since, reason, offers: [] },
  });
  if (endedFromOutside !== undefined)
    return [
      { ...need('lost', endedFromOutside), hint: `See what is left with: ${command(tenant, 'check')}` },
    ];
  const still = standsStill ? [need('stands-still', 'no worker answers for it')] : [];
  if (state !== 'held' && !paused) return still;
  const { progress } = await source.tenant(tenant).seen();
  const offers = progress ? offersOfTenant(progress) : [];
  const { failure } = progress?.held ?? {};
  const why = progress?.paused ? `paused by ${progress.paused.by}: ${progress.paused.why}` : 'it is paused';
  return [
    ...still,
    state === 'held'
      ? {
          ...need('held', failure?.message ?? 'it is held'),
          offers,
          ...(failure?.hint === undefined ? {} : { hint: failure.hint }),
        }
      : { ...need('paused', why), offers },
  ];
}
