import { lookAt } from '../../cli/look.ts';
import { planFound } from '../../cli/tenant/found-tenant.ts';
import { shortHash } from '../../cli/tenant/request.ts';
import { PATHS, resolvePath } from '../../domain/paths/index.ts';
import { at, tenantKey } from '../../domain/fleet/spec/spec.ts';
import { isBlocked } from '../../domain/tenant/finding.ts';
import type { ResolvedPath } from '../../domain/tenant/step.ts';
import type { TenantRef } from '../../domain/tenant/tenant.ts';
import { tenantKeyOf } from '../../domain/tenant/tenant.ts';
import { Clusters } from '../../openshift/clusters.ts';
import { preflight } from '../../procedure/preflight/preflight.ts';
import type { PlanAnswer } from '../contract.ts';
import type { Source } from '../source/source.ts';

/** What an upgrade would change in a tenant now, looked at with the kubeconfig of this machine; reads only. Throws as `plan` does. */
export async function planOf(
  source: Source,
  asked: TenantRef & { readonly fleet?: string },
): Promise<PlanAnswer> {
  const clusters = new Clusters(source.kubeconfig);
  const { path, note } = await pathOf(source, asked);
  const tenant = clusters.tenant(asked.context, asked.namespace);
  const silent = (): undefined => undefined;
  const seen = await lookAt({ clusters, tenant, path }, silent, async (look) => {
    const report = await preflight(look, path);
    const plan = isBlocked(report) ? {} : { plan: await planFound(look, tenant, path, report) };
    return { ...plan, findings: report.findings };
  });
  return { ...seen, ...(note === undefined ? {} : { note }), readAt: new Date().toISOString() };
}

/** As its fleet has it; of one without a fleet nobody but its own history knows its choices. */
async function pathOf(
  source: Source,
  { fleet, ...tenant }: TenantRef & { readonly fleet?: string },
): Promise<{ readonly path: ResolvedPath; readonly note?: string }> {
  if (fleet !== undefined) {
    const { spec } = await source.fleet(fleet).spec();
    const own = spec.tenants.find((one) => tenantKey(spec, one) === tenantKeyOf(tenant));
    if (own) return { path: at(spec.paths, at(spec.profiles, own.profile).path) };
  }
  const { progress } = await source.tenant(tenant).seen();
  const known = PATHS.find(({ from, to }) => from === progress?.from && to === progress.to) ?? at(PATHS, 0);
  const path = resolvePath(known, {}, shortHash);
  if (progress === undefined || path.hash === progress.pathHash) return { path };
  return { path, note: 'This upgrade was started with choices of its own, which this look does not know.' };
}
