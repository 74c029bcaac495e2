import type { WorkerProcess } from '../../src/cli/demo/worker-process.ts';
import type { TenantRef } from '../../src/domain/tenant/tenant.ts';
import { workflowIdOf } from '../../src/domain/tenant/workflow-id.ts';
import type { Lab } from './lab.ts';

/** The very worker that has this tenant's activity in hand. Throws where none of them has. */
export async function workerOf(
  lab: Lab,
  workers: readonly WorkerProcess[],
  tenant: TenantRef,
): Promise<WorkerProcess> {
  const { raw } = await lab.client.workflow.getHandle(workflowIdOf(tenant)).describe();
  const pid = Number(raw.pendingActivities?.[0]?.lastWorkerIdentity?.split('@')[0]);
  const worker = workers.find((candidate) => candidate.pid === pid);
  if (!worker) throw new Error('nobody has it in hand');
  return worker;
}
