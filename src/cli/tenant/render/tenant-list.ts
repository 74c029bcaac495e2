import { plainDeep } from '../../../domain/text/plain-text.ts';
import type { TenantProgress } from '../../../domain/tenant/progress.ts';
import type { TenantRef } from '../../../domain/tenant/tenant.ts';
import { tenantName } from '../../../domain/tenant/tenant.ts';
import type { Execution } from '../../../temporal/executions.ts';
import type { Colors } from '../../io.ts';
import type { Shown, Unread } from '../../runs.ts';
import { renderColumns } from '../../render/columns.ts';
import { renderDuration } from '../../render/duration.ts';

/** A tenant that was started by itself, in a list of them. */
export interface ListedTenant {
  readonly tenant: TenantRef;
  readonly runId: string;
  /** Absent where nothing shows it. */
  readonly state?: string;
  /** What it is at, or held at. */
  readonly step?: string;
  /** Since when it is so. */
  readonly since: string;
  readonly by?: string;
  readonly startedAt: string;
  readonly paused: boolean;
  readonly standsStill: boolean;
  /** How it was ended from outside. */
  readonly endedFromOutside?: string;
  /** When a later run was started, which found everything done. */
  readonly foundDoneAgain?: string;
  /** It is known from a file only: Temporal has it no more. */
  readonly kept?: true;
  /** Why there is no more. */
  readonly unknown?: string;
}

export function listedTenant(
  tenant: TenantRef,
  { runId, startedAt, endedAt }: Pick<Execution, 'runId' | 'startedAt' | 'endedAt'>,
  seen: Shown | Unread,
): ListedTenant {
  const known = { runId, startedAt, since: endedAt ?? startedAt, paused: false, standsStill: false };
  if ('known' in seen) {
    const { state, unknown } = seen.known;
    return { tenant, ...known, ...(state === undefined ? {} : { state }), unknown };
  }
  const { progress, still, left } = seen;
  const step = stepOf(progress);
  const by = progress.journal[0]?.actor?.by;
  return {
    ...known,
    tenant: progress.tenant,
    state: progress.state,
    ...(step === undefined ? {} : { step }),
    since: left ? known.since : sinceOf(progress),
    ...(by === undefined ? {} : { by }),
    paused: progress.paused !== undefined,
    standsStill: still !== undefined,
    ...(left ? { endedFromOutside: left.message } : {}),
  };
}

/** Several roll at once: the first, and how many more. */
function stepOf({ held, steps }: TenantProgress): string | undefined {
  if (held) return held.stepId;
  const [first, ...more] = steps.filter(({ status }) => status === 'running' || status === 'reverting');
  return first && (more.length === 0 ? first.id : `${first.id} and ${more.length} more`);
}

/** Since when it is at what it is at, as far as it tells. */
function sinceOf({ endedAt, held, paused, steps, startedAt }: TenantProgress): string {
  const told = endedAt ?? held?.since ?? paused?.since;
  if (told !== undefined) return told;
  const running = steps.filter(({ status }) => status === 'running' || status === 'reverting');
  const moments = steps.flatMap(({ endedAt: ended }) => ended ?? []);
  const begun = running.flatMap(({ startedAt: started }) => started ?? []).sort();
  return begun[0] ?? moments.sort().at(-1) ?? startedAt;
}

export function renderTenants(
  tenants: readonly ListedTenant[],
  { nowMs, colors }: { readonly nowMs: number; readonly colors: Colors },
): string {
  return renderColumns(
    ['cluster', 'tenant', 'state', 'step', 'since', 'by'],
    plainDeep(tenants).map((one) => [
      one.tenant.cluster,
      tenantName(one.tenant),
      stateOf(one, colors),
      one.step ?? '',
      renderDuration(nowMs - Date.parse(one.since)),
      one.by ?? '',
    ]),
  );
}

function stateOf(
  { state = 'unknown', paused, standsStill, endedFromOutside, foundDoneAgain, kept }: ListedTenant,
  colors: Colors,
): string {
  const isGood = state === 'upgraded' && endedFromOutside === undefined;
  const isBad = state === 'held' || state === 'blocked' || endedFromOutside !== undefined;
  const color = isGood ? colors.green : isBad ? colors.red : colors.cyan;
  const more = [
    ...(paused ? ['paused'] : []),
    ...(endedFromOutside === undefined ? [] : ['ended from outside']),
    ...(standsStill ? ['stands still'] : []),
    ...(foundDoneAgain === undefined ? [] : ['found so again']),
    ...(kept ? ['as kept'] : []),
  ];
  return color([state, ...more].join(', '));
}
