import pMap from 'p-map';
import { command } from '../../../domain/tenant/decisions.ts';
import type { TenantRef } from '../../../domain/tenant/tenant.ts';
import { foundAllDone } from '../../../domain/tenant/found-done.ts';
import { tenantOfWorkflow, workflowIdOf } from '../../../domain/tenant/workflow-id.ts';
import type { Execution } from '../../../temporal/executions.ts';
import { listExecutions } from '../../../temporal/executions.ts';
import type { Io } from '../../io.ts';
import { isAway } from '../../is-away.ts';
import type { KeptReport } from '../../../reports/kept-reports.ts';
import { newestKept } from '../../kept.ts';
import type { OutputOptions } from '../../options.ts';
import type { ListedTenant } from '../render/tenant-list.ts';
import { listedTenant, renderTenants } from '../render/tenant-list.ts';
import { isUnread, runOf, runsOf } from '../../runs.ts';
import type { Session } from '../../session.ts';
import { withLook } from '../with-look.ts';

const ASKED_AT_ONCE = 8;

/** `list` */
export async function listTenants(io: Io, options: OutputOptions): Promise<void> {
  try {
    await withLook(
      io,
      (session) => printList(session, options),
      async () => {
        print(io, (await newestKept(io)).map(keptTenant), options);
      },
    );
  } catch (error) {
    // What is kept is shown, and it is said, by the exit code too, that there may be more.
    const kept = isAway(error) && options.output !== 'json' ? await newestKept(io) : [];
    if (kept.length > 0) print(io, kept.map(keptTenant), options);
    throw error;
  }
}

async function printList(session: Session, options: OutputOptions): Promise<void> {
  print(session.io, await listedTenants(session), options, ` on ${session.target.address}`);
}

/** Those that were started by themselves, newest first; then those that are only kept. */
export async function listedTenants(session: Session): Promise<ListedTenant[]> {
  const newest = await newestOfEach(session);
  const tenants = await pMap(newest.filter(isByItself), (one) => listed(session, one), {
    concurrency: ASKED_AT_ONCE,
  });
  const there = new Set(newest.map(({ execution }) => execution.workflowId));
  const kept = (await newestKept(session.io)).filter(
    ({ progress }) => !there.has(workflowIdOf(progress.tenant)),
  );
  return [...tenants, ...kept.map(keptTenant)];
}

/** As its newest run shows it; where that found everything done, as the run that has upgraded it does, with a remark. */
async function listed(session: Session, { execution, tenant }: Newest): Promise<ListedTenant> {
  const seen = await runOf(session, tenant, execution).read();
  if (isUnread(seen) || !foundAllDone(seen.progress)) return listedTenant(tenant, execution, seen);
  for (const run of await runsOf(session, { io: session.io, tenant })) {
    const earlier = await run.read();
    if (isUnread(earlier)) break;
    if (foundAllDone(earlier.progress)) continue;
    if (earlier.progress.state !== 'upgraded') break;
    return { ...listedTenant(tenant, run, earlier), foundDoneAgain: execution.startedAt };
  }
  return listedTenant(tenant, execution, seen);
}

const keptTenant = ({ runId, progress }: KeptReport): ListedTenant => ({
  ...listedTenant(progress.tenant, { runId, startedAt: progress.startedAt }, { progress }),
  kept: true,
});

function print(io: Io, tenants: readonly ListedTenant[], { output }: OutputOptions, where = ''): void {
  if (output === 'json') io.out(JSON.stringify(tenants, undefined, 2));
  else if (tenants.length === 0)
    io.err(
      `no upgrades${where}; start one as in: threescale-upgrade start --context prod --namespace 3scale`,
    );
  else io.out(renderTenants(tenants, { nowMs: Date.now(), colors: io.colors }));
  const still = tenants.filter(({ standsStill }) => standsStill);
  const [first] = still;
  if (first)
    io.err(
      `No worker answers for ${still.length} of them: ${still.length === 1 ? 'it stands' : 'they stand'} still where no worker runs. ` +
        `Looking changes nothing; see one with: ${command(first.tenant, 'status')}`,
    );
}

interface Newest {
  readonly execution: Execution;
  readonly tenant: TenantRef;
}

/** A fleet's are its own to list. */
const isByItself = ({ execution: { attributes, parent } }: Newest): boolean =>
  attributes.ThreescaleFleet === undefined && parent === undefined;

/** The newest first. */
async function newestOfEach({ client }: Session): Promise<Newest[]> {
  const newest = new Map<string, Execution>();
  for await (const execution of listExecutions(client, "WorkflowType = 'tenantUpgrade'")) {
    const known = newest.get(execution.workflowId);
    if (!known || known.startedAt < execution.startedAt) newest.set(execution.workflowId, execution);
  }
  return [...newest.values()]
    .flatMap((execution) => {
      const tenant = tenantOf(execution);
      return tenant ? [{ execution, tenant }] : [];
    })
    .sort(({ execution: one }, { execution: other }) => other.startedAt.localeCompare(one.startedAt));
}

/** As its workflow is called; its context is known by what it shows. */
function tenantOf({ workflowId, attributes }: Execution): TenantRef | undefined {
  const key = tenantOfWorkflow(workflowId);
  const context = attributes.ThreescaleTenant?.split('/').slice(0, -1).join('/');
  return key && { ...key, context: context ?? key.cluster };
}
