import { noUpgrade } from '../../cli/tenant/upgrades.ts';
import type { TenantLine } from '../../domain/fleet/show/tenant-lines.ts';
import { PATHS } from '../../domain/paths/index.ts';
import type { TenantProgress } from '../../domain/tenant/progress.ts';
import { pointOfNoReturnIn } from '../../domain/tenant/step.ts';
import type { TenantRef } from '../../domain/tenant/tenant.ts';
import { tenantKeyOf, tenantName } from '../../domain/tenant/tenant.ts';
import { workflowIdOf } from '../../domain/tenant/workflow-id.ts';
import type { TenantPage, ViewRequest } from '../contract.ts';
import type { Source } from '../source/source.ts';
import { offersOfLine, offersOfTenant } from './offers.ts';
import { placeOf } from './place.ts';
import { revertNow } from './revert-now.ts';

/** Everything that is shown of one tenant. Throws as `status` does where there is no upgrade of it, and no fleet has it. */
export async function tenantView(
  source: Source,
  { fleet: asked, cluster, context, namespace }: Extract<ViewRequest, { readonly view: 'tenant' }>,
): Promise<TenantPage> {
  const tenant: TenantRef = { cluster, context, namespace };
  const of = source.tenant(tenant);
  const seen = await of.seen();
  const fleet = seen.fleet ?? asked;
  const known = fleet === undefined ? undefined : await lineIn(source, fleet, tenant);
  const { progress, runId, pending, standsStill, endedFromOutside, unknown } = seen;
  if (!known && !progress && unknown === undefined) throw await noUpgrade(tenant);
  const pointOfNoReturn = progress && pointIn(progress);
  return {
    name: known?.line.name ?? tenantName(tenant),
    tenant: progress?.tenant ?? known?.line.tenant ?? tenant,
    ...(known && fleet !== undefined ? { fleet, line: known.line } : {}),
    ...(progress ? { progress } : {}),
    ...(unknown === undefined ? {} : { unknown }),
    ...(standsStill === undefined ? {} : { standsStill }),
    ...(endedFromOutside === undefined ? {} : { endedFromOutside }),
    ...(seen.kept ? { kept: true } : {}),
    pending,
    revert: revertNow(progress),
    ...(pointOfNoReturn ? { pointOfNoReturn } : {}),
    decisions: progress?.held?.decisions ?? [],
    offers: [
      ...(progress && endedFromOutside === undefined && !seen.kept ? offersOfTenant(progress) : []),
      ...(known?.offers ?? []),
    ],
    runs: await of.runs(),
    workflow: placeOf(source, workflowIdOf(tenant), runId ?? ''),
  };
}

/** How its fleet knows it. Where that gives no answer, the tenant's own workflow says enough. */
async function lineIn(
  source: Source,
  fleet: string,
  tenant: TenantRef,
): Promise<{ readonly line: TenantLine; readonly offers: ReturnType<typeof offersOfLine> } | undefined> {
  const [{ lines }, { progress }] = await Promise.all([
    source.fleet(fleet).lines(),
    source.fleet(fleet).seen(),
  ]);
  const line = lines.find((one) => tenantKeyOf(one.tenant) === tenantKeyOf(tenant));
  return line && { line, offers: offersOfLine(progress, line) };
}

function pointIn(progress: TenantProgress): TenantPage['pointOfNoReturn'] {
  const { from, to, steps, pastPointOfNoReturn, mayBePastPointOfNoReturn } = progress;
  const path = PATHS.find((one) => one.from === from && one.to === to);
  const step = path && pointOfNoReturnIn(path.steps({}))?.id;
  if (step === undefined || !steps.some(({ id }) => id === step)) return undefined;
  return { step, is: pastPointOfNoReturn ? 'crossed' : mayBePastPointOfNoReturn ? 'unsure' : 'ahead' };
}
